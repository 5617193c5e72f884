"""What is told of a publication: items for the report, and lines for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scraper.model.outcome import Item, OutcomeWord
from scraper.publish.hub import Hub
from scraper.publish.publication import Draft, Published


@dataclass(frozen=True, slots=True)
class Told:
    """``withheld`` are the posts that stay behind, with a sentence that says why."""

    items: Sequence[Item]
    lines: tuple[str, ...]
    withheld: Mapping[str, str]


def tell(hub: Hub, published: Published, withheld: Mapping[str, str]) -> Told:
    """What was published to ``hub``."""
    draft = published.draft
    left = [Item(hub.repo, "failed", reason=published.left)] if published.left else []
    if draft.waiting is not None:
        taken = [Item(tag, "done", reason=f"{tag}: deleted") for tag in draft.traces.tags]
        reason = f"{draft.waiting}{access_sentence(draft, 'is now')}"
        outcome: OutcomeWord = "done" if draft.access.any else "skipped"
        return Told([Item(hub.repo, outcome, reason=reason), *taken, *left], (hub.url,), withheld)
    added = [Item(file.path, "done") for file in draft.plan.additions]
    gone = [
        Item(name, "done", reason=f"{name}: deleted") for name in (*draft.plan.deletions, *draft.traces.tags)
    ]
    return Told([*added, *gone, *left], (f"{hub.url}/tree/{published.tag}",), withheld)


def access_sentence(draft: Draft, verb: str) -> str:
    """What becomes of the access to a repository; empty where it stays as it is."""
    states = (("gated", draft.access.is_gated), ("public", draft.access.is_public))
    changed = " and ".join(state for state, becomes_so in states if becomes_so)
    return f" The repository {verb} {changed}." if changed else ""


def size_text(size: int, rows: int | None) -> str:
    """Bytes, and rows where the file holds any."""
    held = "" if rows is None else f", {rows:,} {'row' if rows == 1 else 'rows'}"
    return f"{size:,} bytes{held}"
