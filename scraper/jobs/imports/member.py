"""A file within an archive file such as ZIP, as it is handed on while it stands open."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scraper.jobs.imports.bounds import Read
from scraper.jobs.imports.no_pages import page_stem

# Names that are not said to be UTF-8 are so all the same, or what Korean Windows writes, or what ZIP says they are.
_CHARSETS: Final = ("utf-8", "cp949", "cp437")


@dataclass(frozen=True, slots=True)
class Member:
    """``name`` is how people are told of it, ``file.zip:path``; ``path`` has slashes. ``read`` holds until the next one is asked for."""

    name: str
    path: str
    read: Read


def decoded_name(raw: bytes) -> str:
    """The name of a member of which nothing says the charset."""
    for charset in _CHARSETS:
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def stems_of(paths: Iterable[str]) -> set[str]:
    """The pages among members, each as its path without the ending."""
    return {stem for path in paths if (stem := page_stem(path))}
