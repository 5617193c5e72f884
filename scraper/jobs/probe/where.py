"""Where a part stands, in words: a CSS path, or a line of a text without markup."""

from dataclasses import dataclass
from typing import Final, Literal

from scraper.discussion.paths import Paths
from scraper.discussion.places import Part, Place
from scraper.jobs.probe.probed import Probe
from scraper.model.record import Removed

# The body of a page of lines is element 0, its first line element 1.
_LINE: Final = "line {}"


@dataclass(frozen=True, slots=True)
class Where:
    """CSS paths, or lines of a text, in page order. ``read``: the reader read the part there; ``matched``: its words were found there."""

    at: tuple[str, ...]
    basis: Literal["read", "matched"]


class PlacesInWords:
    """The places of a probe, in words, by their parts."""

    def __init__(self, probe: Probe) -> None:
        self._paths = None
        self._trace = probe.trace
        if probe.trace and probe.capture.media_type != "text/plain":
            self._paths = Paths(probe.document.tree, probe.trace.elements)
        self._by_part: dict[tuple[Part, int | None], Place] = {}
        self._prompts: dict[Removed, Place] = {}
        for place in probe.places:
            self._by_part.setdefault((place.part, place.comment), place)
            if place.removed:
                self._prompts.setdefault(place.removed, place)

    def of(self, part: Part, comment: int | None = None) -> Where | None:
        """Where a part of the post stands, or of a comment; None where it does not show on the page."""
        place = self._by_part.get((part, comment))
        return None if place is None else self._in_words(place)

    def of_prompt(self, removed: Removed) -> Where | None:
        """Where a prompt stands that was taken out of a text; None where it does not show on the page."""
        place = self._prompts.get(removed)
        return None if place is None else self._in_words(place)

    def _in_words(self, place: Place) -> Where | None:
        if self._trace is None:
            return None
        around = (self._trace.elements.text_parent[text] for text in place.texts)
        at = dict.fromkeys(map(self._path, (*place.elements, *around)))
        return Where(tuple(at), "read" if place.is_read else "matched")

    def _path(self, element: int) -> str:
        return self._paths.to(element) if self._paths else _LINE.format(element)
