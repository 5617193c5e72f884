"""How somebody else asked for a page: an answer to POST is no capture of it, and one to a person's cookie may be a member's."""

import gzip
from itertools import permutations
from pathlib import Path

import pytest

from scraper.archive.decisions import read_decisions
from scraper.jobs.imports.files import ImportOptions, import_files
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from tests.field.pages import URL, Odd
from tests.field.records import HTML, warc_record
from tests.jobs.rows import exported_rows, rows_of

_PAGE = HTML + str(Odd()).encode()
_COOKIE = "Cookie: session=1"


def _request(*fields: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} /2024/willow/ HTTP/1.1", "Host: gang.example", *fields, "", ""]).encode()


def _pair(request: bytes, *, tied: str = "request", at: str = "2024-03-07T00:00:00Z") -> list[bytes]:
    """The request and the answer, each a record; ``tied`` says which of the two names the other."""
    to_answer, to_request = "WARC-Concurrent-To: <urn:uuid:2>", "WARC-Concurrent-To: <urn:uuid:1>"
    return [
        warc_record(
            1, request, *([to_answer] if tied == "request" else ()), kind="request", url=URL, date=at
        ),
        warc_record(2, _PAGE, *([to_request] if tied == "response" else ()), url=URL),
    ]


def _import(
    workplace: Workplace, records: list[bytes], name: str = "m.warc.gz", *, is_public: bool = False
) -> Report:
    path = workplace.folder.with_name(name)
    path.write_bytes(b"".join(map(gzip.compress, records)))
    return import_files([path], workplace, options=ImportOptions(is_public))


_OTHER = warc_record(9, b"HTTP/1.1 200 OK\r\n\r\nx", url="https://gang.example/other.txt")


@pytest.mark.parametrize("tied", ["request", "response", "nothing"])
@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "post"])
def test_an_answer_to_another_method_is_no_capture(
    workplace: Workplace, tied: str, order: tuple[int, ...], method: str
) -> None:
    records = [*_pair(_request(method=method), tied=tied), _OTHER]
    report = _import(workplace, [records[number] for number in order])
    assert rows_of(workplace)["posts"] == []
    assert any("Answers to POST" in str(item.reason) for item in report.items)


@pytest.mark.parametrize(
    "fields",
    [("WARC-Method: POST",), ('WARC-JSON-Metadata: {"method": "POST"}',), ("WARC-Request-Method: post",)],
)
def test_a_method_may_be_said_beside_the_request(workplace: Workplace, fields: tuple[str, ...]) -> None:
    _import(workplace, [warc_record(2, _PAGE, *fields, url=URL)])
    assert rows_of(workplace)["posts"] == []


@pytest.mark.parametrize("block", [b"method: POST\r\n", b'{"httpMethod": "POST"}'])
def test_a_metadata_record_may_say_the_method(workplace: Workplace, block: bytes) -> None:
    about = warc_record(3, block, "WARC-Concurrent-To: <urn:uuid:2>", kind="metadata", url=URL)
    _import(workplace, [warc_record(2, _PAGE, url=URL), about])
    assert rows_of(workplace)["posts"] == []


@pytest.mark.parametrize("tied", ["request", "response", "nothing"])
@pytest.mark.parametrize("reverse", [True, False])
@pytest.mark.parametrize("field", [_COOKIE, "AUTHORIZATION: Basic eA==", "cookie : a=b", "X-Api-Key: 1"])
def test_what_a_person_asked_for_is_not_full_and_goes_out_only_as_public(
    workplace: Workplace, tmp_path: Path, tied: str, reverse: bool, field: str
) -> None:
    records = _pair(_request(field), tied=tied)
    _import(workplace, records[::-1] if reverse else records)
    (post,) = rows_of(workplace)["posts"]
    assert post["access"] == "unknown"
    assert [item["kind"] for item in post["access_evidence"]] == ["asked-with-credentials"]
    assert field.partition(":")[0].strip().lower() in post["access_evidence"][0]["detail"]
    export(tmp_path / "before", workplace)
    assert list((tmp_path / "before").rglob("*.parquet")) == []


