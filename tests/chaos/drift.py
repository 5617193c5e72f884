"""Drift on pages: ``python -m tests.chaos.drift --sites 20``; and on features, as ``make test`` has it, on more sites.

A site of pages lives for some nights; then each mutation of its pages is one more run of fifty. A mutation that changes what
is read on a tenth of the pages or more has to ring; one that is read as before has to stay quiet. Every page goes the whole
way: markup, adapter, rows, features. A seed plays alike each time: ``--first SEED --sites 1``.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from scraper.drift.features import REJECTED, Features, features_of
from scraper.model.record import Record
from scraper.records.cleaning import Policy
from scraper.records.people import Pseudonyms
from scraper.records.rows import read_rows
from tests.records.drift_world import MISREADINGS, Habits, Judge, Site, misread
from tests.sites.captures import CAPTURED_AT, capture, visit
from tests.sites.layouts import Look, Node, Said, Written, block, mutate, page, render
from tests.sites.visited import make_careerly as make_site

POSTS: Final = 90
PAGES: Final = 50
NIGHTS: Final = 5
# From so many pages on a mutation counts as one that changes what is read.
NOTABLE: Final = 0.1
_WORDS: Final = [
    "팀",
    "회의",
    "기록",
    "문서",
    "배포",
    "지표",
    "실험",
    "동료",
    "질문",
    "답변",
    "일정",
    "고객",
    "화면",
    "결제",
    "검색",
    "온보딩",
    "채용",
    "면접",
    "회고",
    "번역",
    "데이터",
    "설계",
    "리뷰",
    "장애",
    "알림",
    "주말",
    "아침",
    "커피",
    "산책",
    "이직",
    "성장",
    "습관",
    "메모",
    "목표",
    "분기",
    "예산",
    "협업",
    "기획",
    "디자인",
]
_NAMES: Final = [
    f"{family}{given}"
    for family in "김이박최정강조윤장임"
    for given in ("하늘", "도윤", "서연", "민준", "지우")
]


class Board:
    """A site of one layout: its posts are written, edited, counted and answered."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        dice = self.dice
        self.look = Look(
            title_tag=dice.choice(("h1", "h2")),
            author=dice.choice(("above", "below-title")),
            stats=dice.choice(("link", "plain", "split")),
            body=dice.choice(("paragraphs", "pre-wrap", "breaks")),
            prompt=dice.choice(("none", "after", "inside")),
            comment_date=dice.choice(("above", "below")),
            related=dice.choice(("none", "after", "aside-first")),
            banner=dice.random() < 0.5,
            landmarks=dice.random() < 0.8,
            data=dice.random() < 0.3,
        )
        self.posts = [self._write(number) for number in range(POSTS)]
        self.now = CAPTURED_AT

    def night(self) -> list[Written]:
        """A day goes by; the posts that one run visits."""
        self.now += timedelta(days=1)
        self.posts = [self._aged(post) for post in self.posts]
        self.posts += [self._write(len(self.posts)) for _ in range(self.dice.randrange(4))]
        return self.dice.sample(self.posts, PAGES)

    def _aged(self, post: Written) -> Written:
        dice = self.dice
        views = int(post.views.replace(",", "")) + int(dice.expovariate(1 / 20))
        post = replace(post, views=f"{views:,}")
        if dice.random() < 0.02:
            post = replace(post, paragraphs=(*post.paragraphs[:-1], self._paragraph()))
        if dice.random() < 0.05:
            post = replace(post, comments=(*post.comments, self._said()))
        elif post.comments and dice.random() < 0.005:
            post = replace(post, comments=post.comments[:-1])
        return post

    def _write(self, number: int) -> Written:
        dice = self.dice
        author = dice.randrange(len(_NAMES))
        return Written(
            title=None if dice.random() < 0.1 else " ".join(dice.sample(_WORDS, 4)),
            paragraphs=tuple(self._paragraph() for _ in range(dice.randint(2, 6))),
            date=f"2023년 {dice.randint(1, 5)}월 {dice.randint(1, 28)}일 오전 {dice.randint(1, 11)}:{dice.randint(10, 59)}",
            saves=str(dice.randrange(100)),
            views=f"{dice.randrange(30_000):,}",
            comments=tuple(self._said() for _ in range(int(dice.expovariate(1 / 3)))),
            author=_NAMES[author],
            profile=500 + author,
            number=4242 + number,
        )

    def _said(self) -> Said:
        author = self.dice.randrange(len(_NAMES))
        date = f"2023년 5월 {self.dice.randint(1, 28)}일"
        return Said(
            (self._paragraph(),), _NAMES[author], 500 + author, "마케터", date, self.dice.randrange(9)
        )

    def _paragraph(self) -> str:
        sentences = (
            " ".join(self.dice.choices(_WORDS, k=7)) + "입니다." for _ in range(self.dice.randint(1, 4))
        )
        return " ".join(sentences)


