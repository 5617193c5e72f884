"""How well comments of WordPress are read, beside trafilatura on the same pages in the same run.

The two saved sites are our own WordPress with the truth it was seeded from; threads-wp are real pages with a truth made by a
fixed rule over core's markup. trafilatura gives its comments as one text: each line is taken as one, with no replies, so the fair column
for it is the last, which asks for the words of a page's comments however they are cut.
"""

import gzip
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper.model.capture import Capture, Visit
from scraper.model.record import Record
from scraper.reading.read_visit import next_requests, record_of
from scraper.sites.registry import installed_sites
from tests.conftest import REPOSITORY
from tests.eval.measure import Said, Score
from tests.sites.visited import documents_of

SHARED = REPOSITORY.parent / "shared" / "testbed"


@dataclass(frozen=True, slots=True)
class Case:
    """The captured pages of one post, and the comments that are in their HTML."""

    name: str
    pages: tuple[Capture, ...]
    truth: tuple[Said, ...]


def capture(url: str, body: bytes) -> Capture:
    """A page as if it were captured."""
    headers = (("content-type", "text/html; charset=utf-8"),)
    seen = datetime(2026, 7, 1, tzinfo=UTC)
    return Capture("urn:uuid:0", url, 200, headers, body, seen, "observed", "sha256:0")


def saved_site(folder: Path) -> Iterator[Case]:
    """Every post of a saved WordPress site with the pages of comments that the adapter asks for."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    pages = {
        row["url"]: (folder / row["file"]).read_bytes() for row in manifest if row["file"].endswith(".html")
    }
    for post in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["posts"]:
        visit = Visit("urn:uuid:1", 1, post["url"], (capture(post["url"], pages[post["url"]]),))
        asked: set[str] = set()
        while wanted := [
            each.url
            for each in next_requests(documents_of(visit), installed_sites())
            if each.url not in asked
        ]:
            asked.update(wanted)
            more = tuple(capture(url, pages[url]) for url in wanted)
            visit = Visit(visit.visit_id, 1, visit.url, visit.captures + more)
        yield Case(post["slug"], visit.captures, _truth(post["comments"]))


def threads(folder: Path) -> Iterator[Case]:
    """Every page of a corpus of threads."""
    for path in sorted((folder / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        body = gzip.decompress((folder / "html" / f"{path.stem}.html.gz").read_bytes())
        said = tuple(Said(row["text"] or "", row["author"], row["parent"]) for row in truth["comments"])
        yield Case(path.stem, (capture(truth["url"], body),), said)


def ours(case: Case) -> list[Said]:
    """The comments as postkeep reads them."""
    visit = Visit("urn:uuid:1", 1, case.pages[0].url, case.pages)
    whole = documents_of(visit)
    claimed = whole.claimed(installed_sites())
    record = record_of(whole, claimed) if claimed else None
    if not isinstance(record, Record):
        return []
    return [
        Said(each.text or "", each.author.name if each.author else None, each.parent)
        for each in record.comments
    ]


def peer(case: Case) -> list[Said]:
    """The comments as trafilatura reads them."""
    import trafilatura  # noqa: PLC0415 - installed for this run alone, see tests/eval/run

    said = []
    for page in case.pages:
        document = trafilatura.bare_extraction(page.body, include_comments=True)
        text = (document.comments if document else None) or ""
        said += [Said(line) for line in text.splitlines() if line.strip()]
    return said


def score(cases: Sequence[Case], read: Callable[[Case], list[Said]]) -> Score:
    """The score of one reader over a corpus."""
    total = Score()
    for case in cases:
        total.add(read(case), case.truth)
    return total


def main() -> None:
    """Print a table for each corpus."""
    if not SHARED.is_dir():
        sys.exit(f"The figures need the testbed in {SHARED}, which is not there.")
    for name, cases in (
        ("wordpress (classic theme)", saved_site(SHARED / "pages" / "wordpress")),
        ("wordpress-block (block theme)", saved_site(SHARED / "pages" / "wordpress-block")),
        ("threads-wp", threads(SHARED / "corpora" / "threads-wp")),
    ):
        corpus = list(cases)
        print(f"{name}: {len(corpus)} posts, {sum(len(case.truth) for case in corpus)} comments")
        print("               precision  recall  comments F1  text F1  edges F1  words F1")
        for reader, read in (("postkeep", ours), ("trafilatura", peer)):
            total = score(corpus, read)
            edges = f"{total.edge_f1:.3f}" if total.edges_found else "-"
            print(
                f"  {reader:<12} {total.precision:9.3f} {total.recall:7.3f} {total.comment_f1:12.3f} "
                f"{total.text_f1:8.3f} {edges:>9} {total.words_f1:9.3f}"
            )


def _truth(comments: list[dict[str, Any]]) -> tuple[Said, ...]:
    shown = [row for row in comments if row["in_html"]]
    position = {row["id"]: at for at, row in enumerate(shown)}
    return tuple(Said(row["text"], row["author"], position.get(row["parent"])) for row in shown)


if __name__ == "__main__":
    main()