def test_who_imports_may_state_that_everybody_sees_it(workplace: Workplace, tmp_path: Path) -> None:
    records = _pair(_request(_COOKIE))
    _import(workplace, records)
    report = _import(workplace, records, is_public=True)
    assert [item.outcome for item in report.items] == ["done"]
    (decision,) = read_decisions(workplace.folder)
    assert decision.kind == "as-public"
    (workplace.folder / "records.sqlite").unlink()
    (post,) = exported_rows(workplace, tmp_path / "after")["posts"]
    assert (post["access"], post["access_evidence"]) == ("full", [])
    _import(workplace, records, is_public=True)
    assert len(read_decisions(workplace.folder)) == 1


def test_a_first_import_may_state_it_as_well(workplace: Workplace) -> None:
    _import(workplace, _pair(_request(_COOKIE)), is_public=True)
    assert [post["access"] for post in rows_of(workplace)["posts"]] == ["full"]
    assert [decision.kind for decision in read_decisions(workplace.folder)] == ["as-public"]


def test_a_plain_request_changes_nothing(workplace: Workplace) -> None:
    _import(workplace, _pair(_request("Cookie:", "Accept: */*")))
    assert [post["access"] for post in rows_of(workplace)["posts"]] == ["full"]


def test_a_password_in_the_url_speaks_for_a_person(workplace: Workplace) -> None:
    _import(workplace, [warc_record(2, _PAGE, url=URL.replace("://", "://me:secret@"))])
    (post,) = rows_of(workplace)["posts"]
    assert [item["kind"] for item in post["access_evidence"]] == ["asked-with-credentials"]


def test_what_everybody_saw_counts_where_a_member_saw_more(workplace: Workplace, tmp_path: Path) -> None:
    more = HTML + str(Odd(text="<p>강가에 버드나무가 있다.</p><p>회원만 보는 글.</p>")).encode()
    member = [
        warc_record(1, _request(_COOKIE), "WARC-Concurrent-To: <urn:uuid:2>", kind="request", url=URL),
        warc_record(2, more, url=URL),
    ]
    _import(workplace, [warc_record(3, _PAGE, url=URL, date="2024-03-06T00:00:00Z"), *member])
    (post,) = exported_rows(workplace, tmp_path / "out")["posts"]
    assert (post["text"], post["access"]) == ("강가에 버드나무가 있다.", "full")


def _revisit(*fields: str) -> bytes:
    profile = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    refers = "WARC-Refers-To: <urn:uuid:2>"
    return warc_record(
        5, HTML, profile, refers, *fields, kind="revisit", url=URL, date="2024-04-07T00:00:00Z"
    )


@pytest.mark.parametrize(("request_block", "count"), [(_request(method="POST"), 1), (_request(_COOKIE), 2)])
def test_revisits_have_requests_too(workplace: Workplace, request_block: bytes, count: int) -> None:
    asked = warc_record(
        4,
        request_block,
        "WARC-Concurrent-To: <urn:uuid:5>",
        kind="request",
        url=URL,
        date="2024-04-07T00:00:00Z",
    )
    report = _import(workplace, [_revisit(), warc_record(2, _PAGE, url=URL), asked])
    assert [item.outcome for item in report.items].count("done") == count
    (post,) = rows_of(workplace)["posts"]
    assert (post["access"], post["access_evidence"]) == ("full", [])


def test_a_long_request_is_looked_at_too(workplace: Workplace) -> None:
    _import(workplace, _pair(_request(method="POST") + b"x=y&" * 600_000))
    assert rows_of(workplace)["posts"] == []


def test_a_request_without_a_time_belongs_to_the_answer_of_its_url(workplace: Workplace) -> None:
    _import(workplace, _pair(_request(_COOKIE), tied="nothing", at="soon"))
    assert [post["access"] for post in rows_of(workplace)["posts"]] == ["unknown"]