@dataclass(frozen=True)
class Shown:
    """A page before it is rendered, to be disfigured."""

    written: Written
    look: Look
    dice: random.Random

    def html(self) -> str:
        return render(page(self.written, self.look), self.written, self.look)

    def without(self, unwanted: Callable[[Node], bool]) -> str:
        """The page without the elements that ``unwanted`` names."""
        root = page(self.written, self.look)
        for node in list(root.all()):
            node.children = [it for it in node.children if isinstance(it, str) or not unwanted(it)]
        return render(root, self.written, replace(self.look, data=False))

    def said(self, **changes: object) -> str:
        """The page of a post that says something else."""
        return replace(self, written=replace(self.written, **changes)).html()  # type: ignore[arg-type]

    def looking(self, **changes: object) -> str:
        """The page in a layout that differs so."""
        return replace(self, look=replace(self.look, **changes)).html()  # type: ignore[arg-type]


def _text(node: Node) -> str:
    return "".join(child if isinstance(child, str) else _text(child) for child in node.children)


def _translated(shown: Shown) -> str:
    words = {
        "저장": "Saved",
        "조회": "Seen",
        "댓글": "Replies",
        "답글 쓰기": "Reply",
        "좋아요": "Like",
        "년": "/",
        "월": "/",
    }
    root = page(shown.written, shown.look)
    for node in root.all():
        node.children = [
            it if not isinstance(it, str) or len(it) > 40 else _replaced(it, words) for it in node.children
        ]
    return render(root, shown.written, replace(shown.look, data=False))


def _replaced(text: str, words: Mapping[str, str]) -> str:
    for word, other in words.items():
        text = text.replace(word, other)
    return text


def _gated(shown: Shown) -> str:
    first = shown.written.paragraphs[0][:60]
    return replace(shown, look=replace(shown.look, prompt="after", data=False)).said(
        paragraphs=(first,), comments=()
    )


def _truncated(shown: Shown) -> str:
    text, kept = "\n".join(shown.written.paragraphs)[:200], []
    kept = text.split("\n")
    return shown.said(paragraphs=tuple(it for it in kept if it))


def _leaking(shown: Shown) -> str:
    words = "지금 가입하고 매일 아침 새 글을 받아 보는 방법을 알아보는 사람이 늘고 있습니다."
    return shown.said(paragraphs=(*shown.written.paragraphs, words))


def _shell(shown: Shown) -> str:
    root = block("div", block("div", "잠시만 기다려 주세요"), id="__next")
    return render(root, shown.written, replace(shown.look, data=False))


def _other_keys(shown: Shown) -> str:
    found = shown.looking(data=True)
    keys = ("description", "title", "save_count", "postViewCount", "repliesCount", "createdAt", "userProfile")
    return _replaced(found, {f'"{key}"': f'"x{number}"' for number, key in enumerate(keys)})


MUTATIONS: Final[Mapping[str, Callable[[Shown], str]]] = {
    "renamed classes": lambda shown: render(
        mutate(page(shown.written, shown.look), shown.dice, wrap=0, swap=0), shown.written, shown.look
    ),
    "other elements": lambda shown: render(
        mutate(page(shown.written, shown.look), shown.dice), shown.written, shown.look
    ),
    "moved blocks": lambda shown: shown.looking(author="below-text", stats_above=True, comment_date="below"),
    "other JSON keys": _other_keys,
    "titles dropped": lambda shown: (
        shown.looking(head_title=False) if shown.written.title is None else shown.said(title=None)
    ),
    "comments dropped": lambda shown: shown.said(comments=()),
    "authors dropped": lambda shown: shown.looking(author="none", data=False),
    "counts and dates dropped": lambda shown: shown.without(
        lambda node: "조회" in _text(node) and len(_text(node)) < 60
    ),
    "gate everywhere": _gated,
    "truncated to 200 characters": _truncated,
    "translated labels": _translated,
    "words of a prompt in the text": _leaking,
    "the site's name as author": lambda shown: shown.said(author="커리어리", profile=1),
    "the site's name as title": lambda shown: shown.said(title="일하는 사람들의 커뮤니티"),
    "body of the description": lambda shown: shown.said(paragraphs=(shown.written.paragraphs[0][:80] + "…",)),
    "dates shifted": lambda shown: shown.said(date=shown.written.date.replace("오전", "오후")),
    "dates unreadable": lambda shown: shown.said(date="얼마 전"),
    "an empty shell": _shell,
    "links in pieces": lambda shown: render(
        mutate(page(shown.written, shown.look), shown.dice, wrap=0.4, unwrap=0.3, swap=0.6),
        shown.written,
        shown.look,
    ),
}
_POLICY: Final = Policy(Pseudonyms(bytes(32)))


