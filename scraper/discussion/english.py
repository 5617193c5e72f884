"""English: its words as they stand on pages of other languages too."""

from typing import Final

from scraper.discussion.vocabulary import Vocabulary

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
