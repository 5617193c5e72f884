"""What goes from process to process sealed arrives as it was, whatever classes it is made of."""

import pickle
from dataclasses import dataclass, field
from typing import Any

import pytest

from scraper.reading.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Leaf:
    word: str


@dataclass(frozen=True, slots=True)
class Branch:
    leaves: tuple[Leaf, ...]
    size: int | None = None
    counted: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counted", self.counted + len(self.leaves))


@dataclass(frozen=True, slots=True)
class Bough(Branch):
    name: str = ""


@dataclass(frozen=True)
class Open:
    word: str


@dataclass(slots=True)
class Changing:
    words: list[str]


class Kept:
    """A slot that is no field."""

    __slots__ = ("note",)
    note: str


@dataclass(slots=True)
class Noted(Kept):
    word: str


@dataclass(frozen=True, slots=True)
class Told:
    word: str

    def __reduce__(self) -> tuple[Any, ...]:
        return Told, (self.word.upper(),)


def arrived(value: object) -> Any:
    return pickle.loads(pickle.dumps(Sealed(value))).open()


@pytest.mark.parametrize(
    "value",
    [
        Leaf("잎"),
        Branch((Leaf("a"), Leaf("b")), 2),
        Bough((Leaf("a"),), None, "가지"),
        Open("a"),
        Changing(["a", "b"]),
        {"a": [Leaf("a"), None, 1.5], "b": frozenset({Leaf("c")})},
        None,
        "글",
    ],
)
def test_a_value_arrives_as_it_was(value: object) -> None:
    assert arrived(value) == value


def test_what_was_made_ready_once_is_not_made_ready_again() -> None:
    branch = Branch((Leaf("a"),))
    object.__setattr__(branch, "counted", 7)
    assert arrived(branch).counted == 7


def test_what_one_shares_with_another_arrives_once() -> None:
    leaf = Leaf("a")
    first, second = arrived([leaf, leaf])
    assert first is second


def test_what_is_more_than_its_fields_arrives_whole() -> None:
    noted = Noted("a")
    object.__setattr__(noted, "note", "b")
    assert (arrived(noted).note, arrived(Told("a"))) == ("b", Told("A"))


def test_what_is_passed_on_is_not_packed_anew() -> None:
    sealed = pickle.loads(pickle.dumps(Sealed(Leaf("a"))))
    again = pickle.loads(pickle.dumps(sealed))
    assert sealed._value is again._value is None
    assert again.open() == Leaf("a")
