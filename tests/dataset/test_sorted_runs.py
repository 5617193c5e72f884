"""Whatever runs the posts lie in, the files of the dataset are those of one pass over all of them, to the byte."""

import pickle
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dataset.export import Data, Form, data_of, write_data
from scraper.dataset.features import arrow_schema
from scraper.dataset.figures import Tally
from scraper.dataset.layout import data_file
from scraper.dataset.manifest import FileEntry, config_entry, file_entry
from scraper.dataset.parquet import WRITER_OPTIONS, write_part
from scraper.dataset.plots import plots
from scraper.dataset.sorted_runs import (
    RunWriter,
    SortedRun,
    months_of,
    steady_digest,
    write_merged,
    years_of,
)
from scraper.records.history import PostRows
from tests.dataset.rows import CONTRACT, Rows, comment, metric, post, revision
from tests.examples import examples

TIMES = (None, "2021-01-05T00:00:00Z", "2021-12-31T23:59:59Z", "2022-07-01T00:00:00Z", "1999-12-31T23:59:59Z")


def some_posts(chance: Random, number: int) -> list[PostRows]:
    """Posts of two sites by id, each with what belongs to it."""
    rows = Rows()
    for at in range(number):
        post_id = f"{chance.choice(['a', 'b.example.org'])}:{at}"
        words = "글" * chance.randrange(1, 400)
        counts = {"comments_declared": chance.choice([None, 0, 3]), "views": chance.randrange(10**6)}
        captured = chance.choice([None, "2023-01-02T03:04:05Z", f"202{chance.randrange(10)}-01-01T00:00:00Z"])
        basis = "observed" if captured else "unknown"
        capture = {"captured_at": captured, "captured_at_basis": basis}
        rows.posts.append(post(post_id, chance.choice(TIMES), text=words, **counts, **capture))
        for place in range(chance.choice([0, 0, 1, 12])):
            row = comment(post_id, place, depth=chance.choice([0, None]), text=words[:60])
            rows.comments.append(row | chance.choice([{}, {"text": None, "language": None}]))
        if chance.random() < 0.5:
            rows.metrics.append(metric(post_id, "2023-01-02T03:04:05Z", views=counts["views"] or 0))
            rows.revisions.append(revision(post_id, 1, words))
    return list(rows)


def written_in_runs(posts: Sequence[PostRows], runs: int, folder: Path, scratch: Path, form: Form) -> Data:
    """The data files of ``posts``, which are divided among so many runs."""
    tally, made = Tally(), list[SortedRun]()
    for number in range(runs):
        place = scratch / str(number)
        place.mkdir()
        writer = RunWriter(place, CONTRACT)
        for each in posts[number::runs]:
            writer.add(each)
        made.append(writer.finish())
        tally.add(pickle.loads(pickle.dumps(writer.tally)))
    entries = {}
    for config in CONTRACT.configs:
        columns, files = CONTRACT.columns(config), dict[str, FileEntry]()
        parts = years_of(made, config)
        while parts:
            part = parts.pop()
            path = folder / data_file(config, part)
            path.parent.mkdir(parents=True, exist_ok=True)
            folders = [run.folder for run in made if run.has(config, part)]
            if write_merged(folders, path, columns, (config, part), form.year_limit):
                files[str(data_file(config, part))] = file_entry(path)
            else:
                path.unlink()
                parts += months_of(made, config, part)
        steady = steady_digest([run.folder for run in made if run.has(config)], columns, config)
        entries[config] = config_entry(dict(sorted(files.items())), steady)
    figures = tally.figures()
    return data_of(CONTRACT, form, entries, figures, plots(figures))


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.thorough
@examples(12)
@given(st.randoms(use_true_random=False), st.integers(1, 7), st.sampled_from([1, 20_000, 10**9]))
def test_any_runs_give_the_files_of_one_pass(chance: Random, runs: int, limit: int) -> None:
    posts = some_posts(chance, chance.choice([0, 1, 30, 700]))
    form = Form(year_limit=limit)
    with tempfile.TemporaryDirectory() as name:
        one, other, scratch = (Path(name, folder) for folder in ("one", "other", "scratch"))
        for folder in (one, other, scratch):
            folder.mkdir()
        whole = write_data(posts, one, scratch, contract=CONTRACT, form=form)
        # However the posts are divided, each run has its own by id.
        merged = written_in_runs(posts, runs, other, scratch, form)
        assert files_in(other) == files_in(one)
        assert merged == whole


def test_a_post_larger_than_what_is_in_memory_of_a_run_is_written_whole(tmp_path: Path) -> None:
    rows = Rows([post("a:1", text="글" * 500_000), post("a:2"), post("a:3", text="글" * 400_000)])
    for folder in ("one", "other", "scratch"):
        (tmp_path / folder).mkdir()
    form = Form()
    whole = write_data(list(rows), tmp_path / "one", tmp_path, contract=CONTRACT, form=form)
    merged = written_in_runs(list(rows), 2, tmp_path / "other", tmp_path / "scratch", form)
    assert files_in(tmp_path / "other") == files_in(tmp_path / "one")
    assert merged == whole


def test_row_groups_are_those_of_a_file_that_is_written_at_once(tmp_path: Path) -> None:
    columns = CONTRACT.columns("revisions")
    rows = [revision(f"a:{number:05}", 1, f"글 {number % 7}" * (number % 50 + 1)) for number in range(2600)]
    lines = iter([msgspec.json.encode(row) + b"\n" for row in rows])
    assert write_part(lines, tmp_path / "parts", columns, tmp_path / "spooled", group_rows=1024)
    whole = pq.read_table(tmp_path / "parts").cast(arrow_schema(columns))
    batches = [
        batch for at in range(0, 2600, 512) for batch in whole[at : at + 512].combine_chunks().to_batches()
    ]
    with pq.ParquetWriter(tmp_path / "whole", whole.schema, **WRITER_OPTIONS) as writer:
        writer.write_table(pa.Table.from_batches(batches), row_group_size=1024)
    assert pq.read_metadata(tmp_path / "parts").num_row_groups == 3
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()
