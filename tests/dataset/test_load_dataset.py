"""Exports as users open them: with ``datasets``, offline, in a process and a cache of their own."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from scraper.dataset.export import Form, export
from tests.dataset.conftest import Load
from tests.dataset.rows import CARD, CONTRACT, PROMPT, Rows, comment, metric, post, revision

LONG = "가나다 🙂 " * 200_000

FIRST = Rows(
    posts=[post("a:1"), post("a:2", None, text=LONG), post("b.example.org:3", "2023-01-31T23:59:59.123456Z")],
    comments=[
        comment("a:1", 0),
        comment("a:1", 1, is_accepted=True),
        comment("a:2", 0, text=None, language=None),
    ],
    metrics=[metric("a:1", None, views=1), metric("a:1", "2023-01-02T00:00:00Z", views=2, score=-3)],
    revisions=[revision("a:1", 1, "처음"), revision("a:1", 2, "나중"), revision("a:2#0", 1, "댓글")],
)
MORE = Rows(
    posts=[*FIRST.posts, post("a:4", title=None)],
    comments=FIRST.comments[:2],
    metrics=FIRST.metrics[:1],
    revisions=FIRST.revisions[1:],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports") / "whole"


@pytest.fixture(scope="module")
def loaded(load: Load, folder: Path) -> dict[str, Any]:
    """What three exports of the same rows give: whole, parted into months, without text."""
    months, bare, posts_only = (folder.parent / name for name in ("months", "bare", "posts-only"))
    export(FIRST, folder, contract=CONTRACT, card=CARD)
    export(FIRST, months, contract=CONTRACT, card=CARD, form=Form(year_limit=0))
    export(FIRST, bare, contract=CONTRACT, card=CARD, form=Form(with_text=False))
    export(Rows(posts=FIRST.posts[:1]), posts_only, contract=CONTRACT, card=CARD)
    return {Path(name).name: configs for name, configs in load(folder, months, bare, posts_only).items()}


def _by_key(config: str, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=lambda row: [str(row[name]) for name in CONTRACT.key(config)])


@pytest.mark.parametrize("config", CONTRACT.configs)
@pytest.mark.parametrize("way", ["rows", "streamed"])
@pytest.mark.parametrize("export_name", ["whole", "months"])
def test_load_dataset_gives_the_rows_that_were_exported(
    loaded: dict[str, Any], config: str, way: str, export_name: str
) -> None:
    assert loaded[export_name][config]["splits"] == ["train"]
    assert _by_key(config, loaded[export_name][config][way]) == _by_key(config, FIRST.rows(config))


def test_load_dataset_has_the_types_of_the_schema(loaded: dict[str, Any]) -> None:
    types = loaded["whole"]["posts"]["types"]
    assert list(types) == [column.name for column in CONTRACT.columns("posts")]
    assert types["text"] == "Value('string')"
    assert types["views"] == "Value('int64')"
    assert types["captured_at"] == "Value('timestamp[us, tz=UTC]')"
    assert types["tags"] == "List(Value('string'))"
    assert types["removed"] == "List({'rule': Value('string'), 'text': Value('string')})"
    assert loaded["whole"]["comments"]["types"]["is_accepted"] == "Value('bool')"


def test_a_config_without_rows_does_not_keep_the_others_from_loading(loaded: dict[str, Any]) -> None:
    assert list(loaded["posts-only"]) == ["posts"]
    assert loaded["posts-only"]["posts"]["rows"] == FIRST.posts[:1]


def test_the_form_without_text_loads_and_holds_no_text(loaded: dict[str, Any]) -> None:
    bare = loaded["bare"]
    assert sorted(bare) == ["comments", "metrics", "posts"]
    [row] = [row for row in bare["posts"]["rows"] if row["post_id"] == "a:1"]
    assert "title" not in row
    assert "text" not in row
    assert row["removed"] == [{"rule": "sign-up-prompt"}]
    assert row["views"] == 12000
    for words in ("첫 문단", "신입이", "감사합니다", "처음", PROMPT):
        assert words not in json.dumps(bare, ensure_ascii=False)


@pytest.mark.thorough
def test_after_a_second_export_to_the_folder_load_dataset_gives_the_new_rows(
    load: Load, folder: Path, loaded: dict[str, Any]
) -> None:
    assert len(loaded["whole"]["posts"]["rows"]) == 3
    export(MORE, folder, contract=CONTRACT, card=CARD)
    again = load(folder)[str(folder)]
    for config in CONTRACT.configs:
        assert _by_key(config, again[config]["rows"]) == _by_key(config, MORE.rows(config))
