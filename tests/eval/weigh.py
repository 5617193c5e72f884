"""How much each piece of evidence of what a page is weighs: fitted on the corpora, and judged on hosts that it was not fitted on.

    python -m tests.eval.weigh

Prints the weights of all pages (for ``scraper/discussion/kind.py``, where they stand in quarters), what each half of the hosts
makes of the other, and the same over ten parts.
"""

import hashlib
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from scraper.discussion.kind import BIAS, WEIGHTS
from scraper.discussion.reader import read_discussion
from scraper.page.document import Document
from tests.eval.corpora import CORPORA, Page, pages_of
from tests.eval.kinds import OTHERS, POSTS
from tests.eval.readers import NOWHERE
from tests.fixtures.captures import capture_of

# How much a page counts: those of other corpora are all posts, of hosts and times that show few pages of other kinds.
_CORPORA: Final = {
    "wcxb-dev": 1.0, "trafilatura990": 0.2, "fundus258": 0.2, "zh69": 0.2, "parser-meta": 0.2, "htmldate1000": 0.08,
}  # fmt: skip
_DOCUMENTATION: Final = 0.5
# A thread is told by its records, and few pages that are none hold any: its weight is not fitted.
_FIXED: Final = {"it holds comments": 3.0}
_PENALTY: Final = 2.0
_ROUNDS: Final = 40
_PARTS: Final = 10

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def main() -> None:
    """Read, fit, print."""
    if not CORPORA.is_dir():
        print(f"The weights need the corpora in {CORPORA}, which are not there.")
        return
    pages = [page for corpus in _CORPORA for page in pages_of(corpus)]
    names = sorted(WEIGHTS)
    rows = np.array([_row(page, names) for page in pages])
    is_post = np.array([page.truth.get("page_type") not in OTHERS for page in pages])
    counts = np.array([_count(page) for page in pages])
    part = np.array([_part(page) for page in pages])
    weights = fit(rows, is_post, counts, names)
    for name, weight in sorted(zip([*names, "BIAS"], weights, strict=True), key=lambda each: -each[1]):
        now = BIAS if name == "BIAS" else WEIGHTS[name]
        print(f"{weight:7.2f}  now {now:5.2f}  {name}")
    standing = np.array([*(WEIGHTS[name] for name in names), BIAS])
    _print("as they stand", pages, _with_bias(rows) @ standing)
    _print("fitted on all pages", pages, _with_bias(rows) @ weights)
    for parts in (2, _PARTS):
        _print(
            f"fitted on other hosts, {parts} parts",
            pages,
            _crossed(rows, is_post, counts, part % parts, names),
        )


def fit(rows: Floats, is_post: Bools, counts: Floats, names: Sequence[str]) -> Floats:
    """The weights of a logistic regression, the bias last, by Newton's method; those of ``_FIXED`` are given."""
    columns = _with_bias(rows)
    weights = np.array([_FIXED.get(name, 0.0) for name in [*names, "BIAS"]])
    free = np.array([name not in _FIXED for name in [*names, "BIAS"]])
    penalty = _PENALTY * np.array([*[1.0] * len(names), 0.0])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (counts * (chance - is_post)) + penalty * weights
        bend = (columns.T * (counts * chance * (1 - chance))) @ columns + np.diag(penalty)
        weights[free] -= np.linalg.solve(bend[np.ix_(free, free)], slope[free])
    return weights


def _crossed(
    rows: Floats, is_post: Bools, counts: Floats, part: npt.NDArray[np.int_], names: Sequence[str]
) -> Floats:
    scores = np.zeros(len(rows))
    for each in np.unique(part):
        own = part == each
        weights = fit(rows[~own], is_post[~own], counts[~own], names)
        scores[own] = _with_bias(rows[own]) @ weights
    return scores


def _with_bias(rows: Floats) -> Floats:
    return np.hstack([rows, np.ones((len(rows), 1))])


def _row(page: Page, names: Sequence[str]) -> list[float]:
    document = Document(capture_of(page.html, page.url or NOWHERE, ("content-type", "text/html")))
    read = read_discussion(document)
    evidence = read.kind.evidence if read else {}
    return [evidence.get(name, 0.0) for name in names]


def _count(page: Page) -> float:
    return _DOCUMENTATION if page.truth.get("page_type") == "documentation" else _CORPORA[page.corpus]


def _part(page: Page) -> int:
    """A number by the registrable part of a page's host, so that no site is on both sides."""
    labels = (urlsplit(page.url).hostname or page.name).split(".")
    of_two = len(labels) < 3 or len(labels[-2]) > 3
    site = ".".join(labels[-2 if of_two else -3 :])
    return int.from_bytes(hashlib.sha256(site.encode()).digest()[:4])


def _print(label: str, pages: Sequence[Page], scores: Floats) -> None:
    taken = dict.fromkeys((OTHERS, POSTS), 0)
    shown = [(page, bool(score > 0)) for page, score in zip(pages, scores, strict=True)]
    own = [(page.truth.get("page_type"), is_taken) for page, is_taken in shown if page.corpus == "wcxb-dev"]
    for types in taken:
        taken[types] = sum(is_taken for type_, is_taken in own if type_ in types)
    claimed = sum(is_taken for _, is_taken in own)
    posts = sum(type_ in POSTS for type_, _ in own)
    others = {
        corpus: sum(not is_taken for page, is_taken in shown if page.corpus == corpus)
        for corpus in _CORPORA
        if corpus != "wcxb-dev"
    }
    print(
        f"{label}: no posts {taken[OTHERS]} of {claimed} taken ({taken[OTHERS] / claimed:.3f}), "
        f"refused {posts - taken[POSTS]} of {posts} posts ({1 - taken[POSTS] / posts:.3f}); of other corpora {others}"
    )


if __name__ == "__main__":
    main()
