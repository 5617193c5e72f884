"""English: its words as they stand on pages of other languages too, and those of pages that are English throughout."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from scraper.discussion.vocabulary import Vocabulary
from scraper.model.record import CountName

_BY: Final = r"(?:written\s|posted\s)?by"

ENGLISH: Final = Vocabulary(
    count_labels={},
    field=r"\d{1,3}\s?min(?:ute)?s?(?:\sread)?",
    title_label="Title",
    address_label="URL",
    name_label=_BY,
    name_opening=rf"{_BY}\s",
    signature="(?:written )?by ",
    imprint="Copyright|All rights reserved",
    notice="cookie",
    consent="OK",
    menu="Q&A|QnA",
    login_title="log ?in|sign ?(?:in|up)",
    error_title=r"\b(?:404|500|502|503)\b|Not Found|Server Error|Bad Gateway|Application error",
)

_COUNTED: Final[Mapping[CountName, tuple[str, ...]]] = {
    "views": ("views", "view", "reads"),
    "saves": ("saves", "bookmarks"),
    "likes": ("likes", "like", "upvotes"),
    "reposts": ("reposts",),
    "shares": ("shares",),
    "comments": ("comments", "comment", "replies", "reply", "answers", "answer", "responses", "response"),
}
_LABELS: Final[Mapping[str, CountName]] = {
    label: name for name, words in _COUNTED.items() for word in words for label in (word, word.capitalize())
}

# On pages of other languages these words may be the writer's.
ENGLISH_PAGES: Final = replace(
    ENGLISH,
    count_labels=_LABELS,
    behind="|".join(_LABELS),
    total="[Aa]ll|[Tt]otal",
    action="Reply|Share|Like|Report|Save|Follow|Edit|Delete|Link|Permalink|Quote|Upvote|Downvote|(?:Show|View|Load) more(?: (?:comments|replies))?",
    follow="Follow(?:ing)?",
    comment_action="Reply|Like|Upvote",
    submit="Post|Send|Submit",
    edited="[Ee]dited",
    badge="OP|Author",
    deleted_comment=r"\[(?:deleted|removed)\]|(?:This|The) (?:comment|reply|post) (?:was|has been) (?:deleted|removed).*",
    nobody=r"\[deleted\]|[Dd]eleted user",
    related="Related|Recommended|Read next|More from|You may also|Similar",
    policies="Privacy Policy|Terms of (?:Service|Use)",
    composer=".*(?:[Ll]eave|[Ww]rite|[Aa]dd|[Pp]ost) an? (?:comment|reply|answer).*|.*(?:[Ll]og|[Ss]ign) in to (?:comment|reply|answer).*",
    menu="Home|About|Contact|Search|Log ?in|Sign ?(?:in|up)|Menu|Archive|Skip to content",
)
