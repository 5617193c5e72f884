"""manifest.json: what it says of the files, and what its digests tell apart."""

import dataclasses
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dataset.export import Form, export, write_data
from scraper.dataset.manifest import MANIFEST_VERSION, Manifest, SteadyDigest
from scraper.errors import UsageError
from scraper.records.merging import _COMMENT_COUNTS, _POST_COUNTS
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, metric, post, revision

ROWS = Rows(
    posts=[post("a:1", "2021-01-01T00:00:00Z"), post("a:2"), post("a:3", None)],
    comments=[comment("a:1", 0), comment("a:1", 1)],
    metrics=[metric("a:1", "2026-01-01T00:00:00Z", views=3)],
    revisions=[revision("a:1", 1, "글")],
)


def _manifest(rows: Rows, place: Path, *, with_text: bool = True, year_limit: int = 10**9) -> Manifest:
    """The manifest of rows written to ``place``/data; what describes them beside it is not made."""
    shutil.rmtree(place / "data", ignore_errors=True)
    scratch = place / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    form = Form(with_text, year_limit)
    return write_data(rows, place, scratch, contract=CONTRACT, form=form).manifest(CARD)


def _steady(manifest: Manifest) -> dict[str, str]:
    return {name: config.steady_digest for name, config in manifest.configs.items()}


def _digests(manifest: Manifest) -> dict[str, str]:
    return {name: config.digest for name, config in manifest.configs.items()}


def test_it_lists_each_file_with_its_bytes_rows_and_digest(tmp_path: Path) -> None:
    manifest = _manifest(ROWS, tmp_path)
    files = {path: entry for config in manifest.configs.values() for path, entry in config.files.items()}
    assert sorted(files) == sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("data/*/*")
    )
    for path, entry in files.items():
        content = (tmp_path / path).read_bytes()
        assert entry.sha256 == hashlib.sha256(content).hexdigest()
        assert entry.bytes == len(content)
        assert entry.rows == pq.read_table(tmp_path / path).num_rows
    assert {name: config.rows for name, config in manifest.configs.items()} == {
        "posts": 3,
        "comments": 2,
        "metrics": 1,
        "revisions": 1,
    }
    assert (manifest.software, manifest.schema_version) == (CARD.software, CONTRACT.version)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_the_digest_of_a_config_is_that_of_what_sha256sum_prints(tmp_path: Path) -> None:
    export(ROWS, tmp_path, contract=CONTRACT, card=CARD)
    manifest = Manifest.read(tmp_path)
    for name, config in manifest.configs.items():
        command = ["bash", "-c", "sha256sum *.parquet | sha256sum"]
        done = subprocess.run(
            command, cwd=tmp_path / "data" / name, check=True, capture_output=True, text=True
        )
        assert config.digest == f"sha256:{done.stdout.split()[0]}"
        assert f"description: {config.digest}\n" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_it_says_the_form_and_which_takedowns_are_honoured(tmp_path: Path) -> None:
    card = dataclasses.replace(CARD, takedowns=("one", "two"))
    export(ROWS, tmp_path, contract=CONTRACT, card=card, form=Form(with_text=False))
    manifest = Manifest.read(tmp_path)
    assert (manifest.takedowns, manifest.with_text) == (frozenset({"one", "two"}), False)
    assert list(manifest.configs) == ["posts", "comments", "metrics"]


def test_a_config_without_rows_has_no_files(tmp_path: Path) -> None:
    manifest = _manifest(Rows(posts=ROWS.posts), tmp_path)
    assert (manifest.configs["comments"].rows, dict(manifest.configs["comments"].files)) == (0, {})


@pytest.mark.parametrize(
    ("changed", "config"),
    [
        (dataclasses.replace(ROWS, posts=[post("a:1", "2021-01-01T00:00:00Z", views=13), *ROWS.posts[1:]]), "posts"),
        (dataclasses.replace(ROWS, comments=[comment("a:1", 0, likes=2), ROWS.comments[1]]), "comments"),
        (dataclasses.replace(ROWS, metrics=[metric("a:2", None, likes=1)]), "metrics"),
    ],
)  # fmt: skip
def test_where_only_counts_moved_the_digest_changes_and_the_steady_one_does_not(
    tmp_path: Path, changed: Rows, config: str
) -> None:
    before, after = _manifest(ROWS, tmp_path), _manifest(changed, tmp_path)
    assert _steady(before) == _steady(after)
    moved = {name for name, digest in _digests(before).items() if digest != _digests(after)[name]}
    assert moved == {config}


