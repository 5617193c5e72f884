"""Whether whoever publishes may write, asked before anything is built."""

from scraper.errors import UsageError
from scraper.publish.answers import TOKENS_PAGE
from scraper.publish.hub import Hub


def require_writer(hub: Hub) -> None:
    """See to it that the token does not plainly forbid to publish.

    Raises:
        UnaskedError: there is no token.
        UsageError: it may only read, or the Hub does not accept it.
        RetryableError: the Hub cannot be reached for now.
    """
    account = hub.account()
    if account.role == "read":
        raise UsageError(
            f"The token of {account.name} may only read, so nothing can be published to {hub.repo}. "
            f"Make one with write access at {TOKENS_PAGE}, then: hf auth login"
        )
