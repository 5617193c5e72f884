"""What to do next, said when a verb has ended: a line or two, with commands that can be copied."""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from scraper.cli.options import DEFAULT_ARCHIVE
from scraper.model.outcome import Report

REFUSED: Final = "Every target was refused, and nobody was asked against it: each reason stands above."


def command(archive: Path, *words: str) -> str:
    """A command line of postkeep's for ``archive``, which is named where it is not the one that is taken anyway."""
    place = () if archive == DEFAULT_ARCHIVE else ("--archive", str(archive))
    return shlex.join(["postkeep", *words, *place])


def after_init(report: Report, archive: Path, *, has_contact: bool) -> Sequence[str]:
    """Pages are visited, or saved ones imported, which needs no contact."""
    if not report.counts()["done"]:
        return ()
    if has_contact:
        first = f"Next: {command(archive, 'crawl', 'URL')}"
    else:
        first = f"Next, so that sites can reach you: {shlex.join(['postkeep', 'init', str(archive), '--contact', 'you@example.org'])}"
    return [first, f"Pages that you have: {command(archive, 'import', 'saved-pages/')}"]


def after_plan(report: Report, archive: Path) -> Sequence[str]:
    """After a look at what is due."""
    is_due = any(item.post_id for item in report.items)
    return [f"Next: {command(archive, 'refresh')}"] if is_due else ()


def after_visits(report: Report, archive: Path, *, is_published: bool = False) -> Sequence[str]:
    """After a crawl or a refresh: the dataset, what holds it back, and what to do about what failed."""
    counts = report.counts()
    if counts["refused"] and counts["refused"] + counts["skipped"] == sum(counts.values()):
        return [REFUSED]
    lines = []
    if counts["failed"]:
        lines.append(f"The same command tries again what failed ({counts['failed']:,}).")
    if report.held_back:
        held_back = _counted(report.held_back, "site")
        lines.append(f"Drift keeps {held_back} from being published: {command(archive, 'drift')}")
    elif counts["done"] and not is_published:
        lines.append(_to_dataset(archive))
    elif counts["rejected"]:
        lines.append(f"What is read of a page that was rejected: {command(archive, 'probe', 'URL')}")
    return lines


def after_import(report: Report, archive: Path) -> Sequence[str]:
    """After an import: the dataset, and how to look at what was not taken in."""
    counts = report.counts()
    lines = []
    if rejected := counts["rejected"]:
        lines.append(
            f"Why a page was rejected ({rejected:,}) can be looked at: {command(archive, 'probe', 'FILE')}"
        )
    if counts["done"]:
        lines.append(_to_dataset(archive))
    return lines


def after_extract(report: Report, archive: Path) -> Sequence[str]:
    """After the records were read anew: the dataset, and how to look at what was rejected."""
    counts = report.counts()
    lines = []
    if counts["failed"]:
        lines.append(f"What is damaged ({counts['failed']:,}) can be looked at: {command(archive, 'check')}")
    if counts["done"]:
        lines.append(_to_dataset(archive))
    return lines


def after_extract_from(report: Report) -> Sequence[str]:
    """After WARC files became a dataset: the folder opened, where there is anything in it."""
    return [_loaded(report.outputs[0])] if report.counts()["done"] else ()


def after_export(report: Report, archive: Path, *, is_dataset: bool = True) -> Sequence[str]:
    """After an export: the folder opened, and published; one that ``load_dataset`` does not open says itself how it is read."""
    if not report.outputs:
        return ()
    folder = report.outputs[0]
    if not is_dataset:
        return [f"How it is read: {Path(folder, 'README.md')}"]
    return [
        _loaded(folder),
        f"To publish it, private at first: {command(archive, 'publish', 'OWNER/NAME')}",
    ]


def after_merge(report: Report, archive: Path) -> Sequence[str]:
    """After archives were merged: the folder opened, and published from one of them."""
    if not report.outputs:
        return ()
    folder = report.outputs[0]
    return [
        _loaded(folder),
        f"To publish it, private at first: {command(archive, 'publish', 'OWNER/NAME', '--from', folder)}",
    ]


def _loaded(folder: str) -> str:
    return f'Next, in Python: datasets.load_dataset({json.dumps(folder, ensure_ascii=False)}, "posts")'


def _to_dataset(archive: Path) -> str:
    return f"Next: {command(archive, 'export', 'dataset')}; or look around: {command(archive, 'status')}"


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
