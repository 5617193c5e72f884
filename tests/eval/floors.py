"""Floors of our figures: what was once reached stays, on the same pages, unless somebody lowers it by name."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.conftest import REPOSITORY
from tests.eval.figure import Better, Figure

FLOORS: Final = REPOSITORY / "tests" / "eval" / "floors.json"
# Figures are kept to so many digits, which is less than one page of the largest corpus is worth.
DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Floors:
    """The digest of each corpus, and the worst value that each figure may have."""

    digests: Mapping[str, str]
    values: Mapping[str, float]

    @classmethod
    def load(cls) -> "Floors":
        """The floors that are pinned."""
        values: dict[str, Any] = json.loads(FLOORS.read_text(encoding="utf-8"))
        return cls(values["digests"], values["floors"])

    def save(self) -> None:
        """Pin these."""
        values = {"digests": dict(self.digests), "floors": dict(sorted(self.values.items()))}
        FLOORS.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def changed(self, digests: Mapping[str, str]) -> list[str]:
        """The corpora that are not those of the floors."""
        return [name for name, digest in digests.items() if self.digests.get(name, digest) != digest]

    def broken(self, figures: Iterable[Figure]) -> list[Figure]:
        """The figures that are worse than their floors."""
        return [
            each for each in figures if each.key in self.values and _is_worse(each, self.values[each.key])
        ]

    def raised(
        self, figures: Iterable[Figure], digests: Mapping[str, str], lower: Collection[str] = ()
    ) -> "Floors":
        """The floors with every figure that is better, and those named in ``lower`` as they are now."""
        values = dict(self.values)
        for each in figures:
            pinned = values.get(each.key)
            if pinned is None or each.key in lower or not _is_worse(each, pinned):
                values[each.key] = round(each.value, DIGITS)
        return Floors({**self.digests, **digests}, values)


def _is_worse(figure: Figure, floor: float) -> bool:
    value = round(figure.value, DIGITS)
    return value < floor if figure.better is Better.MORE else value > floor
