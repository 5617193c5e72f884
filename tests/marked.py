"""Sections of documents that commands write: they stand between two marks."""

from pathlib import Path


def shown(document: Path, begin: str, end: str) -> str:
    """What stands between the marks."""
    return document.read_text(encoding="utf-8").partition(begin)[2].partition(end)[0]


def renew(document: Path, begin: str, end: str, section: str) -> None:
    """Put a section between the marks."""
    before, _, rest = document.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    document.write_text(before + begin + section + end + after, encoding="utf-8")
