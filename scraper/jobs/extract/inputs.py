"""The WARC files that a dataset is made of, from what somebody names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scraper.archive.warc_file import WarcFile
from scraper.model.outcome import Item


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files in an order that does not depend on how they were named, and items for what is no such file."""

    files: tuple[WarcFile, ...]
    items: tuple[Item, ...] = ()


def inputs_of(paths: Sequence[str]) -> Inputs:
    """The files at these paths."""
    return Inputs(tuple(WarcFile.at(Path(path)) for path in sorted(set(paths))))
