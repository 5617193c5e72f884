"""What the screens of ``status``, ``list`` and ``show`` are drawn from in tests: a Korean and an English thread, and an archive in figures."""

from dataclasses import replace
from typing import Any, Final

from scraper.jobs.look.listing import ListedFailure, ListedPost
from scraper.jobs.look.status_data import StatusData
from scraper.jobs.look.thread import ThreadData
from scraper.model.outcome import ViewLine
from scraper.model.record import Comment, Count, Evidence, Person, Removed
from scraper.model.site import Claim
from scraper.records.history import PostRows, merge
from tests.records.samples import AUTHOR, PUBLISHED, READER, a_post, counts, day, read

OTHER: Final = Person("u-5", "Ann")


def plain(line: ViewLine) -> str:
    """A line of a view without its styles."""
    return line if isinstance(line, str) else "".join(span.text for span in line)


def thread(rows: PostRows, comment_id: str | None = None) -> ThreadData:
    """The data of a post's screen."""
    return {
        "comment_id": comment_id,
        "post": rows.post,
        "comments": rows.comments,
        "metrics": rows.metrics,
        "revisions": rows.revisions,
    }


def korean_thread() -> ThreadData:
    """A question in Korean that was edited: an accepted answer, replies, and a comment that was deleted between two visits."""
    text = (
        "첫 이력서를 쓰고 있습니다. 카페에서 2년 동안 일한 경험을 적어야 할지, 아니면 지원하는 직무와 관련이 없으니 빼야 할지 고민입니다.\n\n"
        "- 주문 실수를 줄이려고 메모지를 바꿨습니다\n- 새로 온 사람에게 일을 가르쳤습니다\n\n\n적는다면 어느 정도로 적는 게 좋을까요? 👩‍👩‍👧"
    )
    first = Comment(
        text="적으세요. 다만 ‘무엇을 했다’보다 ‘무엇을 바꿨다’를 한 줄로 적으시면 좋습니다.",
        native_id="1",
        author=READER,
        depth=0,
        likes=Count("likes", 13, "13"),
        is_accepted=True,
    )
    reply = Comment(
        text="고맙습니다! 오늘 밤에 고쳐 보겠습니다.",
        native_id="2",
        author=AUTHOR,
        depth=1,
        parent=0,
        parent_basis="nesting",
        published=PUBLISHED,
    )
    deeper = Comment(
        text="응원합니다.", native_id="3", author=READER, depth=2, parent=1, parent_basis="nesting"
    )
    deleted = Comment(text="지우실 댓글입니다.", native_id="4", author=OTHER, depth=0)
    before = a_post(
        text.replace("2년", "이 년"),
        "첫 이력서에 아르바이트 경험을 적어도 될까요?",
        counts=counts(views=1203, likes=4, comments=4),
    )
    now = replace(
        before,
        text=text,
        counts=counts(views=2011, likes=9, comments=3),
        removed=(Removed("madang.sign-up", "가입하고 더 읽기"),),
    )
    claim = Claim("madang:questions-7", "https://madang.example/questions/7")
    visits = [
        read(before, [first, reply, deeper, deleted], number=1, at=day(0), claim=claim),
        read(now, [first, reply, deeper], number=2, at=day(30), claim=claim),
    ]
    return thread(merge(visits))


def english_thread() -> ThreadData:
    """A post in English behind a gate: a chain of replies deeper than a screen is wide, and a comment without words."""
    post = a_post(
        "The server went down at nine. What follows is for members",
        "What we learned from an outage of nine hours, and why the second alarm was the one that nobody had set up",
        access="partial",
        access_evidence=(
            Evidence("cut", "The text ends in the middle of a sentence, before a sign-up prompt."),
        ),
        counts=counts(views=10, comments=30),
        tags=("outage", "on-call"),
        published=None,
    )
    chain = [
        Comment(
            text=f"Reply number {level}: did the alarm that was to call the second person call anybody at all?",
            native_id=str(level),
            author=OTHER if level % 2 else READER,
            depth=level,
            parent=level - 1 if level else None,
            parent_basis="stated" if level else None,
        )
        for level in range(14)
    ]
    silent = Comment(text=None, native_id="20", author=READER, depth=0)
    placeholder = Comment(text=None, native_id="21", depth=0, status="placeholder")
    return thread(merge([read(post, [*chain, silent, placeholder])]), "madang:posts-7#13")


_LISTED: Final = ListedPost(
    post_id="forum.example:topics-17",
    site="forum.example",
    url="https://forum.example/t/17",
    kind="topic",
    title="Slow bread",
    opening=None,
    published_at="2023-05-01T09:30:00Z",
    published_precision="minute",
    status="live",
    access="full",
    comments_captured=12,
    comments_deleted=0,
    comments_declared=12,
    revision=1,
    captured_at="2026-01-05T03:00:00Z",
)


