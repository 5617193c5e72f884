"""The post's title where the page marks it as one: in its head, as a heading, or in brackets of its own."""

from collections.abc import Sequence

from scraper.discussion.shown.sheet import Sheet
from scraper.discussion.shown.titles import LONGEST_TITLE, is_bracketed
from scraper.page.characters import plain
from scraper.sites.careerly import words

# A page's title cut short still tells the block that it is cut from by so many characters.
_TELLING = 8


def head_title(sheet: Sheet) -> str | None:
    """What the page's head says its title is, the site's name taken off; None where it names but the site."""
    meta = sheet.page.meta
    for name in (meta.get("og:title"), meta.get("twitter:title"), sheet.page.title):
        said = plain(words.SITE_TITLE.sub("", name or ""))
        if said and not words.GENERIC_TITLE.fullmatch(said):
            return said
    return None


def find_title(sheet: Sheet, area: Sequence[int]) -> int | None:
    """The block that is the title by the page's head, by being a heading, or by its brackets."""
    said = head_title(sheet)
    texts = [index for index in area if sheet.is_text(index)]
    if said:
        named = [index for index in texts if _is_titled(sheet, index, said)]
        if named:
            return next((index for index in named if sheet.blocks[index].heading), _last_near(sheet, named))
    first = next((index for index in texts if sheet.blocks[index].heading), None)
    # A heading below text of some length is one inside the text.
    if first is not None and sheet.is_light(0, first):
        return first
    labelled = next((index for index in texts if words.TITLE_LABEL.match(sheet.plain[index])), None)
    if labelled is not None and sheet.is_light(0, labelled):
        return labelled
    bracketed = (index for index in texts if is_bracketed(sheet.plain[index]))
    opening = next(bracketed, None)
    return opening if opening is not None and sheet.is_header_like(0, opening) else None


def _last_near(sheet: Sheet, named: Sequence[int]) -> int:
    """The last of the blocks that say the title: those before are a path of links that ends with it."""
    found = named[0]
    for index in named[1:]:
        if sheet.is_light(found + 1, index):
            found = index
    return found


def _is_titled(sheet: Sheet, index: int, said: str) -> bool:
    block = sheet.blocks[index]
    if "\n" in block.text:
        return False
    text = sheet.plain[index]
    cut = said.rstrip(".…").rstrip()
    shortened = cut != said and len(cut) >= _TELLING and len(text) <= LONGEST_TITLE
    return text == said or (shortened and text.startswith(cut))
