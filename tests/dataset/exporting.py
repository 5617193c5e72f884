"""Run in a process of its own: export a fixed set of rows to the folder given, with all that a card can say."""

import dataclasses
import sys
from pathlib import Path

from scraper.dataset.context import Conduct, Publication, PublishedVersion
from scraper.dataset.export import export
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, metric, post, revision

ROWS = Rows(
    posts=[
        post(f"{site}:{number}", f"20{number:02}-0{number % 9 + 1}-01T00:00:00Z", language=language)
        for number, (site, language) in enumerate(
            [("a", "ko"), ("b.example.org", "en"), ("c", "ja"), ("d", None), ("a", "th")] * 4, start=10
        )
    ],
    comments=[comment("a:10", 0), comment("c:12", 0, language="en")],
    metrics=[metric("a:10", None, views=1)],
    revisions=[revision("a:10", 1, "글")],
)
VERSION = PublishedVersion("v1.0-20261124", "1.0.0", {"revisions": 1, "posts": 3, "comments": 2})
FULL = dataclasses.replace(
    CARD,
    license="CC-BY-4.0",
    conduct=Conduct(hosts=2, requests=10, shortest_gap=2.0, gaps_owed=20.0),
    publication=Publication("v1.0-20261125", (VERSION,), ("`posts`: 3 → 20 rows.",)),
)

if __name__ == "__main__":
    export(ROWS, Path(sys.argv[1]), contract=CONTRACT, card=FULL)
