"""User names out of URLs, and the names of a page's people out of what is kept as evidence.

Each is replaced by the person's pseudonym between ``⟨`` and ``⟩``, the same that stands in ``author_id`` where the
person wrote something on the site.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote

from scraper.records.people import Pseudonyms

_URL: Final = re.compile(
    r"https?://(?P<host>[^\s/:?#()<>\"]+)[^\s()<>\"]*"
    r"|(?<![\w.@/-])(?P<bare_host>(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})[/?][^\s()<>\"]*",
    re.IGNORECASE,
)
# Where a URL names a person: /profiles/7, /@name, /~name, ?userId=7. In a running text a Korean particle may follow
# a URL without a space, so a Latin name ends where Latin ends.
_USER: Final = re.compile(
    r"""
    (?P<lead>
        /[@~]
      | /(?:profiles?|users?|u|members?|people|authors?|in)/@?
      | [?&](?:user|user_?name|user_?id|profile|profile_?id|author|author_?id|member_?id|blog_?id)=
    )
    (?P<user>[a-z0-9_~%+-]+(?:\.[a-z0-9_~%+-]+)* | [\w~%+-]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LEAST_NAME: Final = 2


@dataclass(frozen=True)
class Mask:
    """Replaces the people of one page.

    ``pseudonyms`` leads from the native ids and names on the page to their pseudonyms. A URL on the page's own ``host``
    names people of ``site``; on any other host it names people of that host.
    """

    people: Pseudonyms
    site: str
    host: str
    pseudonyms: Mapping[str, str]

    def urls(self, text: str) -> str:
        """``text`` with the user names in its URLs replaced; unchanged where it was masked already."""
        # Every URL has one of the two, and most texts none: the pattern tries each letter of a text.
        return _URL.sub(self._mask_url, text) if "/" in text or "?" in text else text

    def names(self, text: str) -> str:
        """``text`` with the names of the page's people replaced; those of a single character stay."""
        if not any(name in text for name in self._names):
            return text
        pattern = re.compile("|".join(map(re.escape, self._names)))
        return pattern.sub(lambda match: f"⟨{self.pseudonyms[match[0]]}⟩", text)

    @cached_property
    def _names(self) -> list[str]:
        """The names of the page's people that are told from letters, the longest first."""
        return sorted((name for name in self.pseudonyms if len(name) >= _LEAST_NAME), key=len, reverse=True)

    def _mask_url(self, url: re.Match[str]) -> str:
        host = _without_prefix((url["host"] or url["bare_host"]).lower())
        is_own = host == _without_prefix(self.host)

        def replace(match: re.Match[str]) -> str:
            user = unicodedata.normalize("NFC", unquote(match["user"]))
            pseudonym = self.pseudonyms.get(user) if is_own else None
            if pseudonym is None:
                pseudonym = self.people.author_id(self.site if is_own else host, "id", user)
            return f"{match['lead']}⟨{pseudonym}⟩"

        return _USER.sub(replace, url[0])


def user_in(url: str) -> str | None:
    """The person's name or id that a URL holds, in NFC; None where it holds none."""
    match = _USER.search(url)
    return unicodedata.normalize("NFC", unquote(match["user"])) if match else None


def _without_prefix(host: str) -> str:
    return host.removeprefix("www.").removeprefix("m.")
