"""The scope of a takedown: what goes whole, and what is searched for in all else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scraper.model.url import parse_url
from scraper.takedown.payload import holds
from scraper.takedown.record import TakedownRule
from scraper.takedown.rewrite import salvaged
from scraper.takedown.text import found_in, leads_there
from scraper.takedown.traces import Statement, Traces

_TARGET: Final = re.compile(rb"(?i:\bWARC-Target-URI): *<?([^\s<>]+)")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a takedown takes: whole ``visits`` and captures by id, and in all other records the ``traces`` of the subject.

    ``statements`` gives the texts of the pages that were read, by the ids of the captures they were read from. ``urls`` are
    addresses that must not be named any more. ``hosts`` are those that showed what goes: a record of theirs that cannot be
    searched is taken down whole.
    """

    rule: TakedownRule
    traces: Traces
    visits: frozenset[str] = frozenset()
    captures: frozenset[str] = frozenset()
    statements: Mapping[str, Sequence[Statement]] = field(default_factory=dict)
    urls: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()

    def names_url(self, text: str) -> bool:
        """Whether a short text, such as a URL or a sentence about one, leads to what goes."""
        if text in self.urls or leads_there(text, self.traces):
            return True
        return " " in text and "://" not in text and found_in(text, self.traces.calls)

    def suspects(self, octets: bytes) -> bool:
        """Whether what is left of a damaged record has to go: it holds what goes, or comes from where that was shown."""
        remains = salvaged(octets)
        stated = _TARGET.search(remains)
        url = parse_url(stated[1].decode("utf-8", "replace")) if stated else None
        return url is None or url.host in self.hosts or holds(remains, None, self.traces)
