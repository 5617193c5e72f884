"""Cassettes: a post visited through postkeep's own client, recorded once and replayed without a network."""

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

from scraper.archive.read import open_to_read
from scraper.jobs.crawl.job import crawl
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Visit
from scraper.model.record import Record
from scraper.reading.read_visit import record_of
from scraper.sites.registry import installed_sites
from tests.conftest import REPOSITORY
from tests.sites.visited import documents_of

CASSETTES: Final = REPOSITORY / "cassettes"
LIVE: Final = CASSETTES / "live"
# The key of a cassette's metadata that says what was recorded, where and when.
RECORDED: Final = "recorded"
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
def cassette_at(path: Path, mode: Literal["all", "none"]) -> Iterator[Cassette]:
    """The network as a cassette: recorded in mode ``all``, nothing but the cassette in mode ``none``."""
    recorder = VCR()
    recorder.register_serializer("readable", ReadableYaml)
    with recorder.use_cassette(str(path), serializer="readable", record_mode=mode) as cassette:
        yield cassette


def recording_of(path: Path) -> Recording:
    """What the cassette says of itself."""
    return Recording(
        **yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["metadata"][RECORDED]
    )


def committed_cassettes() -> list[Path]:
    """The cassettes of all sites: a folder a site, a file a case."""
    return sorted(path for path in CASSETTES.glob("*/*.yaml") if path.parent != LIVE)


def cassettes_of(site: str) -> list[Path]:
    """A site's cassettes, by name."""
    return sorted((CASSETTES / site).glob("*.yaml"))


def expectation_of(cassette: Path) -> Path:
    """Where the record that a cassette must be read as is written down."""
    return cassette.with_suffix(".expected.json")


def visit_post(target: str, workplace: Workplace) -> Visit:
    """Crawl one post into the workplace's archive, and give the visit as it was kept."""
    report = crawl([target], workplace)
    assert report.exit_code == 0, report.items
    with open_to_read(workplace.folder) as archive:
        (visit,) = archive.visits()
    return visit


def read_post(visit: Visit) -> Record:
    """The record that the site which knows the visit as its own reads."""
    whole = documents_of(visit)
    claimed = whole.pages.claimed(installed_sites())
    assert claimed is not None
    record = record_of(whole, claimed)
    assert isinstance(record, Record), record
    return record


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
    assert isinstance(value, datetime)
    return value.isoformat()
