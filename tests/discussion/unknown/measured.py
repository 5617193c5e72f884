"""How well pages of a kind are read: comments, names, days, answers, and names that stand in texts."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tests.discussion.unknown.markup import NOW, Kind, Page, page_of
from tests.discussion.unknown.threads import Said, make_thread
from tests.eval.readers import ReadComment, ReadPage, postkeep

_WORD: Final = re.compile(r"[^\W_]+")
# So much of a text is the same text.
_SAME: Final = 0.8


@dataclass(slots=True)
class Figures:
    """What was read of pages of a kind, counted; ``faults`` says what was not, in words."""

    true: int = 0
    got: int = 0
    same: int = 0
    named: int = 0
    names: int = 0
    dated: int = 0
    dates: int = 0
    edges: int = 0
    edges_got: int = 0
    edges_same: int = 0
    leaks: int = 0
    posts: int = 0
    posts_read: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """F1 of the comments."""
        return _f1(self.same, self.true, self.got)

    @property
    def authors(self) -> float:
        """Of the comments read, the share whose writer is right."""
        return self.names / self.named if self.named else 1.0

    @property
    def days(self) -> float:
        """Of the comments read, the share whose day is right."""
        return self.dates / self.dated if self.dated else 1.0

    @property
    def edges_f1(self) -> float:
        """F1 of what answers what."""
        return _f1(self.edges_same, self.edges, self.edges_got)

    @property
    def posts_share(self) -> float:
        """Of the pages, the share whose post has its words."""
        return self.posts_read / self.posts if self.posts else 1.0

    def line(self) -> str:
        """The figures in a line."""
        return f"F1 {self.f1:.3f} of {self.true:4}  authors {self.authors:.3f}  days {self.days:.3f}  edges {self.edges_f1:.3f}  posts {self.posts_share:.3f}  leaks {self.leaks}"


def measure(kind: Kind, seeds: Iterable[int]) -> Figures:
    """The figures over a page for each seed, language and size of a kind in turn."""
    figures = Figures()
    for seed in seeds:
        add(figures, page_of_seed(kind, seed))
    return figures


def page_of_seed(kind: Kind, seed: int) -> Page:
    """A page of a kind, in a language and of a size that the seed chooses."""
    language = kind.languages[seed % len(kind.languages)]
    size = kind.sizes[(seed // 2) % len(kind.sizes)]
    thread = make_thread(
        seed, size, language=language, deepest=kind.deepest, quotes=kind.quotes, long=seed % 3 == 1
    )
    return page_of(kind, thread, seed)


def add(figures: Figures, page: Page) -> ReadPage:
    """Read a page and count what is right."""
    kind, said = page.kind, page.thread.said
    read = postkeep(page.html.encode(), page.url, NOW)
    where = f"{kind.name}/{page.thread.language}/{len(said)}"
    figures.posts += 1
    if _alike(said[0].text, read["text"] or "") >= _SAME:
        figures.posts_read += 1
    else:
        figures.faults.append(
            f"{where} post {said[0].text[:60]!r} read as {read['kind']} {(read['text'] or '')[:80]!r}"
        )
    pairs = _pairs(said[1:], read["comments"])
    figures.true += len(said) - 1
    figures.got += len(read["comments"])
    figures.same += len(pairs)
    got = set(pairs.values())
    for at, each in enumerate(said[1:]):
        if at not in pairs:
            figures.faults.append(f"{where} missed {each.by.name}: {each.text[:70]!r}")
        else:
            _fields(figures, kind, each, read["comments"][pairs[at]], where)
    figures.faults += [
        f"{where} extra {each['author']}: {each['text'][:90]!r}"
        for at, each in enumerate(read["comments"])
        if at not in got
    ]
    _edges(figures, page, read["comments"], pairs, where)
    return read


def _fields(figures: Figures, kind: Kind, said: Said, read: ReadComment, where: str) -> None:
    if kind.has_names:
        figures.named += 1
        is_right = _plain(read["author"]) == _plain(said.by.name)
        figures.names += is_right
        if not is_right:
            figures.faults.append(f"{where} author {said.by.name!r} read as {read['author']!r}")
    if kind.has_dates:
        figures.dated += 1
        is_right = (read["date"] or "")[:10] == said.at.isoformat()[:10]
        figures.dates += is_right
        if not is_right:
            figures.faults.append(f"{where} date {said.at.isoformat()} read as {read['date']!r}")
    more = Counter(_words(read["text"])) - Counter(_words(said.text))
    if sum(more.values()) and _plain(said.by.name) in _plain(read["text"]):
        figures.leaks += 1
        figures.faults.append(f"{where} leak {said.by.name!r} in {read['text'][:80]!r}")
    elif sum(more.values()) > 1:
        figures.faults.append(f"{where} more {' '.join(more)[:80]!r} in {read['text'][:60]!r}")


def _edges(figures: Figures, page: Page, read: list[ReadComment], pairs: dict[int, int], where: str) -> None:
    said = page.thread.said[1:]
    back = {mine: at for at, mine in pairs.items()}
    true = {
        (at, each.parent - 1)
        for at, each in enumerate(said)
        if page.kind.edges and each.parent and at in pairs and each.parent - 1 in pairs
    }
    got = {
        (back[mine], back[each["parent"]])
        for mine, each in enumerate(read)
        if each["parent"] is not None and mine in back and each["parent"] in back
    }
    if page.kind.quotes:
        return
    figures.edges += len(true)
    figures.edges_got += len(got)
    figures.edges_same += len(true & got)
    if true != got:
        figures.faults.append(f"{where} edges missed {sorted(true - got)[:6]} extra {sorted(got - true)[:6]}")


def _pairs(said: tuple[Said, ...], read: list[ReadComment]) -> dict[int, int]:
    """Which of the read comments is which of the true ones, in order where several say the same."""
    left = dict(enumerate(read))
    pairs: dict[int, int] = {}
    for at, each in enumerate(said):
        scored = ((_alike(each.text, comment["text"]), -mine) for mine, comment in left.items())
        best, mine = max(scored, default=(0.0, 0))
        if best >= _SAME:
            pairs[at] = -mine
            del left[-mine]
    return pairs


def _alike(true: str, got: str) -> float:
    one, other = Counter(_words(true)), Counter(_words(got))
    return _f1(sum((one & other).values()), sum(one.values()), sum(other.values())) if got else 0.0


def _f1(same: int, one: int, other: int) -> float:
    return 2 * same / (one + other) if one + other else 1.0


def _words(text: str) -> list[str]:
    return [
        part for word in _WORD.findall(text.lower()) for part in (word if ord(word[0]) > 0x3000 else [word])
    ]


def _plain(name: str | None) -> str:
    return " ".join(_WORD.findall((name or "").lower()))
