"""A site that lives: for months its posts are edited, deleted, gated, slowed and redesigned, and it has bad days.

Each day says what the site does and tells each post's chronicle what a careful visitor must make of it. A post that no
day mentions is shown as it stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import repeat
from typing import Final

from tests.replica.chronicle import Chronicle
from tests.replica.content import SITE_HOST, Community, ReplicaComment, ReplicaPost, load_community
from tests.replica.expected import Layout
from tests.replica.routes import Answer, Deployment, RobotsFile
from tests.replica.server import Disconnect, Drip, Failure, Fault
from tests.replica.v1 import Build
from tests.replica.v2 import API_HOST
from tests.replica.wording import SEOUL

_HTML: Final = (("content-type", "text/html; charset=utf-8"),)
_PEOPLE: Final = [post.by for post in load_community().posts if post.by is not None]
_FIRST_DAY: Final = datetime.fromisoformat("2026-01-01T08:00:00")
_V2: Final = frozenset({"v2"})
_V1: Final = frozenset({"v1"})


def _page(title: str, words: str = "") -> bytes:
    return f"<!DOCTYPE html><title>{title}</title><body><h1>{title}</h1><p>{words}</p></body>".encode()


# What stands at a post's address on a bad day, always with status 200.
BAD_DAYS: Final[Mapping[str, Answer]] = {
    "503 as 200": Answer(200, _HTML, _page("503 Service Temporarily Unavailable", "nginx")),
    "empty shell": Answer(200, _HTML, b'<!DOCTYPE html><title>Careerly</title><body><div id="root"></div></body>'),
    "empty": Answer(200, _HTML, b""),
    "login wall": Answer(200, _HTML, _page("로그인 - 커리어리", "이메일 비밀번호 로그인 회원가입")),
    "maintenance": Answer(200, _HTML, _page("서비스 점검 안내", "더 나은 서비스를 위해 점검 중입니다. 찾을 수 없는 글이 있을 수 있어요.")),
    "cached error": Answer(
        200, (*_HTML, ("age", "3600"), ("x-cache", "HIT")), _page("오류가 발생했습니다", "요청한 글을 찾을 수 없습니다. 잠시 후 다시 시도해 주세요.")
    ),
}  # fmt: skip
SOFT_404: Final = Answer(200, _HTML, _page("페이지를 찾을 수 없습니다", "주소가 바뀌었거나 지워진 글이에요."))
GONE: Final = Answer(410, _HTML, _page("Gone"))
TO_LOGIN: Final = Answer(302, (("location", "/login?next=somewhere"),))
LOGIN_PAGE: Final = Answer(200, _HTML, _page("로그인 - 커리어리", "이메일 비밀번호 로그인"))


def _comment(number: int, text: str, to: int | None = None) -> ReplicaComment:
    return ReplicaComment(
        number, _PEOPLE[number % 7], _FIRST_DAY + timedelta(days=1, minutes=number), text, number % 4, to
    )


def _post(number: int, title: str, text: str, *comments: ReplicaComment, **more: object) -> ReplicaPost:
    numbers = {"views": 10 * number % 97, "saves": number % 9, "likes": number % 5, "reposts": 1}
    at = _FIRST_DAY + timedelta(minutes=number % 60)
    plain = {"title_in": "field", "editor": "plain", "generations": _V2}
    return ReplicaPost(
        id=number, by=_PEOPLE[number % 7], at=at, title=title, text=text, comments=comments, **(plain | numbers | more)  # type: ignore[arg-type]
    )  # fmt: skip


def _first_posts() -> dict[str, ReplicaPost]:
    talk = (_comment(11, "첫 댓글입니다."), _comment(12, "답글입니다.", 11), _comment(13, "세 번째입니다."))
    return {
        "quiet": _post(801, "조용한 글", "아무 일도 일어나지 않습니다.", _comment(21, "그러네요.")),
        "edited": _post(802, "고치는 글", "처음 쓴 글입니다.", *talk),
        "removed": _post(803, "지우는 글", "언젠가 사라집니다.", _comment(31, "아쉽네요.")),
        "withdrawn": _post(804, "거두는 글", "글쓴이가 거둡니다."),
        "gated": _post(805, "닫히는 글", "회원에게만 보입니다.", _comment(41, "보이나요?")),
        "page": _post(806, "옛 화면의 글", "한 줄로 쓴 옛 화면의 글입니다.\n둘째 줄도 있습니다.", generations=_V1, likes=0, reposts=0),
    }  # fmt: skip


@dataclass
class Months:
    """The site and the script: ``days`` in order, each to be begun with ``begin`` and followed by a visit to each post."""

    start: datetime
    posts: dict[str, ReplicaPost] = field(default_factory=_first_posts)
    build: Build = field(default_factory=Build)
    now: datetime = field(init=False)
    instead: dict[tuple[str, str], Answer] = field(init=False, default_factory=dict)
    robots: dict[str, RobotsFile] = field(init=False, default_factory=dict)
    faults: dict[str, list[Fault | None]] = field(init=False, default_factory=dict)
    _told: set[str] = field(init=False, default_factory=set)
    _absent: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.now = self.start
        self.chronicles = {
            name: Chronicle(post, "v1-html" if name == "page" else "v2-api")
            for name, post in self.posts.items()
        }

    @property
    def deployment(self) -> Deployment:
        """What is deployed on this day."""
        there = tuple(post for name, post in self.posts.items() if name not in self._absent)
        return Deployment(Community(there), self.build, robots=self.robots, instead=self.instead)

    @property
    def urls(self) -> list[str]:
        """The addresses of the posts."""
        return [post.url("v1" if name == "page" else "v2") for name, post in self.posts.items()]

    def begin(self, day: "Day") -> timedelta:
        """Let the site do what the day says, and the chronicles hear of the visit; gives the time since the last day."""
        self.now += timedelta(days=day.after)
        self.instead, self.robots, self.faults, self._told = {}, {}, {}, set()
        day.happens(self)
        for name, post in self.posts.items():
            if name not in self._told:
                layout: Layout = self.chronicles[name].layout
                self.chronicles[name].shows(self.now, post, "v1-next-data" if post.next_data else layout)
        return timedelta(days=day.after)

    def change(self, name: str, **fields: object) -> None:
        """The post is otherwise from now on."""
        self.posts[name] = replace(self.posts[name], **fields)  # type: ignore[arg-type]

    def edit(self, name: str, **fields: object) -> None:
        """Its author edits it."""
        self.change(name, edited=self.now.astimezone(SEOUL).replace(tzinfo=None, microsecond=0), **fields)

    def comment(self, name: str, number: int, **fields: object) -> None:
        """One of its comments is otherwise from now on."""
        comments = [
            replace(each, **fields) if each.id == number else each  # type: ignore[arg-type]
            for each in self.posts[name].comments
        ]
        self.change(name, comments=tuple(comments))

    def answers(self, name: str, answer: Answer) -> None:
        """On this day, this stands at the address that decides about the post; the chronicle is told apart."""
        number = self.posts[name].id
        place = (
            (SITE_HOST, f"/comments/{number}") if name == "page" else (API_HOST, f"/api/v1/posts/{number}/")
        )
        self.instead[place] = answer

    def leaves(self, name: str) -> None:
        """The site has the post no more: 404."""
        self._absent.add(name)
        self.lost(name)

    def returns(self, name: str) -> None:
        """The site has it again."""
        self._absent.discard(name)

    def lost(self, name: str, status: str = "gone") -> None:
        """The chronicle hears that the post is not there."""
        self._told.add(name)
        self.chronicles[name].loses(self.now, status)

    def nothing_learned(self, name: str) -> None:
        """The chronicle hears of no visit: this day says nothing about the post."""
        self._told.add(name)

    def shut(self, name: str) -> None:
        """The chronicle hears that a gate stands in place of the post, and of nothing behind it."""
        self._told.add(name)
        self.chronicles[name].shuts(self.now)

    def taken_back(self, name: str) -> None:
        """The chronicle hears that the author took the post back."""
        self._told.add(name)
        self.chronicles[name].withdraws(self.now, self.posts[name])


@dataclass(frozen=True)
class Day:
    """So many days after the last one, this happens."""

    after: int
    name: str
    happens: Callable[[Months], None]


def _bad(answer: Answer, *names: str) -> Callable[[Months], None]:
    def happens(site: Months) -> None:
        for name in names:
            site.answers(name, answer)
            site.nothing_learned(name)

    return happens


def _many(*steps: Callable[[Months], None]) -> Callable[[Months], None]:
    def happens(site: Months) -> None:
        for step in steps:
            step(site)

    return happens


def _faults(name: str, *kinds: Fault | None, is_lost: bool) -> Callable[[Months], None]:
    def happens(site: Months) -> None:
        post = site.posts[name]
        target = f"/comments/{post.id}" if name == "page" else f"/api/v1/posts/{post.id}/"
        site.faults[target] = list(kinds)
        if is_lost:
            site.nothing_learned(name)

    return happens


def _refused(site: Months) -> None:
    site.robots = {host: RobotsFile(body="User-agent: *\nDisallow: /\n") for host in (SITE_HOST, API_HOST)}
    for name in site.posts:
        site.nothing_learned(name)


def _to_login(site: Months) -> None:
    site.answers("page", TO_LOGIN)
    site.instead[SITE_HOST, "/login"] = LOGIN_PAGE
    site.lost("page", "withdrawn")


def _without(number: int) -> Callable[[Months], None]:
    def happens(site: Months) -> None:
        left = tuple(each for each in site.posts["edited"].comments if each.id != number)
        site.change("edited", comments=left)

    return happens


def _with(comment: ReplicaComment) -> Callable[[Months], None]:
    return lambda site: site.change("edited", comments=(*site.posts["edited"].comments, comment))


def _gone_page(site: Months, answer: Answer) -> None:
    site.answers("page", answer)
    site.lost("page")


DAYS: Final[tuple[Day, ...]] = (
    Day(0, "everything is there", lambda site: None),
    Day(1, "numbers move", lambda site: site.change("edited", views=400, likes=9)),
    Day(1, "a text is edited", lambda site: site.edit("edited", text="고쳐 쓴 글입니다.")),
    Day(2, "nothing happens", lambda site: None),
    Day(1, "a title and a text are edited at once", lambda site: site.edit("edited", title="새 제목", text="또 고쳐 쓴 글.")),
    Day(3, "a comment comes", _with(_comment(14, "늦게 온 댓글."))),
    Day(1, "a comment is edited", lambda site: site.comment("edited", 14, text="고친 댓글.")),
    Day(1, "a comment is deleted and leaves a placeholder", lambda site: site.comment("edited", 11, deleted=True)),
    Day(1, "a comment is deleted without a trace", _without(13)),
    Day(1, "a post is edited back", lambda site: site.edit("edited", text="처음 쓴 글입니다.")),
    Day(9, "a redesign", lambda site: setattr(site, "build", Build("n3wB1"))),
    Day(1, "a redesign with data in its pages", lambda site: site.change("page", next_data=True)),
    Day(1, "a post is removed", lambda site: site.leaves("removed")),
    Day(1, "it stays removed", lambda site: site.lost("removed")),
    Day(1, "a post is withdrawn", _many(lambda site: site.change("withdrawn", deleted=True), lambda site: site.taken_back("withdrawn"), lambda site: site.lost("removed"))),
    Day(1, "a removed post returns", _many(lambda site: site.returns("removed"), lambda site: site.taken_back("withdrawn"))),
    Day(30, "a withdrawn post returns, edited", lambda site: site.edit("withdrawn", deleted=False, text="다시 썼습니다.")),
    Day(1, "a post is gated", _many(lambda site: site.change("gated", gated=True), lambda site: site.shut("gated"))),
    Day(1, "while gated, it is edited", _many(lambda site: site.edit("gated", text="문 뒤에서 고쳤습니다."), lambda site: site.nothing_learned("gated"))),
    Day(1, "the gate opens", lambda site: site.change("gated", gated=False)),
    *(Day(1, name, _bad(answer, "page", "edited", "quiet")) for name, answer in BAD_DAYS.items()),
    Day(1, "503 for real", _faults("page", *[Failure(503)] * 9, is_lost=True)),
    Day(2, "it hangs up in the middle", _faults("page", *repeat(Disconnect(after=2600), 9), is_lost=True)),
    Day(2, "it is slow", _faults("page", Drip(interval=0.001, size=1000), is_lost=False)),
    Day(2, "robots.txt refuses everything", _refused),
    Day(2, "it is allowed again", lambda site: site.change("quiet", views=999)),
    Day(1, "a page is lost softly", lambda site: _gone_page(site, SOFT_404)),
    Day(1, "it is back", lambda site: None),
    Day(1, "its page leads to a login", _to_login),
    Day(45, "it is back, with other numbers", lambda site: site.change("page", views=12_345)),
    Day(1, "410", lambda site: _gone_page(site, GONE)),
    Day(1, "a bad day of a page that is gone", _many(_bad(BAD_DAYS["maintenance"], "page"), lambda site: site.leaves("quiet"))),
    Day(60, "the end", lambda site: site.lost("quiet")),
)  # fmt: skip
_LONG_DAYS: Final = frozenset(
    {
        "nothing happens",
        "a comment comes",
        "a comment is edited",
        "a redesign",
        "it stays removed",
        "while gated, it is edited",
        "empty",
        "login wall",
        "maintenance",
        "503 for real",
        "it is slow",
        "robots.txt refuses everything",
        "it is allowed again",
        "410",
    }
)
SHORT_DAYS: Final = tuple(day for day in DAYS if day.name not in _LONG_DAYS)
"""A choice of the days, for who is in a hurry: one of each kind."""
