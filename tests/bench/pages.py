"""WARC files for measuring: many posts of Careerly's first site, or one WordPress post with a long thread.

``python -m tests.bench.pages posts 1000 posts.warc.gz`` writes so many pages of about 15 kB, each a text of eight parts, a
sign-up prompt and 14 comments. ``thread 200 thread.warc.gz`` writes a post with so many pages of 50 comments;
with ``--abbreviated`` a page links only its neighbours, the first and the last (``1 2 … 200``). Without arguments it says how large such pages
are. The markup is the replica's, the words are those of its community, put together anew with fixed seeds, so that
no two posts have a passage in common.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from tests.jobs.crawl_file import CrawlFile
from tests.replica import v1, wordpress
from tests.replica.content import ReplicaComment, ReplicaPerson, ReplicaPost, load_community

PARTS: Final = 8
COMMENTS: Final = 14
COMMENTS_A_PAGE: Final = 50

_FIRST_ID: Final = 100_000
_MEMBERS: Final = 300
_SURNAMES: Final = "강고구권김남노류명박백변서성손송신심안양오우유윤이임장전정조주지진차채최추하한허홍"
_SYLLABLES: Final = "가나다라마바사아자하겨고누두루모보소우주지찬태혜훈"
_BEGAN: Final = datetime(2022, 1, 3, 9, 0)  # noqa: DTZ001 - the replica's times are Korean wall-clock times
_NUMBERS_IN_BOXES: Final = tuple(
    f"{number}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}" for number in range(1, 10)
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was served."""

    url: str
    html: str


def posts(count: int) -> Iterator[ReplicaPost]:
    """So many posts of the first site, each with words, numbers and ids of its own."""
    people = _members()
    sentences, remarks = _sentences(), _remarks()
    for number in range(count):
        yield _post(number, Random(number), people, sentences, remarks)


def post_pages(count: int) -> Iterator[Page]:
    """Their pages, as a signed-out reader got them."""
    community, build = load_community(), v1.Build()
    for post in posts(count):
        yield Page(post.url("v1"), v1.post_page(community, post, build))


def thread_pages(count: int, *, abbreviated: bool) -> Iterator[Page]:
    """The pages of one WordPress post whose comments fill so many, in their order; the first stands at the post's own URL."""
    entry = _long_thread(count)
    for number in range(1, count + 1):
        path = entry.path if number == 1 else f"{entry.path}comment-page-{number}/"
        html = wordpress._post(entry, number)
        if abbreviated:
            html = html.replace(wordpress._navigation(entry, number), _abbreviated_navigation(entry, number))
        yield Page(wordpress.SITE + path, html)


def write_warc(pages: Iterator[Page], target: Path) -> int:
    """Write pages as another crawler would have kept them; gives how many there were."""
    file, count = CrawlFile(), 0
    for count, page in enumerate(pages, 1):
        at = datetime(2026, 1, 5, 3, 0) + timedelta(seconds=count)  # noqa: DTZ001 - written with its zone below
        file.add(
            page.url,
            page.html.encode(),
            f"{at:%Y-%m-%dT%H:%M:%SZ}",
            200,
            (("Content-Type", "text/html; charset=utf-8"),),
        )
    file.write(target)
    return count


def _post(
    number: int,
    random: Random,
    people: Sequence[ReplicaPerson],
    sentences: Sequence[str],
    remarks: Sequence[str],
) -> ReplicaPost:
    at = _BEGAN + timedelta(hours=7 * number, seconds=random.randrange(3600))
    parts = [
        f"{box} {' '.join(_told(random, sentences, random.choice((1, 1, 2))))}"
        for box in _NUMBERS_IN_BOXES[:PARTS]
    ]
    by = random.choice(people)
    return ReplicaPost(
        id=_FIRST_ID + number,
        by=by,
        at=at,
        title=f"⟪{number + 1}번째 기록: {_anew(random, sentences)[:24].strip()}⟫",
        title_in="first-line",
        text="\n\n".join(parts),
        editor="plain",
        prompt="over",
        views=random.randrange(300, 40_000),
        saves=random.randrange(900),
        likes=random.randrange(300),
        reposts=random.randrange(20),
        generations=frozenset({"v1"}),
        comments=tuple(_comments(number, random, by, at, people, remarks)),
    )


def _comments(
    number: int,
    random: Random,
    by: ReplicaPerson,
    at: datetime,
    people: Sequence[ReplicaPerson],
    remarks: Sequence[str],
) -> Iterator[ReplicaComment]:
    """Every third one is a reply of the post's author to the one before."""
    for order in range(COMMENTS):
        at += timedelta(minutes=random.randrange(1, 300))
        comment_id = 1_000_000 + number * 100 + order
        is_reply = order % 3 == 2
        text = f"{_anew(random, remarks)} ({random.randrange(10_000)})"
        yield ReplicaComment(
            id=comment_id,
            by=by if is_reply else random.choice(people),
            at=at,
            text=text,
            likes=random.randrange(20),
            to=comment_id - 1 if is_reply else None,
        )


