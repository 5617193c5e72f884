"""What is known beforehand of a site that nobody described: the words of all languages, and no links or prompts."""

import re
from typing import Final

from scraper.discussion.conventions import Conventions, Layouts, Links
from scraper.discussion.english import ENGLISH_PAGES
from scraper.discussion.korean import KOREAN
from scraper.discussion.vocabulary import Patterns
from scraper.page.dates import Zone
from scraper.page.gates import GateRule

_NOTHING: Final = re.compile(r"[^\s\S]")
_WORDS: Final = Patterns((KOREAN, ENGLISH_PAGES), names=_NOTHING.pattern)


def any_site(zone: Zone, layout: str) -> Conventions:
    """The conventions of any site whose dates are in ``zone``, for pages that are read as ``layout``."""
    return Conventions(
        name="generic",
        words=_WORDS,
        links=Links(lambda _: None, lambda _: None),
        prompt=GateRule("generic.prompt", _NOTHING, _NOTHING, _NOTHING, _NOTHING),
        zone=zone,
        layouts=Layouts(html=layout, flattened=layout, data=layout),
    )
