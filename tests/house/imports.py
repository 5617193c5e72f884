"""The imports of the package, read from its source: which room, and which folder of ``jobs``, leans on which."""

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.conftest import REPOSITORY

PACKAGE: Final = REPOSITORY / "scraper"
JOBS: Final = "jobs"

Arrows = Mapping[str, frozenset[str]]
"""Who imports from whom; those that import nothing of the others are there with nothing."""


def modules(package: Path = PACKAGE) -> list[Path]:
    """Every source file of the package, in order."""
    return sorted(package.rglob("*.py"))


def parts_of(path: Path, package: Path = PACKAGE) -> tuple[str, ...]:
    """The names that lead to a module: ``("jobs", "crawl", "job")``."""
    return path.relative_to(package).with_suffix("").parts


def imported(path: Path, package: Path = PACKAGE) -> Iterator[str]:
    """Every module name that the file imports, as written after ``import`` or ``from``, relative ones resolved."""
    around = ["scraper", *path.relative_to(package).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield ".".join([*around[: len(around) - node.level + 1], node.module or ""])
        elif isinstance(node, ast.ImportFrom) and node.module == "scraper":
            yield from (f"scraper.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room_arrows() -> Arrows:
    """The arrows between rooms, the modules at the top of the package being rooms of their own."""
    return _arrows(lambda parts: parts[0])


def jobs_arrows() -> Arrows:
    """The arrows between the folders and single files of ``jobs``."""
    return _arrows(lambda parts: parts[1] if parts[0] == JOBS and len(parts) > 1 else None)


def circle_in(arrows: Arrows) -> list[str]:
    """Some way along the arrows that comes back to where it began; empty where there is none."""
    left = {name: set(targets) for name, targets in arrows.items()}
    while ends := [name for name, targets in left.items() if not targets & left.keys()]:
        for end in ends:
            del left[end]
    way: list[str] = []
    step = min(left, default="")
    while step and step not in way:
        way.append(step)
        step = min(left[step] & left.keys())
    return [*way[way.index(step) :], step] if step else []


def floors(arrows: Arrows) -> list[list[str]]:
    """The names from the ground up, each above all that it leans on; the arrows must have no circle."""
    height: dict[str, int] = {}

    def height_of(name: str) -> int:
        if name not in height:
            height[name] = 1 + max((height_of(target) for target in arrows[name]), default=-1)
        return height[name]

    levels: dict[int, list[str]] = {}
    for name in sorted(arrows):
        levels.setdefault(height_of(name), []).append(name)
    return [levels[level] for level in sorted(levels)]


def _arrows(unit_of: Callable[[tuple[str, ...]], str | None]) -> Arrows:
    arrows: dict[str, set[str]] = {}
    for path in modules():
        unit = unit_of(parts_of(path))
        if unit is None or unit == "__init__":
            continue
        names = (name.split(".")[1:] for name in imported(path) if name.startswith("scraper."))
        targets = {unit_of(tuple(name)) for name in names}
        arrows.setdefault(unit, set()).update(target for target in targets if target not in {None, unit})
    return {unit: frozenset(targets & arrows.keys()) for unit, targets in arrows.items()}
