"""A small forum of our own words on software that nobody wrote: boards, lists of topics over pages, threads over pages.

Besides what a reader follows, every page links what must not be asked for: ``TRAPS`` are the beginnings of those addresses.
"""

from dataclasses import dataclass
from html import escape
from typing import Final

HOST: Final = "moim.example"
SITE: Final = f"https://{HOST}"
TRAPS: Final = ("/login", "/register", "/act", "/quiet-topic", "/sponsor", "/u/", "/search")
_POSTS_A_PAGE: Final = 10
_TOPICS_A_PAGE: Final = 6
_NAMES: Final = ("나루", "Maren", "솔바람", "Tobias", "하늬")
_SAID: Final = (
    "저는 물을 하루 걸러 줍니다. 잎이 노랗게 되면 조금 줄이면 됩니다.",
    "I soaked the boards for two days before bending them, and none of them split.",
    "사진을 보니 뿌리가 꽉 찼네요. 더 큰 화분으로 옮겨 보세요.",
    "The glue holds better when the room is warm; mine failed twice in January.",
    "지난주에 같은 일을 겪었는데, 그늘에 두니 사흘 만에 나아졌어요.",
    "Thank you, that answers it. I will try the shorter screws first and report back.",
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with its number, the folder of its board, its title and how many posts it has, the first one included.

    ``day`` is that of April on which it was begun; ``moved`` that of its last post, where it is another one.
    """

    number: int
    board: str
    title: str
    posts: int
    day: int
    moved: int = 0

    @property
    def path(self) -> str:
        """The path of its first page."""
        return f"/t/{self.number}"


BOARDS: Final = {
    "workshop": ("목공방 Workshop", "나무로 만드는 모든 것에 대해 이야기합니다."),
    "garden": ("텃밭 Garden", "Seeds, pots and everything that grows on a balcony."),
    "quiet": ("조용한 방", "여기 있는 글은 따라가지 말아 달라고 하는 방입니다."),
}
_TITLES: Final = (
    "의자 다리가 흔들릴 때 어떻게 고치나요",
    "Which glue for oak in a cold workshop",
    "베란다 상추가 자꾸 웃자라는 이유",
    "A small bench from old pallet boards",
    "처음 사는 대패, 무엇을 보고 고르셨나요",
    "Slugs in the strawberry pots again",
    "톱날을 집에서 갈아 본 경험담",
    "How deep do you plant garlic here",
)
TOPICS: Final = tuple(
    Topic(201 + at, "workshop" if at % 2 == 0 or at > 8 else "garden", title, posts, 1 + at)
    for at, (title, posts) in enumerate(
        zip((*_TITLES, *(f"{title} (2)" for title in _TITLES)), (23, 4, 6, 3, 5, 4, 3, 4) * 2, strict=True)
    )
)


def page(path: str, query: str, topics: tuple[Topic, ...] = TOPICS) -> tuple[int, str]:
    """Status and body of the answer for a path."""
    number = int(query.removeprefix("page=")) if query.startswith("page=") else 1
    folder, _, name = path.strip("/").partition("/")
    topic = next((each for each in topics if each.path == path), None)
    if path == "/":
        return 200, _index()
    if folder == "b" and name in BOARDS:
        return 200, _board(name, number, topics)
    if topic is not None and number <= _pages(topic.posts, _POSTS_A_PAGE):
        return 200, _thread(topic, number)
    return 404, _frame("없는 쪽", "<p>이 주소에는 아무것도 없습니다.</p>")


def words_of(topic: Topic, at: int) -> str:
    """What the post at that place of a topic says."""
    return f"{_SAID[(topic.number + at) % len(_SAID)]} ({topic.number}-{at + 1})"


def name_of(topic: Topic, at: int) -> str:
    """Who wrote it."""
    return _NAMES[(topic.number + at) % len(_NAMES)]


def _pages(count: int, size: int) -> int:
    return -(-count // size)


def _index() -> str:
    rows = "".join(
        f'<div class="board-row"><h3 class="board-title"><a href="/b/{name}">{title}</a></h3><p>{about}</p>'
        f'<span class="last">마지막 글 <time datetime="2026-05-0{at}T10:00:00+09:00">2026-05-0{at}</time></span></div>\n'
        for at, (name, (title, about)) in enumerate(BOARDS.items(), 1)
    )
    return _frame("모임 마당", f'<h1>모임 마당</h1><div class="boards">{rows}</div>')


def _board(name: str, number: int, topics: tuple[Topic, ...]) -> str:
    title, about = BOARDS[name]
    own = [topic for topic in reversed(topics) if topic.board == name]
    own.sort(key=lambda topic: -(topic.moved or topic.day))
    shown = own[(number - 1) * _TOPICS_A_PAGE : number * _TOPICS_A_PAGE]
    rows = "".join(
        f'<tr class="topic-row"><td class="subject"><h4 class="topic-title"><a href="{topic.path}">{escape(topic.title)}</a></h4></td>'
        f'<td class="who"><a href="/u/{at}">{name_of(topic, 0)}</a></td><td>{topic.posts - 1}</td>'
        f'<td><time datetime="2026-04-{topic.moved or topic.day:02}T09:00:00+09:00">2026-04-{topic.moved or topic.day:02}</time></td></tr>\n'
        for at, topic in enumerate(shown)
    )
    head = ""
    if name == "quiet":
        head = '<meta name="robots" content="nofollow">'
        rows = "".join(
            f'<tr class="topic-row"><td class="subject"><h4 class="topic-title"><a href="/quiet-topic/{at}">조용한 이야기 {at}번째, 따라오지 마세요</a></h4></td>'
            f'<td><time datetime="2026-04-0{at}T09:00:00+09:00">2026-04-0{at}</time></td></tr>\n'
            for at in range(1, 6)
        )
    sponsor = '<p><a rel="nofollow" href="/sponsor/1">나무를 싸게 파는 가게를 소개합니다</a></p>'
    pages = _pagination(f"/b/{name}", number, _pages(len(own), _TOPICS_A_PAGE))
    return _frame(
        title, f'<h1>{title}</h1><p>{about}</p>{sponsor}<table class="topics">{rows}</table>{pages}', head
    )


def _thread(topic: Topic, number: int) -> str:
    first = (number - 1) * _POSTS_A_PAGE
    posts = "".join(_post(topic, at) for at in range(first, min(first + _POSTS_A_PAGE, topic.posts)))
    pages = _pagination(topic.path, number, _pages(topic.posts, _POSTS_A_PAGE))
    return _frame(
        topic.title, f'<h1>{escape(topic.title)}</h1>{pages}<div class="posts">{posts}</div>{pages}'
    )


def _post(topic: Topic, at: int) -> str:
    post = topic.number * 100 + at
    return (
        f'<div class="message" id="post-{post}"><div class="message-head"><a class="author" href="/u/{at % len(_NAMES)}">{name_of(topic, at)}</a>'
        f' <a class="permalink" href="{topic.path}#post-{post}"><time datetime="2026-04-{topic.day:02}T{9 + at // 6:02}:{at % 6}5:00+09:00">'
        f"2026-04-{topic.day:02} {9 + at // 6:02}:{at % 6}5</time></a></div>\n"
        f'<div class="message-body"><p>{escape(words_of(topic, at))}</p></div>\n'
        f'<div class="message-foot"><a href="/act?action=vote&amp;post={post}">추천</a> <a rel="nofollow" href="/act/report/{post}">신고</a> '
        f'<a href="/act?do=quote&amp;post={post}">인용</a></div></div>\n'
    )


def _pagination(path: str, number: int, count: int) -> str:
    if count == 1:
        return ""
    links = [
        f'<span class="now">{each}</span>'
        if each == number
        else f'<a href="{path}{f"?page={each}" if each > 1 else ""}">{each}</a>'
        for each in range(1, count + 1)
    ]
    return f'<div class="pagination">{" ".join(links)}</div>\n'


def _frame(title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="ko">\n<head><meta charset="utf-8"><title>{escape(title)} - 모임</title>{head}</head>\n<body>\n'
        '<header><a href="/">모임</a> <a href="/login">로그인</a> <a href="/register">가입하기</a> <a href="/search?q=">찾기</a> '
        f'<a href="/act?action=markread&amp;token=ab12">모두 읽음으로 표시</a></header>\n<main>{body}</main>\n'
        "<footer>모임 마당에 오신 것을 환영합니다.</footer>\n</body>\n</html>\n"
    )
