"""Cassettes: a post visited through postkeep's own client, recorded by vcrpy and replayed without a network.

vcrpy is the extra ``record``; nothing else of postkeep imports this module.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from vcr import VCR
from vcr.cassette import Cassette

from scraper.model.capture import Visit
from scraper.model.record import Record

# The key of a cassette's metadata that says what was recorded, where and when.
_RECORDED: Final = "recorded"
_RARE: Final = frozenset(("former", "section", "url", "parent_basis", "field_sources"))


class ReadableYaml:
    """A serializer of vcrpy's: what was recorded comes first, and Korean stays Korean."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        """The cassette as YAML."""
        about = {"metadata": cassette.pop("metadata")}
        return yaml.dump(
            about | cassette, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10_000
        )

    @staticmethod
    def deserialize(text: str) -> object:
        """The cassette out of YAML."""
        return yaml.load(text, Loader=yaml.CSafeLoader)


@dataclass(frozen=True, slots=True)
class Recording:
    """What a cassette says of itself: the post's URL, whose answers they are, and the day, in UTC."""

    target: str
    source: str
    day: str


@contextmanager
def cassette_at(
    path: Path, mode: Literal["all", "none"], recording: Recording | None = None
) -> Iterator[Cassette]:
    """The network as a cassette: recorded in mode ``all``, nothing but the cassette in mode ``none``.

    ``recording`` is what a new one says of itself.
    """
    recorder = VCR()
    recorder.register_serializer("readable", ReadableYaml)
    with recorder.use_cassette(str(path), serializer="readable", record_mode=mode) as cassette:
        if recording is not None:
            cassette.get_metadata(_RECORDED, asdict(recording))
        yield cassette


def recording_of(path: Path) -> Recording:
    """What the cassette says of itself."""
    cassette = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Recording(**cassette["metadata"][_RECORDED])


def target_of(path: Path) -> str:
    """The URL that a cassette is of; of a file that does not say so, that it is something else."""
    try:
        return recording_of(path).target
    except (KeyError, TypeError, UnicodeDecodeError, yaml.YAMLError):
        return "something else"


def expectation_of(cassette: Path) -> Path:
    """Where the record that a cassette must be read as is written down."""
    return cassette.with_suffix(".expected.json")


def as_json(record: Record, visit: Visit) -> str:
    """A record in a form that is the same for each replay: the capture it was read from by its URL, not its id.

    Of former names, and of what only some sites show of a comment or a post, only what there is stands there.
    """
    urls = {capture.record_id: capture.url for capture in visit.captures}
    table = asdict(record, dict_factory=_without_rare) | {"primary": urls[record.primary]}
    return json.dumps(table, default=_moment, ensure_ascii=False, indent=2) + "\n"


def _without_rare(items: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(items)
    rare = _RARE - {"field_sources"} if "title" in table else _RARE
    return {name: value for name, value in items if value or name not in rare}


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} is no value of a record")
    return value.isoformat()
