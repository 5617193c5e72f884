"""``postkeep merge``: several archives into one dataset."""

import shlex
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from scraper.archive.outputs import Output
from scraper.dataset.export import write_data
from scraper.jobs.outgoing import Outgoing
from scraper.jobs.publication.export import items_of, write_dataset
from scraper.jobs.publication.joined_archives import JoinedArchives, nothing_kept, open_joined
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.records.contract import Contract

_TAKEN_DOWN: Final = (
    "One of the archives has taken it down, so it is left out. Take it down where it still is: {commands}"
)
_COMMENTS: Final = "Comments that one of the archives has taken down were left out ({count:,}). `postkeep forget` takes them down where they still are."
_EMPTY: Final = "Nothing was ever kept in it, so it brings nothing."


def merge(archives: Iterable[Workplace], folder: Path) -> Report:
    """Write one dataset of several archives into ``folder``, as if one of them had made all visits.

    The order in which they are named makes no difference, nor do copies of one; what any of them has taken down or opted out is left out.

    Raises:
        UsageError: as ``open_joined``; or ``folder`` holds things that no export wrote.
        ArchiveHeldError: another run takes something down in one of them.
        ArchiveDamagedError: a key or the decisions of one are damaged.
        StopError: a row breaks the schema, or the disk refused; what stood in ``folder`` is as it was.
    """
    with open_joined(archives) as joined:
        if not joined.members:
            raise nothing_kept(joined.folders)
        output = Output("merged", folder)
        outgoing = Outgoing(Contract.load(), joined.exclusions(), robots_today=joined.robots_today().signals)
        write = partial(write_data, outgoing.posts(joined.posts()), contract=outgoing.contract)
        remarks = write_dataset(output, write, joined.card, joined.folders)
        outgoing.withheld |= {
            post_id: _taken_down(post_id, folders) for post_id, folders in joined.taken_down.items()
        }
        items = [*items_of(joined.records.post_ids(), outgoing), *_remarks(joined)]
    return Report(items=items, outputs=(str(folder),), summary=remarks)


def _taken_down(post_id: str, folders: Iterable[Path]) -> str:
    words = (("postkeep", "forget", post_id, "--archive", str(folder)) for folder in folders)
    commands = " ".join(f"`{shlex.join(each)}`" for each in words)
    return _TAKEN_DOWN.format(commands=commands)


def _remarks(joined: JoinedArchives) -> Iterable[Item]:
    """Items for what was left out besides posts, and for archives and visits that bring nothing."""
    if joined.comments_taken_down:
        reason = _COMMENTS.format(count=len(joined.comments_taken_down))
        yield Item("comments", "skipped", reason=reason)
    members = {member.workplace.folder for member in joined.members}
    for folder in joined.folders:
        if folder not in members:
            yield Item(str(folder), "skipped", reason=_EMPTY)
    yield from joined.troubled
