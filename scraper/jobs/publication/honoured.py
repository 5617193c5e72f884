"""What was taken down before does not come back, though this archive has lost the decision: restored from an older backup, say.

A publication says in its manifest, by keyed digests, which takedowns it honours.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scraper.dataset.read import open_export
from scraper.errors import StopError
from scraper.records.people import Pseudonyms

# The columns whose values a takedown can name; what belongs to a post or a comment goes and comes with it.
_NAMING: Final = {"posts": ("post_id", "author_id"), "comments": ("comment_id", "author_id")}
_SHOWN: Final = 5


def require_honoured(repo: str, folder: Path, people: Pseudonyms, forgotten: frozenset[str]) -> None:
    """See to it that the dataset in ``folder`` has nothing of the takedowns whose digests are ``forgotten``.

    Raises:
        StopError: it has.
    """
    if not forgotten:
        return
    returned = sorted({subject for subject in _subjects(folder) if people.takedown(subject) in forgotten})
    if returned:
        shown = ", ".join(returned[:_SHOWN]) + (
            f" and {len(returned) - _SHOWN} more" if len(returned) > _SHOWN else ""
        )
        raise StopError(
            f"{repo} on the Hub honours takedowns that this archive does not know, and this publication would bring "
            f"back what they took down: {shown}. Nothing was published. Is the archive an older copy? Take down each of "
            f"them here too (postkeep forget ID --reason ...), then publish again."
        )


def _subjects(folder: Path) -> Iterator[str]:
    export = open_export(folder)
    for config, names in _NAMING.items():
        for row in export.rows(config):
            yield from (row[name] for name in names if row[name] is not None)