def listed(**columns: Any) -> ListedPost:
    """A post of a list."""
    return replace(_LISTED, **columns)


LISTED: Final = (
    listed(),
    listed(
        post_id="careerly:comments-70434",
        title="새벽 창고에서 배운 인수인계, 그리고 아무도 적어 두지 않았던 것들",
        comments_declared=20,
        access="partial",
    ),
    listed(
        post_id="forum.example:topics-18",
        title=None,
        opening="Has anybody tried to bake this without a scale?",
        published_at=None,
        published_precision=None,
    ),
    listed(
        post_id="forum.example:topics-19",
        status="gone",
        published_at="2019-01-01T00:00:00Z",
        published_precision="year",
        comments_captured=1240,
        comments_declared=3000,
    ),
)
FAILED: Final[tuple[ListedFailure, ...]] = (
    {"url": "https://forum.example/private/9", "outcome": "refused", "at": "2026-01-05T03:00:00Z", "reason": "robots.txt (robots copy-1)"},
    {"url": "https://블로그.example/글/9", "outcome": "rejected", "at": None, "reason": "글이 아니라 목록입니다. It is a list, and no post."},
)  # fmt: skip


def status_data() -> StatusData:
    """An archive that has seen a lot, while another run writes."""
    return {
        "archive": "/data/archives/forum-and-careerly",
        "shard": "2/3",
        "key": "9f86d081884c7d65",
        "is_writable": True,
        "held_by": {"process": 4711, "verb": "refresh", "run_id": "r-9", "began_at": "2026-01-05T03:00:00Z"},
        "posts": {
            "total": 1240,
            "status": {"live": 1200, "gone": 30, "withdrawn": 2, "unknown": 8},
            "access": {"full": 1100, "partial": 20, "gated": 5, "unknown": 115},
        },
        "comments": {"captured": 14_023, "deleted": 23, "declared": 14_100, "captured_of_declared": 13_900},
        "completeness": {"whole": 1100, "short": 40, "undeclared": 100},
        "hosts": [
            {"host": "forum.example", "posts": 1000, "comments": 12_000},
            {"host": "careerly.co.kr", "posts": 240, "comments": 2023},
        ],
        "visits": {"kept": 1500, "unread": 3, "rejected": 7, "unjudged": 12},
        "last_run": {
            "run_id": "r-8",
            "verb": "refresh",
            "began_at": "2026-01-04T03:00:00Z",
            "ended_at": "2026-01-04T03:41:10Z",
            "ended": "broken off",
            "exit_code": None,
            "reason": "It was stopped by a signal.",
            "counts": {"done": 12, "failed": 1, "refused": 0},
            "requests": 300,
            "bytes": 12_300_000,
        },
        "last_publication": {"repo": "my-name/forum", "at": "2026-01-03T03:41:10Z"},
        "due": {"posts": 12, "visited": 1240, "next_at": "2026-01-05T04:10:00Z", "followed": ["https://forum.example/feed"]},
        "held_back": [
            {
                "site": "forum.example",
                "run_id": "r-7",
                "began_at": "2026-01-03T03:00:00Z",
                "posts": 40,
                "reason": "forum.example: the run of 2026-01-03 03:00 UTC (40 posts) reads differently: title missing.",
            }
        ],
        "takedowns": {"pending": ["forum.example:topics-3"], "is_pending": True, "tombstones": 4},
        "bytes": {"warc": 1_240_000_000, "state": 80_000_000, "records": 40_000_000, "ledger": 2_000_000, "other": 4000, "total": 1_362_004_000},
        "settings": [
            {"name": "archive", "value": "/data/archives/forum-and-careerly", "source": "environment", "stands_in": "POSTKEEP_ARCHIVE"},
            {"name": "contact", "value": "me@example.org", "source": "file", "stands_in": "/data/archives/forum-and-careerly/postkeep.toml"},
            {"name": "title", "value": None, "source": "default", "stands_in": None},
            {"name": "scrub", "value": ["email", "phone"], "source": "file", "stands_in": "/data/archives/forum-and-careerly/postkeep.toml"},
            {"name": "keep_noarchive", "value": False, "source": "default", "stands_in": None},
            {"name": "follow", "value": [], "source": "default", "stands_in": None},
            {"name": 'host."a-very-long-name-of-a-host.example".delay', "value": 10.0, "source": "file", "stands_in": "/data/archives/forum-and-careerly/postkeep.toml"},
        ],
        "notes": [],
        "next": ["A takedown is not complete: the next run completes it.", "12 posts are due. Visit them with: postkeep refresh"],
    }  # fmt: skip
