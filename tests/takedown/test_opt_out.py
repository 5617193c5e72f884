"""Who asked to be left out is not visited, not imported and not exported; what was kept stays until it is taken down."""

import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from pyarrow import dataset

from scraper.archive.files import KEY_FILE, RECORDS_FILE
from scraper.errors import UsageError
from scraper.jobs.crawl.job import crawl
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.imports.files import import_files
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.model.url import parse_url
from scraper.records.people import Pseudonyms, load_or_create_key
from scraper.records.store import Records
from tests.replica import v1
from tests.replica.content import load_community
from tests.takedown.archives import community_posts, url_of


def opted_out(workplace: Workplace, *lines: str) -> Workplace:
    """The workplace with an opt-out file of these lines."""
    (workplace.folder / "opt-out.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return replace(workplace, settings=replace(workplace.settings, opt_out="opt-out.txt"))


def test_a_file_names_urls_hosts_and_people_with_comments(kept: Workplace) -> None:
    post = community_posts()[0]
    place = opted_out(kept, "# asked by mail", "", f"{url_of(post)}  # twice", "Example.org", "0" * 32)
    exclusions = exclusions_of(place)
    assert exclusions.against_visit(url_of(post), "careerly.co.kr", None)
    assert exclusions.against_visit("https://a.example.org/x", "a.example.org", None)
    assert not exclusions.against_visit("https://example.com/", "example.com", None)
    assert exclusions.against_row("0" * 32)


@pytest.mark.parametrize("line", ["눈밭.example", "눈밭.EXAMPLE.", "xn--sd1bk6q.example"])
def test_a_host_is_meant_in_any_spelling(kept: Workplace, line: str) -> None:
    url = parse_url("https://blog.눈밭.example/1")
    assert url
    exclusions = exclusions_of(opted_out(kept, line))
    assert exclusions.against_visit(url.href, url.host, None)
    assert not exclusions.against_visit("https://a.example/", "a.example", None)


def test_a_name_with_a_dot_in_it_is_a_person_too(kept: Workplace) -> None:
    people = Pseudonyms(load_or_create_key(kept.folder / KEY_FILE))
    exclusions = exclusions_of(opted_out(kept, "jane.doe"), ["careerly"])
    assert exclusions.against_row(people.author_id("careerly", "name", "jane.doe"))
    assert exclusions.names == {people.author_id("careerly", "name", "jane.doe")}


def test_it_is_not_visited(kept: Workplace) -> None:
    post = community_posts()[0]
    report = crawl([url_of(post)], opted_out(kept, url_of(post)))
    assert [(item.outcome, "opt-out" in str(item.reason)) for item in report.items] == [("refused", True)]
    assert report.exit_code == 3


def test_it_is_not_imported(kept: Workplace, tmp_path: Path) -> None:
    post = community_posts()[0]
    saved = tmp_path / "saved.html"
    saved.write_text(v1.post_page(load_community(), post, v1.Build(id="new")), encoding="utf-8")
    report = import_files([saved], opted_out(kept, "careerly.co.kr"), url=url_of(post))
    assert [item.outcome for item in report.items] == ["refused"]


def test_a_person_is_withheld_from_the_export_and_it_is_said_how_much(
    kept: Workplace, tmp_path: Path
) -> None:
    with Records.open_to_read(kept.folder / RECORDS_FILE) as records:
        posts = {row["author_id"] for row in records.rows("posts")}
        comments = list(records.rows("comments"))
    counted = Counter(
        row["author_id"] for row in comments if row["author_id"] and row["author_id"] not in posts
    )
    author, count = counted.most_common(1)[0]
    report = export(tmp_path / "dataset", opted_out(kept, author))
    said = next(item for item in report.items if item.target == "comments")
    assert said.reason is not None
    assert f"were not exported ({count})" in said.reason
    assert "postkeep forget" in said.reason
    rows = dataset.dataset(tmp_path / "dataset" / "data" / "comments").to_table().to_pylist()
    assert author not in {row["author_id"] for row in rows}
    assert len(rows) == len(comments) - count
    ids = {row["comment_id"] for row in rows}
    assert all(row["parent_id"] in ids for row in rows if row["parent_id"])


def test_a_missing_file_stops_the_run(kept: Workplace, tmp_path: Path) -> None:
    place = replace(kept, settings=replace(kept.settings, opt_out="missing.txt"))
    with pytest.raises(UsageError, match=r"missing\.txt"):
        export(tmp_path / "dataset", place)


def test_a_name_means_whoever_has_it_with_an_account_or_without(kept: Workplace, tmp_path: Path) -> None:
    post = next(each for each in community_posts() if each.by)
    assert post.by
    with Records.open_to_read(kept.folder / RECORDS_FILE) as records:
        own = next(row for row in records.rows("posts") if row["url"] == url_of(post))
    assert own["author_id_basis"] == "id"
    for line in (post.by.name, unicodedata.normalize("NFD", post.by.name)):
        report = export(tmp_path / "dataset", opted_out(kept, line))
        left = {item.post_id for item in report.items if item.outcome == "skipped"}
        assert own["post_id"] in left
        rows = dataset.dataset(tmp_path / "dataset" / "data" / "comments").to_table().to_pylist()
        assert own["author_id"] not in {row["author_id"] for row in rows}
