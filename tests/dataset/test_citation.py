"""CITATION.cff: valid by the schema of its format, and about the publication that it goes out with."""

import dataclasses
import json
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from scraper.dataset.citation import citation_file
from scraper.dataset.context import CardContext, Publication
from scraper.dataset.export import export
from scraper.dataset.figures import Tally
from scraper.publish.tags import next_tag
from tests.dataset.rows import CARD, CONTRACT, Rows, post

SCHEMA = json.loads(
    (resources.files("check_jsonschema") / "builtin_schemas/vendor/citation-file-format.json").read_text(
        "utf-8"
    )
)
PUBLISHED = Publication(
    next_tag("1.1.0", datetime(2026, 11, 25, tzinfo=UTC), ["v1.1-20261125"]),
    repo="some-lab/posts",
    url="https://huggingface.co/datasets/some-lab/posts",
    year=2026,
)


def _cited(**changes: Any) -> dict[str, Any]:
    context: CardContext = dataclasses.replace(CARD, **changes)
    # As its format has it: dates are strings.
    cited: dict[str, Any] = yaml.load(citation_file(context, Tally().figures()), Loader=yaml.BaseLoader)
    jsonschema.validate(cited, SCHEMA)
    return cited


def test_version_and_day_are_those_of_the_tag() -> None:
    cited = _cited(publication=PUBLISHED)
    assert (cited["version"], cited["date-released"]) == ("v1.1-20261125.2", "2026-11-25")
    assert cited["authors"] == [{"name": "some-lab"}]
    assert cited["url"] == "https://huggingface.co/datasets/some-lab/posts"
    assert cited["type"] == "dataset"


def test_a_folder_that_was_never_published_has_neither() -> None:
    assert not {"version", "date-released", "url"} & _cited().keys()


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("archive@example.org", {"email": "archive@example.org"}),
        ("https://example.org/contact", {"website": "https://example.org/contact"}),
    ],
)
def test_the_contact_is_the_operators(contact: str, expected: dict[str, str]) -> None:
    assert _cited(contact=contact)["contact"] == [{"name": "The operator of the archive", **expected}]


@pytest.mark.parametrize(
    ("license_name", "expected"),
    [("cc-by-4.0", "CC-BY-4.0"), ("ODbL", "ODbL-1.0"), ("My Licence", None), (None, None), ("cc", None)],
)
def test_a_licence_is_named_where_the_format_knows_it(license_name: str | None, expected: str | None) -> None:
    assert _cited(license=license_name).get("license") == expected


@pytest.mark.parametrize("title", ["", "  ", "A: b\n- c # d", "'\"{}[]&*!|>%@`", "글\u202e🙂", "null", "1.0"])
def test_it_is_valid_whatever_the_operator_wrote(title: str) -> None:
    cited = _cited(title=title, contact="no address", publication=PUBLISHED)
    assert cited["title"] == (" ".join(title.split()) or "Posts and comments")


def test_two_exports_give_the_same_bytes(tmp_path: Path) -> None:
    context = dataclasses.replace(CARD, publication=PUBLISHED)
    for name in ("one", "other"):
        export(Rows(posts=[post("a:1")]), tmp_path / name, contract=CONTRACT, card=context)
    one, other = ((tmp_path / name / "CITATION.cff").read_bytes() for name in ("one", "other"))
    assert one == other
    assert b"1 posts and 0 comments from 1 site" in one
