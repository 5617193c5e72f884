"""What replicas of software that nobody described have in common: their topics, what of them must not be asked for, and words to fill them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_NAMES: Final = ("다솜", "Edda", "바람개비", "Niklas", "여울목", "Oona")
_THINGS: Final = ("솥", "kettle", "베틀", "loom", "연", "kite", "배", "boat", "종이", "paper", "실", "thread")
_TITLES: Final = (
    "{} 손질하는 법을 아시는 분 계신가요",
    "How do you keep a {} from warping in summer",
    "처음 만든 {} 이야기를 올립니다",
    "Looking for an old pattern of a {}",
    "{} 고치다가 알게 된 것들",
    "What a {} from my grandmother taught me",
)
_SENTENCES: Final = (
    "처음에는 물이 새는 줄 알았는데, 며칠 두고 보니 이음매가 마르면서 벌어진 것이었습니다.",
    "I rubbed it with oil three evenings in a row and let it dry in the shade before trying again.",
    "같은 재료라도 계절에 따라 줄어드는 정도가 달라서, 겨울에 맞추면 여름에 반드시 헐거워집니다.",
    "The second attempt went better because the pieces had rested for a week in the same room.",
    "사진은 내일 밝을 때 다시 찍어서 올리겠습니다. 그때까지 다른 의견도 들려주세요.",
    "Nobody in our village does it by hand anymore, so there was no one left whom I could ask.",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wrote: ``day`` and ``time`` as the site shows them, ``parent`` the place of the entry that it answers where the site shows that."""

    author: str | None
    day: str | None
    time: str | None
    text: str | None
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic shows, over all its pages: the post itself and what was said to it, in order."""

    title: str
    post: Entry
    comments: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One site: where a crawl of it begins, its topics by their targets (path and query), and those targets that nobody should ask for.

    ``page`` answers a target with markup, or with None where nothing stands there.
    """

    host: str
    start: str
    topics: Mapping[str, Topic]
    traps: re.Pattern[str]
    page: Callable[[str, dict[str, str]], str | None]

    def url(self, target: str) -> str:
        """The absolute URL of a target."""
        return f"https://{self.host}{target}"


def title_of(number: int) -> str:
    """The title of a topic."""
    return _TITLES[number % len(_TITLES)].format(_THINGS[number * 7 % len(_THINGS)]) + f" ({number})"


def name_of(number: int) -> str:
    """The name of who wrote."""
    return _NAMES[number * 5 % len(_NAMES)]


def words_of(number: int, at: int, sentences: int = 2) -> str:
    """What the post at a place of a topic says."""
    return (
        " ".join(_SENTENCES[(number + at + each) % len(_SENTENCES)] for each in range(sentences))
        + f" [{number}.{at}]"
    )


def day_of(number: int) -> str:
    """When it was written, as a date."""
    return f"2026-{3 + number // 28:02}-{1 + number % 28:02}"
