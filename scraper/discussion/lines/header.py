"""The post's title, where the page marks it as one, and the names and headlines of its author around the text."""

from collections.abc import Sequence
from typing import Final

from scraper.discussion.lines.sheet import Sheet
from scraper.discussion.titles import LONGEST_TITLE, is_bracketed
from scraper.page.characters import plain

# A page's title cut short still tells the block that it is cut from by so many characters.
_TELLING: Final = 8
# A headline and where the person works.
_MOST_LINES: Final = 2


def head_title(sheet: Sheet) -> str | None:
    """What the page's head says its title is, the site's name taken off; None where it names but the site."""
    meta = sheet.page.meta
    for name in (meta.get("og:title"), meta.get("twitter:title"), sheet.page.title):
        title = plain(sheet.words.site_title.sub("", name or ""))
        if title and not sheet.words.generic_title.fullmatch(title):
            return title
    return None


def find_title(sheet: Sheet, area: Sequence[int]) -> int | None:
    """The block that is the title by the page's head, by being a heading, or by its brackets."""
    title = head_title(sheet)
    texts = [index for index in area if sheet.is_text(index)]
    if title:
        named = [index for index in texts if _is_titled(sheet, index, title)]
        if named:
            return next((index for index in named if sheet.blocks[index].heading), _last_near(sheet, named))
    first = next((index for index in texts if sheet.blocks[index].heading), None)
    # A heading below text of some length is one inside the text.
    if first is not None and sheet.is_light(0, first):
        return first
    labelled = next((index for index in texts if sheet.words.title_label.match(sheet.plain[index])), None)
    if labelled is not None and sheet.is_light(0, labelled):
        return labelled
    bracketed = (index for index in texts if is_bracketed(sheet.plain[index]))
    opening = next(bracketed, None)
    return opening if opening is not None and sheet.is_header_like(0, opening) else None


def _last_near(sheet: Sheet, named: Sequence[int]) -> int:
    """The last of the blocks that say the title: those before are a path of links that ends with it."""
    last = named[0]
    for index in named[1:]:
        if sheet.is_light(last + 1, index):
            last = index
    return last


def _is_titled(sheet: Sheet, index: int, title: str) -> bool:
    block = sheet.blocks[index]
    if "\n" in block.text:
        return False
    text = sheet.plain[index]
    cut = title.rstrip(".…").rstrip()
    shortened = cut != title and len(cut) >= _TELLING and len(text) <= LONGEST_TITLE
    return text == title or (shortened and text.startswith(cut))


def find_people(sheet: Sheet, area: Sequence[int], title: int | None) -> list[int]:
    """The blocks of ``area`` that name the post's author or say what they do, the first name first."""
    reader = _Reader(sheet, area, title)
    linked = [index for index in area if index in sheet.authors and not sheet.mentions(index)]
    people = [index for name in linked for index in (name, *reader.headline(name, linked))]
    if not people:
        people = reader.followed()
    if not people:
        people = reader.pictured()
    return list(dict.fromkeys(people))


class _Reader:
    def __init__(self, sheet: Sheet, area: Sequence[int], title: int | None) -> None:
        self.sheet = sheet
        self.area = area
        self.title = title

    def headline(self, name: int, names: Sequence[int]) -> list[int]:
        """The lines below a name, where a date or a button ends them or one small element holds them with it."""
        lines: list[int] = []
        for index in range(name + 1, min(name + 2 + _MOST_LINES, len(self.sheet.blocks))):
            if self._ends_header(index):
                # A post of a line or two may be all that stands above its date.
                return lines if self._says_more({name, *lines}) else []
            if not self._is_line(index) or index in names:
                break
            lines.append(index)
        inside = [index for index in lines if self._in_small_box(name, index)]
        below_title = self.title is not None and self.title == name - 1
        if not inside and below_title and lines and not self.sheet.is_sentence(lines[0]):
            inside = lines[:1] if any(index > lines[0] for index in self._content()) else []
        return inside

    def followed(self) -> list[int]:
        """The lines right above a button to follow: a name, and a headline below it."""
        for index in self.area:
            if self.sheet.follows(index):
                above = index - 1
                while above >= 0 and self.sheet.marks[above].is_meta and self.sheet.marks[above].stamps:
                    above -= 1
                lines: list[int] = []
                while len(lines) < _MOST_LINES and above in self.area and self._is_line(above):
                    lines.insert(0, above)
                    above -= 1
                if lines and not any(map(self.sheet.is_sentence, lines[:1])):
                    return lines
        return []

    def pictured(self) -> list[int]:
        """A name with the person's portrait before it, and what stands below it in the same element."""
        for index in self.area:
            block = self.sheet.blocks[index]
            if self.sheet.is_text(index) and self.sheet.is_substantial(index) and index != self.title:
                break
            if block.image_alt is not None and self._is_line(index) and self.sheet.is_name_like(block):
                return [index, *self.headline(index, [])]
        return []

    def _says_more(self, header: set[int]) -> bool:
        top = -1 if self.title is None else self.title
        return any(index > top and index not in header for index in self._content())

    def _content(self) -> list[int]:
        return [index for index in self.area if self.sheet.is_text(index)]

    def _is_line(self, index: int) -> bool:
        return index != self.title and self.sheet.is_text(index) and self.sheet.is_short(index)

    def _ends_header(self, index: int) -> bool:
        mark = self.sheet.marks[index]
        return mark.is_meta and (bool(mark.stamps) or self.sheet.follows(index))

    def _in_small_box(self, name: int, line: int) -> bool:
        """Whether an element that opens with the name holds the line, and nothing longer."""
        for box in self.sheet.blocks[line].box.ancestors():
            if box.start <= name < box.end:
                texts = self.sheet.texts(box.start, box.end)
                opens = box.start == name and len(texts) <= 1 + _MOST_LINES
                return opens and all(self.sheet.is_short(text.index) for text in texts)
        return False