def _told(random: Random, sentences: Sequence[str], count: int) -> Iterator[str]:
    """Sentences, each with a number of its own."""
    for _ in range(count):
        yield f"{_anew(random, sentences).rstrip('.')} ({random.randrange(100_000):,}건)."


def _anew(random: Random, texts: Sequence[str]) -> str:
    """As many words as one of the texts has, each out of another."""
    return " ".join(random.choice(random.choice(texts).split()) for _ in random.choice(texts).split())


def _members() -> tuple[ReplicaPerson, ...]:
    random = Random("members")
    names = (
        random.choice(_SURNAMES) + random.choice(_SYLLABLES) + random.choice(_SYLLABLES) for _ in iter(int, 1)
    )
    distinct = dict.fromkeys(islice(names, _MEMBERS * 3))
    return tuple(
        ReplicaPerson(500_000 + number, 600_000 + number, name, f"{number}년 차 회사원")
        for number, name in enumerate(islice(distinct, _MEMBERS), 1)
    )


def _sentences() -> tuple[str, ...]:
    """Sentences of the community's posts, without lists and code."""
    texts = (post.text for post in load_community().posts if "```" not in post.text)
    lines = (line for text in texts for line in text.splitlines() if not line.startswith("- "))
    sentences = (part.strip() + "." for line in lines for part in line.split(". "))
    return tuple(dict.fromkeys(each for each in sentences if 25 <= len(each) <= 90 and "http" not in each))


def _remarks() -> tuple[str, ...]:
    """What the community's comments say, where it is one line."""
    texts = (
        comment.text for post in load_community().posts for comment in post.comments if not comment.deleted
    )
    return tuple(dict.fromkeys(text for text in texts if "\n" not in text and len(text) >= 12))


def _long_thread(count: int) -> wordpress.Entry:
    random, remarks, people = Random("thread"), _remarks(), _members()
    numbers = iter(range(10_001, 10_001 + count * COMMENTS_A_PAGE))
    pages = tuple(
        tuple(
            wordpress.Remark(
                next(numbers),
                1 + (order % 3 == 2),
                random.choice(people).name,
                1 + page * 27 // count,
                (f"{random.choice(remarks)} ({random.randrange(100_000)})",),
            )
            for order in range(COMMENTS_A_PAGE)
        )
        for page in range(count)
    )
    return wordpress.Entry(
        77,
        "long-thread",
        3,
        "이웃들에게 묻습니다: 겨울을 어떻게 나시나요?",
        "<p>댓글이 아주 많이 달린 글이다.</p>\n<p>모두 읽으려면 여러 쪽을 넘겨야 한다.</p>",
        tags=("겨울",),
        pages=pages,
        declared=count * COMMENTS_A_PAGE,
    )


def _abbreviated_navigation(entry: wordpress.Entry, number: int) -> str:
    """``paginate_links`` with one page at each end and one on each side, as themes have it for long threads."""
    last = len(entry.pages)
    shown = sorted({1, number - 1, number, number + 1, last} & set(range(1, last + 1)))
    links: list[str] = []
    for before, each in zip((0, *shown), shown, strict=False):
        if each > before + 1:
            links.append('<span class="page-numbers dots">&hellip;</span>')
        url = f"{wordpress.SITE}{entry.path}comment-page-{each}/#comments"
        links.append(
            f'<span aria-current="page" class="page-numbers current">{each}</span>'
            if each == number
            else f'<a class="page-numbers" href="{url}">{each}</a>'
        )
    return (
        f'<nav class="navigation comments-pagination"><div class="nav-links">{" ".join(links)}</div></nav>\n'
    )


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.pages", description="WARC files for measuring."
    )
    parser.add_argument("kind", nargs="?", choices=["posts", "thread"])
    parser.add_argument(
        "count", nargs="?", type=int, default=1000, help="how many posts, or pages of comments"
    )
    parser.add_argument("target", nargs="?", type=Path, help="the file to write, .warc or .warc.gz")
    parser.add_argument("--abbreviated", action="store_true", help="link neighbours, first and last alone")
    options = parser.parse_args()
    if options.kind and options.target is None:
        parser.error("name the file to write")
    if options.kind is None:
        sizes = [len(page.html.encode()) for page in post_pages(50)]
        print(f"pages: {len(sizes)} made pages of posts, {sum(sizes) / len(sizes) / 1e3:.1f} kB on average")
        return
    pages = (
        post_pages(options.count)
        if options.kind == "posts"
        else thread_pages(options.count, abbreviated=options.abbreviated)
    )
    print(f"{options.target}: {write_warc(pages, options.target):,} pages")


if __name__ == "__main__":
    main()
