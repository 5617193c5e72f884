"""docs/looking.md gives the shape of ``data`` as the code makes it."""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from scraper.jobs.look.listing import ListedFailure, ListedPost
from scraper.jobs.look.status_data import StatusData
from scraper.jobs.look.thread import ThreadData
from tests.conftest import REPOSITORY

_DOCUMENT: Final = (REPOSITORY / "docs" / "looking.md").read_text(encoding="utf-8")
_ROW: Final = re.compile(r"^\| (?P<names>`.*?) \| (?P<words>.*) \|$", re.MULTILINE)
_NAME: Final = re.compile(r"`([a-z_]+)`")
_OBJECT: Final = re.compile(r"\{([^}]*)\}")
# Rows of the dataset have their columns in docs/schema.md.
_ROWS: Final = frozenset({"post", "comments", "metrics", "revisions"})


class Listing:
    """The two forms of the data of ``postkeep list``."""

    posts: list[ListedPost]
    failed: list[ListedFailure]


def documented(verb: str) -> dict[str, list[str]]:
    """The members of ``data`` in the order of the document, each with the names of its own."""
    (section,) = re.findall(rf"### `postkeep {verb} --json`\n(.*?)(?=\n##|\Z)", _DOCUMENT, re.DOTALL)
    members: dict[str, list[str]] = {}
    for row in list(_ROW.finditer(section)):
        if row["names"] == "`data`":
            continue
        inner = _OBJECT.search(row["words"])
        for name in _NAME.findall(row["names"]):
            members[name] = _NAME.findall(inner[1]) if inner else []
    return members


def made(shape: Any) -> dict[str, list[str]]:
    """The members of a type, each with those of the object that it is, or is a list of."""
    return {
        name: []
        if name in _ROWS and shape is ThreadData
        else next(map(list, map(get_type_hints, _objects(hint))), [])
        for name, hint in get_type_hints(shape).items()
    }


def _objects(hint: Any) -> Iterator[Any]:
    if is_typeddict(hint) or is_dataclass(hint):
        yield hint
    elif get_origin(hint) in {list, Union, UnionType}:
        for part in get_args(hint):
            yield from _objects(part)


@pytest.mark.parametrize(
    ("verb", "shape"),
    [("status", StatusData), ("list", Listing), ("show", ThreadData)],
    ids=["status", "list", "show"],
)
def test_the_shape_in_the_document_is_that_of_the_code(verb: str, shape: Any) -> None:
    assert documented(verb) == made(shape)
