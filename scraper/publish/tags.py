"""The names of publications: ``v<schema major.minor>-<YYYYMMDD>``, and ``.2``, ``.3`` for more on one day."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

_TAG: Final = re.compile(r"v(?P<schema>\d+\.\d+)-(?P<day>\d{8})(?:\.(?P<number>[1-9]\d*))?")


def next_tag(schema_version: str, now: datetime, taken: Iterable[str]) -> str:
    """The name for a publication made ``now`` (UTC).

    The number goes on from the highest of the day, whatever the schema: a takedown may delete the earlier tags of a
    day, but never the newest, so no name is ever used twice.
    """
    major, minor, *_ = schema_version.split(".")
    return _numbered(f"v{major}.{minor}", f"{now:%Y%m%d}", taken)


def another_tag(name: str, taken: Iterable[str]) -> str:
    """The name after ``name``, which somebody took, for a publication of the same schema and day."""
    match = _TAG.fullmatch(name)
    if match is None:
        raise ValueError(f"{name} is not the name of a publication")
    return _numbered(f"v{match['schema']}", match["day"], taken)


def _numbered(schema: str, day: str, taken: Iterable[str]) -> str:
    of_day = [match for match in map(_TAG.fullmatch, taken) if match and match["day"] == day]
    number = max((int(match["number"] or 1) for match in of_day), default=0) + 1
    return f"{schema}-{day}" + (f".{number}" if number > 1 else "")
