"""The account of one WARC file that was read: what came of it, and by what it was read, so that it is read once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from scraper.jobs.extract.sealed import digest_of
from scraper.model.outcome import Item, OutcomeWord

_NO_CAPTURE: Final = "It holds no captures of web pages, which are response, revisit and resource records; WET and WAT files, say, have none."


class FileAccount(msgspec.Struct, frozen=True):
    """A row of the manifest of an extraction.

    ``posts`` is how many visits gave a record, ``reasons`` why others gave none or were not made: outcome, sentence, and how many.
    ``identity`` is empty where the file, or another that it needs, could not be read as it is. ``inputs`` stands for all files where others were asked for what this one lacks; ``sha256`` and ``buckets`` are those of the shard.
    """

    location: str
    identity: str
    fingerprint: str
    inputs: str | None
    posts: int
    reasons: tuple[tuple[OutcomeWord, str, int], ...]
    buckets: tuple[int, ...]
    sha256: str

    def is_of(self, identity: str, fingerprint: str, inputs: str, shard: Path) -> bool:
        """Whether the file would be read as it was, and the shard is as it was written."""
        return (
            (self.identity, self.fingerprint) == (identity, fingerprint)
            and self.inputs in {None, inputs}
            and shard.is_file()
            and digest_of(shard) == self.sha256
        )

    @property
    def items(self) -> Iterator[Item]:
        """The file as an item of a report, and one for each reason why something in it gave no record."""
        failed = [(reason, count) for outcome, reason, count in self.reasons if outcome == "failed"]
        if not failed:
            read = f"Visits of posts that were read: {self.posts:,}."
            yield Item(self.location, "done", reason=read if self.posts or self.reasons else _NO_CAPTURE)
        for outcome, reason, count in self.reasons:
            yield Item(self.location, outcome, reason=reason if count == 1 else f"{reason} ({count:,})")
