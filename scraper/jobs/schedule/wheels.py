"""The wheels that a runner installs, each by the SHA-256 of its bytes (the names are those of PyPA's binary distribution format)."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.errors import UsageError

# Distribution, version, build, and the tags of Python, ABI and platform; nothing that a shell or YAML would read otherwise.
_NAME: Final = re.compile(
    r"(?P<distribution>[A-Za-z0-9_.]+)-[A-Za-z0-9_.+!]+(?:-[0-9][A-Za-z0-9_.]*)?"
    r"-(?P<python>[a-z0-9_.]+)-(?P<abi>[a-z0-9_.]+)-(?P<platform>[A-Za-z0-9_.]+)\.whl"
)
_RUNNER: Final = re.compile(r"any|(?:many)?linux[a-z0-9_]*_x86_64")
_CPYTHON: Final = re.compile(r"cp(?P<major>\d)(?P<minor>\d+)")


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel by its file's name; ``sha256`` is of its bytes, as hex. ``python`` is the one version it is for, as ``3.12``."""

    name: str
    sha256: str
    python: str | None = None

    @property
    def is_postkeep(self) -> bool:
        """Whether it is ours."""
        return self.name.startswith("postkeep-")


def read_wheels(path: Path) -> tuple[Wheel, ...]:
    """The wheel at a path, or all that lie in a folder, by their names.

    Raises:
        UsageError: there is none, or one that no runner (Linux on x86-64, one version of Python) can install.
    """
    if not path.exists():
        raise UsageError(
            f"--wheel {path}: there is nothing at that place. Name a wheel, or a folder of wheels."
        )
    try:
        paths = sorted(path.glob("*.whl")) if path.is_dir() else [path]
        wheels = tuple(_wheel(each) for each in paths)
    except OSError as error:
        raise UsageError(
            f"--wheel {path}: it cannot be read: {error.strerror}. Name a wheel, or a folder of wheels."
        ) from error
    if not wheels:
        raise UsageError(
            f"--wheel {path}: no wheel lies there. Make them: pip wheel --wheel-dir {path} postkeep"
        )
    pythons = {each.python for each in wheels if each.python}
    if len(pythons) > 1:
        raise UsageError(
            f"--wheel {path}: its wheels are for several versions of Python: {', '.join(sorted(pythons))}. Make them anew in an "
            f"empty folder, with one Python."
        )
    return wheels


def _wheel(path: Path) -> Wheel:
    match = _NAME.fullmatch(path.name)
    if match is None:
        raise UsageError(f"--wheel {path}: that is no name of a wheel. Leave it as pip has written it.")
    if not all(map(_RUNNER.fullmatch, match["platform"].split("."))):
        raise UsageError(
            f"--wheel {path}: it is for {match['platform']}, and a runner has Linux on x86-64. Make the wheels there, or name "
            f"that of postkeep alone."
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    cpython = _CPYTHON.fullmatch(match["python"])
    is_for_one = cpython is not None and match["abi"] not in {"abi3", "none"}
    return Wheel(
        path.name, digest, f"{cpython['major']}.{cpython['minor']}" if cpython and is_for_one else None
    )
