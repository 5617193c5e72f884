"""How Careerly's pages are made: its names, its one prompt, its time zone, where its links lead."""

import re
from dataclasses import replace
from typing import Final

from scraper.discussion.conventions import Conventions, Layouts, Links
from scraper.discussion.english import ENGLISH
from scraper.discussion.korean import KOREAN
from scraper.discussion.vocabulary import Patterns
from scraper.page.dates import Zone
from scraper.page.document import Document
from scraper.page.gates import GateRule
from scraper.sites.careerly.urls import HOST, NAME, linked_post, profile_id

PROMPT: Final = GateRule(
    name="careerly.signup-prompt",
    opening=re.compile(r"다음 내용이 궁금하다면\s?\?"),
    phrases=re.compile(r"또는|이미 회원이신가요\s?\?"),
    offers=re.compile(
        r"(?=.{2,40}\Z).*(?:로그인|회원\s?가입|가입하기|가입하고|시작하기|계속하기|계속\s?(?:읽|보)기|이어서?\s?(?:읽|보)기|전체\s?(?:보기|글|내용)).*"
        r"|(?:카카오톡?|네이버|구글|페이스북|애플|이메일|링크드인|깃허브|Google|Kakao|Naver|Apple|Facebook|LinkedIn|GitHub|Email)(?:로|으로)?(?:\s(?:가입|로그인|시작|계속))?",
        re.IGNORECASE,
    ),
    fine_print=re.compile(r"(?=.{2,90}\Z).*(?:이용\s?약관|개인정보).*"),
)

CONVENTIONS: Final = Conventions(
    name=NAME,
    words=Patterns((KOREAN, ENGLISH), names="커리어리|careerly"),
    links=Links(profile_id, linked_post),
    prompt=PROMPT,
    # The site prints and stores naive times and nobody says in which zone; Korea's is taken for granted.
    zone=Zone("Asia/Seoul", "assumed"),
    layouts=Layouts(html=f"{NAME}.v1-html/1", flattened=f"{NAME}.flattened/1", data=f"{NAME}.v1-data/1"),
)


def conventions_of(document: Document) -> Conventions:
    """The conventions with the zone that the owner gives for the document's host, or for the site that its API is of."""
    zone = document.zones.at(document.capture.url) or document.zones.at(f"https://{HOST}/")
    return replace(CONVENTIONS, zone=zone) if zone else CONVENTIONS
