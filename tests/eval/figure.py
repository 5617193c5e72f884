"""A figure of the evaluation: what was measured on which pages, and what it is to reach."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from tests.eval.reading import Result


class Better(Enum):
    """Which way a figure is better."""

    MORE = "at least"
    LESS = "at most"


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or an F1 over ``pages`` pages; ``goal`` is None where none was set.

    Of a figure with a ``margin`` the goal is trafilatura's in the same run, less the margin.
    """

    corpus: str
    what: str
    pages: int
    value: float
    goal: float | None = None
    better: Better = Better.MORE
    margin: float | None = None

    @property
    def key(self) -> str:
        """The name under which its floor is kept."""
        return f"{self.corpus}: {self.what}"


@dataclass(frozen=True, slots=True)
class PageError:
    """What is wrong with a page as it was read: the kind of error, with words for whoever looks at the page."""

    kind: str
    page: str
    detail: str


# The results of one reader by corpus; that of threads-ld without its structured data stands under its own name.
Results = Mapping[str, Sequence[Result]]
STRIPPED = "threads-ld, stripped"


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def whole_text(result: Result) -> str:
    """The post's text and its comments' as one."""
    return "\n".join([result.read["text"] or "", *(each["text"] for each in result.read["comments"])])