@pytest.mark.parametrize("changes", [{"text": "다른 글"}, {"revision": 2}, {"tags": ["새"]}, {"removed": []}])
def test_where_anything_else_changed_the_steady_digest_changes(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    changed = dataclasses.replace(ROWS, posts=[*ROWS.posts[:2], post("a:3", None, **changes)])
    before, after = (_steady(_manifest(rows, tmp_path)) for rows in (ROWS, changed))
    assert {name for name, digest in before.items() if digest != after[name]} == {"posts"}


_TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text(st.characters(max_codepoint=0x9F))


@given(_TEXTS, st.integers(-(2**63), 2**63 - 1) | st.none(), st.lists(_TEXTS, max_size=3))
def test_the_steady_digest_is_over_each_row_as_sorted_json(
    text: str, revision: int | None, tags: list[str]
) -> None:
    row = post("a:1") | {"text": text, "revision": revision, "tags": tags}
    columns = CONTRACT.columns("posts")
    steady = SteadyDigest(columns)
    steady.see(row)
    kept = {column.name: row[column.name] for column in columns if not column.count}
    line = json.dumps(kept, ensure_ascii=False, sort_keys=True) + "\n"
    assert steady.text == f"sha256:{hashlib.sha256(line.encode()).hexdigest()}"


def test_the_steady_digest_does_not_depend_on_how_rows_are_parted(tmp_path: Path) -> None:
    whole, months = (_manifest(ROWS, tmp_path, year_limit=limit) for limit in (10**9, 0))
    assert _digests(whole) != _digests(months)
    assert _steady(whole) == _steady(months)


def test_the_form_without_text_has_digests_that_do_not_depend_on_text(tmp_path: Path) -> None:
    other = dataclasses.replace(
        ROWS, posts=[*ROWS.posts[:2], post("a:3", None, text="비밀", removed=[{"rule": "sign-up-prompt", "text": "비밀"}])]
    )  # fmt: skip
    before, after = (_manifest(rows, tmp_path, with_text=False) for rows in (ROWS, other))
    assert before == after


def test_the_columns_called_counts_are_those_that_a_visit_may_change_without_a_new_capture() -> None:
    counts = {
        config: {column.name for column in CONTRACT.columns(config) if column.count}
        for config in CONTRACT.configs
    }
    assert counts == {
        "posts": _POST_COUNTS,
        "comments": _COMMENT_COUNTS,
        "metrics": {column.name for column in CONTRACT.columns("metrics")},
        "revisions": set(),
    }


def test_what_is_read_back_is_what_was_written(tmp_path: Path) -> None:
    export(ROWS, tmp_path, contract=CONTRACT, card=CARD)
    manifest = Manifest.read(tmp_path)
    assert manifest == _manifest(ROWS, tmp_path / "again")
    assert Manifest.parse(manifest.text()) == manifest
    assert (tmp_path / "manifest.json").read_text(encoding="utf-8") == manifest.text()


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda said: said.pop(name)


def _with(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda said: said.update(values)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without("manifest_version"), "no manifest.json that an export wrote"),
        (_without("configs"), "no manifest.json that an export wrote"),
        (_with(manifest_version=MANIFEST_VERSION + 1), r"has version 2; this postkeep reads 1\. Use a newer"),
        (_with(schema_digest=True), "True is not of type str"),
        (_with(surprise=1), "surprise"),
        (
            lambda said: said["configs"]["posts"]["files"].update(
                {"../../x": {"sha256": "0", "bytes": 1, "rows": 1}}
            ),
            r"\.\./\.\./x is no place of a data file",
        ),
    ],
)
def test_a_spoilt_manifest_is_refused_in_a_sentence(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], object], message: str
) -> None:
    said = json.loads(_manifest(ROWS, tmp_path).text())
    spoil(said)
    with pytest.raises(UsageError, match=message):
        Manifest.parse(json.dumps(said))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["manifest_version", "configs", "posts", "files", "rows"]), inner
            )
        ),
    )
)
def test_any_json_is_read_or_refused(said: Any) -> None:
    with pytest.raises(UsageError):
        Manifest.parse(json.dumps(said))


def test_a_folder_without_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"{tmp_path} has no manifest.json"):
        Manifest.read(tmp_path)
