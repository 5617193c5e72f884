"""What an answer of the Hub means for a user: a sentence with its remedy, and whether asking again can help."""

from dataclasses import dataclass
from typing import Final

from scraper.errors import PostkeepError, RetryableError, StopError, UsageError

TOKENS_PAGE: Final = "https://huggingface.co/settings/tokens"
_NO_ROOM: Final = ("quota", "storage limit", "storage quota", "insufficient storage")


class LostAnswerError(RetryableError):
    """No answer came, or one that does not say whether the request was carried out."""


class StaleHeadError(RetryableError):
    """The main branch has moved on since it was looked at (HTTP 412)."""


class BusyError(RetryableError):
    """The Hub asks for patience (HTTP 429), for ``seconds`` where it says how long."""

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds


class NameTakenError(StopError):
    """A name on the Hub is in use already (HTTP 409)."""


class NotThereError(UsageError):
    """The Hub has no such repository, revision or file, or none that this token may see."""


class UnaskedError(UsageError):
    """The Hub is not asked at all: there is no token, or huggingface_hub is told to stay offline."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than success: the Hub's own ``code`` and ``message``, and Retry-After in ``seconds``."""

    status: int
    code: str | None
    message: str
    seconds: float | None = None


def explained(refusal: Refusal, repo: str, doing: str) -> PostkeepError:
    """The error for an answer that came while ``doing`` something (``reading its refs``) with ``repo``."""
    about = f"{repo} on the Hub, {doing}"
    remark = f" The Hub says: {refusal.message.rstrip(' .')}." if refusal.message else ""
    again = f"{about}: the Hub answered {refusal.status}.{remark}"
    if refusal.code == "GatedRepo":
        return UsageError(
            f"{about}: access to this repository is granted on request, and this token was not granted it. "
            f"Ask for access on its page, or publish under a name of your own."
        )
    if refusal.code in {"RepoNotFound", "RevisionNotFound", "EntryNotFound"} or refusal.status == 404:
        return NotThereError(
            f"{about}: there is no such thing that this token may see.{remark} "
            f"Check the name, and that the token is of an account that may read {repo}."
        )
    if refusal.status == 412:
        return StaleHeadError(f"{about}: somebody else has published since. Run the same command again.")
    if refusal.status == 429:
        return BusyError(f"{again} It asks for patience. Run the same command again later.", refusal.seconds)
    if refusal.status >= 500 and refusal.status != 507:
        return LostAnswerError(f"{again} Run the same command again later.")
    if refusal.status == 408:
        return LostAnswerError(f"{again} Run the same command again.")
    return _final(refusal, about, remark)


def _final(refusal: Refusal, about: str, remark: str) -> PostkeepError:
    """The error for an answer that will be the same next time."""
    if refusal.status in {402, 507} or any(words in refusal.message.lower() for words in _NO_ROOM):
        return StopError(
            f"{about}: the account has no room left.{remark} Delete what you no longer need there, "
            f"or get more storage; then run the same command again."
        )
    if refusal.status == 401:
        return UsageError(
            f"{about}: the Hub does not accept this token.{remark} It may have been revoked. "
            f"Make one with write access at {TOKENS_PAGE}, then: hf auth login"
        )
    if refusal.status == 403:
        return UsageError(
            f"{about}: this token may not do that.{remark} Use a token with write access to this "
            f"namespace ({TOKENS_PAGE}), or publish under a name of your own."
        )
    if refusal.status == 409:
        return NameTakenError(f"{about}: the name is taken.{remark} Choose another one.")
    if refusal.status == 413:
        return StopError(
            f"{about}: the Hub finds it too large.{remark} Publish to an account with larger limits, "
            f"or publish --without text."
        )
    return StopError(
        f"{about}: the Hub answered {refusal.status}.{remark} Nothing that was kept is lost. "
        f"If the message does not tell what to change, please report it."
    )
