"""What every piece of work of an extraction goes by, and where its work files lie."""

import hashlib
import os
import pickle
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from scraper import __version__
from scraper.archive.disk import explained
from scraper.archive.files import KEY_FILE, PUBLICATION_FOLDER
from scraper.archive.lock import LOCK_FILE
from scraper.archive.outputs import work_folder_of
from scraper.archive.warc_file import WarcFile
from scraper.errors import ArchiveDamagedError, StopError, UsageError
from scraper.jobs.imports.selection import Selection
from scraper.model.exclusions import Exclusions
from scraper.reading.fingerprint import reading_fingerprint
from scraper.reading.pool import ReadingLimits
from scraper.records.cleaning import Policy
from scraper.records.people import load_or_create_key
from scraper.settings import Settings

_PLAN: Final = "plan"
_ROWS_PLAN: Final = "plan.rows"
_CHOSEN: Final = "chosen.records"
_PLACES: Final = "places.sqlite"
_HEADS: Final = "heads"
_SHARDS: Final = "shards"
_MERGED: Final = "merged"
_ENDED: Final = "ended.json"
_IDS: Final = "ids"
_DRAFTS: Final = "*.part"
_OWN_NAMES: Final = frozenset(
    name.partition(".")[0]
    for name in (
        _PLAN,
        _CHOSEN,
        _PLACES,
        _HEADS,
        _SHARDS,
        _MERGED,
        _ENDED,
        _IDS,
        KEY_FILE,
        LOCK_FILE,
        PUBLICATION_FOLDER,
    )
)
# Of a file in one of the folders.
_OWN_NAME: Final = re.compile(r"(?:[0-9a-f]{24}|\d{3})\..*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """The folder beside a dataset that holds what is needed to make it, the key of its pseudonyms where no archive has one."""

    path: Path

    @classmethod
    def beside(cls, dataset: Path) -> "WorkFolder":
        """The work folder of a dataset."""
        return cls(work_folder_of(dataset))

    def make(self) -> None:
        """Make it, for its owner alone.

        Raises:
            StopError: it cannot be made.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            foreign = sorted(path.name for path in self.path.iterdir() if not _is_ours(path))
            if not foreign:
                # One that was there already may be open to others.
                self.path.chmod(0o700)
                for name in (_HEADS, _SHARDS, _MERGED):
                    (self.path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            message = f"{self.path} cannot be made: {error.strerror}. It holds what is read until the dataset is whole; name a folder for the dataset beside which you may write."
            raise StopError(message) from error
        if foreign:
            message = f"{self.path} would hold what is read until the dataset is whole, and holds what no extraction wrote: {', '.join(foreign[:5])}. Move it away, or name another folder for the dataset."
            raise UsageError(message)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn a failure of its medium into a StopError that names the folder and the remedy."""
        try:
            with explained(self.path):
                yield
        except sqlite3.Error as error:
            message = f"The work files in {self.path} cannot be written or read: {error}. Free space there, and run the same command again."
            raise StopError(message) from error

    def clear(self, files: Iterable[WarcFile]) -> None:
        """Remove all but what the next run needs of these files: nobody takes down here what the rest of it says."""
        self.forget_unfinished()
        kept = {path for warc in files for path in (self.heads_file(warc), self.shard_file(warc))}
        kept |= {path.with_suffix(".json") for path in kept}
        for path in (*self._own_files(_HEADS), *self._own_files(_SHARDS)):
            if path not in kept:
                path.unlink()

    def forget_readings(self) -> None:
        """Remove all that was read of the files, and what runs that were cut off left of it."""
        self.forget_unfinished()
        for path in self._own_files(_SHARDS):
            path.unlink()
        self.ended_file.unlink(missing_ok=True)

    def forget_unfinished(self) -> None:
        """Remove what no later run goes on with: drafts, the records of buckets, and the plans. The caller sees to it that none is at work."""
        drafts = (path for path in self.path.glob(_DRAFTS) if _is_ours(path))
        below = (
            self._own_files(_HEADS, _DRAFTS),
            self._own_files(_SHARDS, _DRAFTS),
            self._own_files(_MERGED),
        )
        for path in chain(drafts, *below):
            path.unlink()
        self.forget_plans()

    def shards(self) -> Iterator[Path]:
        """What was read of each file, as far as it is whole."""
        return iter(self._own_files(_SHARDS, "*.parquet"))

    def forget_plans(self) -> None:
        """Remove the plans, which have what the opt-out file says of people, and what an index chose."""
        self.plan_file.unlink(missing_ok=True)
        self.rows_plan_file.unlink(missing_ok=True)
        self.chosen_file.unlink(missing_ok=True)

    def forget_shard(self, warc: WarcFile) -> None:
        """Remove what was read of a file by other rules."""
        shard = self.shard_file(warc)
        shard.with_suffix(".json").unlink(missing_ok=True)
        shard.unlink(missing_ok=True)

    @property
    def key_file(self) -> Path:
        """The key of pseudonyms that belong to no archive."""
        return self.path / KEY_FILE

    @property
    def plan_file(self) -> Path:
        """The plan."""
        return self.path / _PLAN

    @property
    def chosen_file(self) -> Path:
        """Where the records stand that an index chose, for all files that are read by one."""
        return self.path.absolute() / _CHOSEN

    @property
    def rows_plan_file(self) -> Path:
        """By what records become rows."""
        return self.path / _ROWS_PLAN

    @property
    def places_file(self) -> Path:
        """The heads of all files."""
        return self.path / _PLACES

    @property
    def ended_file(self) -> Path:
        """What the dataset was made of, once it is whole."""
        return self.path / _ENDED

    def heads_file(self, warc: WarcFile) -> Path:
        """The heads of one file."""
        return self.path / _HEADS / f"{_stem(warc)}.sqlite"

    def shard_file(self, warc: WarcFile) -> Path:
        """What the visits in one file say."""
        return self.path / _SHARDS / f"{_stem(warc)}.parquet"

    def records_file(self, bucket: int) -> Path:
        """The records of the posts of one bucket."""
        return self.path / _MERGED / f"{bucket:03}.sqlite"

    def _own_files(self, folder: str, pattern: str = "*") -> list[Path]:
        paths = sorted((self.path / folder).glob(pattern))
        return [path for path in paths if _OWN_NAME.fullmatch(path.name) and not path.is_dir()]


@dataclass(frozen=True, slots=True)
class Plan:
    """The files, and by which rules they are read. The key of the pseudonyms is read from its file where it is needed.

    ``requests`` stands for what requests in the files tell of captures that may lie in others.
    """

    work: WorkFolder
    files: tuple[WarcFile, ...]
    key_file: Path
    settings: Settings = field(repr=False)
    exclusions: Exclusions = field(default_factory=Exclusions, repr=False)
    selection: Selection = field(default_factory=Selection)
    limits: ReadingLimits = field(default_factory=ReadingLimits)
    requests: str = ""

    @property
    def key(self) -> bytes:
        """The key of the pseudonyms.

        Raises:
            ArchiveDamagedError: its file is not there, holds no key, or others may read it.
        """
        if not self.key_file.is_file():
            message = f"The pseudonym key {self.key_file} is not on {os.uname().nodename}. Copy it there, readable for its owner alone (mode 0600)."
            raise ArchiveDamagedError(message)
        return load_or_create_key(self.key_file)

    @property
    def policy(self) -> Policy:
        """How people and their details are dealt with."""
        return Policy.of(self.settings, self.key, self.exclusions.forgotten)

    @property
    def fingerprint(self) -> str:
        """Changes with whatever decides what one file is read as, but for the pages of threads and originals in the other files."""
        excluded = self.exclusions
        parts = (excluded.forgotten, excluded.opted_out, excluded.urls, excluded.hosts)
        reading = reading_fingerprint(self.settings, self.key)
        rules = (__version__, reading, [sorted(part) for part in parts], self.selection, self.limits)
        text = repr((*rules, self.requests))
        return hashlib.sha256(text.encode()).hexdigest()

    def write(self) -> str:
        """Write the plan where the work looks for it; gives its digest."""
        return hand_over(self, self.work.plan_file)


def hand_over(value: object, path: Path) -> str:
    """Write what all pieces of work go by where they look for it, for its owner alone; gives its digest."""
    data = pickle.dumps(value)
    draft = path.with_name(f"{path.name}.part")
    draft.touch(mode=0o600)
    draft.write_bytes(data)
    draft.replace(path)
    return hashlib.sha256(data).hexdigest()


@cache
def handed_over(path: Path, digest: str) -> Any:
    """What was written to ``path`` with this digest; read once by each process.

    Raises:
        StopError: another was written since.
    """
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise StopError(f"{path} was written anew meanwhile, by another run. Start this one again.")
    return pickle.loads(data)  # noqa: S301 - our own run wrote it, for its owner alone


def plan_at(path: Path, digest: str) -> Plan:
    """The plan that was written to ``path`` with this digest.

    Raises:
        StopError: another was written since.
    """
    plan: Plan = handed_over(path, digest)
    return plan


@cache
def fingerprint_at(path: Path, digest: str) -> str:
    """The fingerprint of that plan, for which all code that reads is gone through: once by each process."""
    return plan_at(path, digest).fingerprint


def _is_ours(path: Path) -> bool:
    return path.name.partition(".")[0] in _OWN_NAMES


def _stem(warc: WarcFile) -> str:
    return hashlib.sha256(warc.location.encode("utf-8", "surrogateescape")).hexdigest()[:24]