def features(written: Written, board: Board, body: str) -> Features:
    """What drift sees of one page, by the way that every page goes."""
    site = make_site()
    url = f"https://careerly.co.kr/comments/{written.number}"
    seen = visit(capture(body, url, captured_at=board.now))
    record, claim = site.read(seen), site.claims(url)
    if not isinstance(record, Record) or claim is None:
        return REJECTED
    return features_of(read_rows(record, claim, seen, site.site, _POLICY))


@dataclass
class Counted:
    """What came of the runs."""

    quiet: int = 0
    rung: int = 0
    damaged: int = 0
    caught: int = 0
    as_before: int = 0
    as_before_rung: int = 0


def play(seed: int, nights: int, counted: Counted, missed: Counter[str]) -> None:
    """One site: its quiet nights, then each mutation in a run of its own."""
    board, judge = Board(seed), Judge()
    for _ in range(nights):
        pages = {
            it.number: features(it, board, Shown(it, board.look, board.dice).html()) for it in board.night()
        }
        verdict = judge.judge(pages)
        counted.quiet += bool(judge.past)
        if verdict.findings:
            counted.rung += 1
            print(f"drift: seed {seed}: a quiet night rings: {[it.sign.key for it in verdict.findings]}")
        judge.keep(pages, verdict)
    posts = board.night()
    good = {it.number: features(it, board, Shown(it, board.look, board.dice).html()) for it in posts}
    for name, mutation in MUTATIONS.items():
        dice = random.Random(f"{seed} {name}")
        bad = {it.number: features(it, board, mutation(Shown(it, board.look, dice))) for it in posts}
        rings = bool(judge.judge(bad).findings)
        if sum(bad[number] != good[number] for number in good) < NOTABLE * PAGES:
            counted.as_before += 1
            counted.as_before_rung += rings
            continue
        counted.damaged += 1
        counted.caught += rings
        missed[name] += not rings


def play_features(first: int, sites: int) -> None:
    """The figures on features: quiet nights, and misreadings of fifty pages after one, three and ten runs."""
    runs = rung = 0
    for seed in range(first, first + sites):
        site, judge = Site(Habits.drawn(seed)), Judge()
        for _ in range(100):
            pages = site.night()
            verdict = judge.judge(pages)
            runs, rung = runs + 1, rung + bool(verdict.findings)
            judge.keep(pages, verdict)
    last = first + sites - 1
    print(f"drift: features: seeds {first} to {last}: {runs} quiet runs, {rung} ring")
    for depth in (1, 3, 10):
        for share in (1.0, 0.1):
            total, missed = 0, Counter[str]()
            for seed in range(first + 1000, first + 1000 + sites):
                site, judge = Site(Habits.drawn(seed)), Judge()
                for _ in range(depth):
                    pages = site.night(PAGES)
                    judge.keep(pages, judge.judge(pages))
                pages = site.night(PAGES)
                for name, how in MISREADINGS.items():
                    total += 1
                    bad = misread(pages, how, share, random.Random(seed))
                    missed[name] += not judge.judge(bad).findings
            left = {name: count for name, count in missed.items() if count}
            print(
                f"drift: features: seeds {first + 1000} to {last + 1000}: after {depth} runs, {share:.0%} of pages misread: {total - missed.total()} of {total} ring; missed {left}"
            )


def main() -> int:
    """Play the sites; the exit status says whether the floors hold: 99 of 100 mutations, 1 of 100 quiet runs."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.drift", description=__doc__)
    parser.add_argument("--sites", type=int, default=20, help="how many sites are played")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first of them")
    parser.add_argument("--nights", type=int, default=NIGHTS, help="how many nights each site lives for")
    parser.add_argument("--features", action="store_true", help="play sites of features instead of pages")
    options = parser.parse_args()
    if options.features:
        play_features(options.first, options.sites)
        return 0
    counted, missed = Counted(), Counter[str]()
    for seed in range(options.first, options.first + options.sites):
        play(seed, options.nights, counted, missed)
    left = {name: count for name, count in missed.items() if count}
    print(
        f"drift: seeds {options.first} to {options.first + options.sites - 1}: {counted.quiet} quiet runs, {counted.rung} ring; "
        f"{counted.damaged} mutations that change what is read, {counted.caught} ring (missed {left}); "
        f"{counted.as_before} read as before, {counted.as_before_rung} ring"
    )
    holds = counted.caught >= 0.99 * counted.damaged and counted.rung <= 0.01 * counted.quiet
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
