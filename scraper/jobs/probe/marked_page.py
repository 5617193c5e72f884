"""A page to look at, with what was found marked on it: one file of text, without a script, a form or anything to load.

It is written anew from the elements that the reader saw: no tag, attribute or style of the page goes into it but
those named here, and all words are escaped.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import Final

from scraper.discussion.places import Part, Place
from scraper.discussion.thread.elements import Elements
from scraper.jobs.probe.probed import Probe
from scraper.model.record import Comment

_COLOURS: Final[Mapping[Part, str]] = {
    "title": "#8250df", "author": "#0969da", "date": "#bf8700", "text": "#1a7f37", "comment": "#57606a", "prompt": "#cf222e",
    "topic": "#0969da",
}  # fmt: skip
_BLOCKS: Final = frozenset(
    (
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "figure"),
        *("figcaption", "section", "article", "header", "footer", "nav", "aside", "main", "address"),
    )
)  # fmt: skip
_INLINE: Final = frozenset(
    (
        *("b", "i", "em", "strong", "code", "kbd", "samp", "s", "del", "ins", "u", "sub", "sup", "small", "abbr", "cite"),
        *("q", "time", "span", "bdi", "ruby", "rt", "rp"),
    )
)  # fmt: skip
# Tables are drawn by style: a parser puts what is no cell out of a table, and labels stand anywhere.
_LIKE_TABLES: Final = {
    "table": "t", "thead": "g", "tbody": "g", "tfoot": "g", "tr": "r", "td": "c", "th": "c",
}  # fmt: skip
_LIKE_SPAN: Final = frozenset(
    ("a", "font", "label", "mark", "tt", "big", "nobr", "acronym", "picture", "data", "strike")
)
_VOID: Final = frozenset(("br", "hr", "wbr"))
_LONGEST_ADDRESS: Final = 300
_STYLE: Final = (
    """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; color: #1f2328; background: #fff; }
#found { background: #f6f8fa; border: 1px solid #d0d7de; border-radius: 6px; padding: .5rem 1rem; margin-bottom: 1rem; }
#found dt { font-weight: 600; } #found dd { margin: 0 0 .3rem 1rem; overflow-wrap: anywhere; }
#found table { border-collapse: collapse; } #found td, #found th { padding: .1rem .6rem; text-align: left; vertical-align: top; }
.k { display: inline-block; padding: 0 .4rem; margin: 0 .3rem .3rem 0; }
.m { outline: 2px solid; outline-offset: 1px; }
.m.matched { outline-style: dashed; }
.l { font: 600 11px/1.3 system-ui, sans-serif; color: #fff; padding: 0 .3rem; margin-right: .3rem; white-space: nowrap; }
.a { text-decoration: underline; } .p { color: #57606a; font-style: italic; }
pre { white-space: pre-wrap; } .t { display: table; border-spacing: .3rem; } .g { display: table-row-group; }
.r { display: table-row; } .c { display: table-cell; vertical-align: top; }
"""
    + "\n".join(
        f".m.{part} {{ outline-color: {colour}; }} .l.{part} {{ background: {colour}; }}"
        for part, colour in _COLOURS.items()
    )
    + "\n"
)  # fmt: skip
_STYLE_DIGEST: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
# Whatever a page holds, a browser loads nothing, runs nothing and sends nothing from here (CSP level 3).
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; base-uri 'none'; form-action 'none'"
)


def marked_page(probe: Probe) -> str:
    """The page of a probe as HTML, its found parts outlined and labelled, under a summary of what was found."""
    title = escape(f"probe of {probe.capture.url}")
    body = "".join(_marked(probe)) if probe.trace else "<p>The page shows no words.</p>"
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex, noarchive">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style></head>\n"
        f'<body>\n<div id="found">{"".join(_summary(probe))}</div>\n<div id="page">\n{body}\n</div>\n</body></html>\n'
    )


def _summary(probe: Probe) -> Iterator[str]:
    yield f"<h1>{escape(probe.capture.url)}</h1><p>"
    for part in dict.fromkeys(place.part for place in probe.places):
        yield f'<span class="k m {part}"><span class="l {part}">{part}</span></span>'
    yield "Outlined by a line: where the reader read it. Dashed: where its words were found again. Nothing is loaded from the page, and its links lead nowhere.</p><dl>"
    if probe.trace:
        kind = probe.trace.shown.kind
        yield _entry("kind", f"{kind.kind}, score {kind.score:g}: {'; '.join(kind.reasons)}")
    if probe.claimed:
        yield _entry("post", f"{probe.claimed.claim.post_id}, read by {probe.claimed.site.name}")
    if probe.reason and not probe.is_list:
        yield _entry("no post", probe.reason)
    if probe.record:
        missing = _not_shown(probe, probe.record.comments)
        yield _entry("comments", f"{len(probe.record.comments)}{missing}")
        for removed in probe.record.post.removed:
            yield _entry(f"removed by {removed.rule}", removed.text)
    for request in probe.missing:
        yield _entry("asks next", request.url)
    for note in probe.notes:
        yield _entry("note", note)
    yield "</dl>"


def _entry(label: str, value: str) -> str:
    return f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"


def _not_shown(probe: Probe, comments: Sequence[Comment]) -> str:
    shown = {place.comment for place in probe.places}
    missing = [str(at) for at in range(len(comments)) if at not in shown]
    return f"; not found among the words of the page: {', '.join(missing)}" if missing else ""


def _marked(probe: Probe) -> Iterator[str]:
    comments = probe.record.comments if probe.record else ()
    return iter(_Writer(probe.trace.elements, probe.places, comments).write()) if probe.trace else iter(())


class _Writer:
    """Writes the elements and texts of a page in document order."""

    def __init__(self, page: Elements, places: Sequence[Place], comments: Sequence[Comment]) -> None:
        self._page = page
        self._comments = comments
        self._of_element: defaultdict[int, list[tuple[Place, bool]]] = defaultdict(list)
        self._of_text: defaultdict[int, list[tuple[Place, bool]]] = defaultdict(list)
        for place in places:
            for number, element in enumerate(place.elements):
                self._of_element[element].append((place, number == 0))
            for number, text in enumerate(place.texts):
                self._of_text[text].append((place, number == 0))
        self._written: list[str] = []

    def write(self) -> list[str]:
        """The pieces of the page."""
        page = self._page
        element, text, count = 0, 0, len(page.tags)
        around: list[tuple[int, str]] = []
        while element < count or text < len(page.texts):
            while around and element >= page.ends[around[-1][0]] and text >= page.last_text[around[-1][0]]:
                self._written.append(around.pop()[1])
            if element < count and page.first_text[element] <= text:
                around.append((element, self._open(element)))
                element += 1
            else:
                self._text(text)
                text += 1
        self._written += [closing for _, closing in reversed(around)]
        return self._written

    def _open(self, element: int) -> str:
        """Write the beginning of an element; gives its end."""
        page = self._page
        tag, marks = page.tags[element], self._of_element[element]
        if tag == "img":
            words = page.attributes[element].get("alt") or "picture"
            self._written.append(f'<span class="p">[{escape(words)}]</span>')
            return ""
        if tag in _VOID:
            self._written.append(f"<{tag}>")
            return ""
        name = _name_of(tag)
        labels = "".join(self._label(place) for place, is_first in marks if is_first)
        self._written.append(f"<{name}{self._attributes(element, marks)}>{labels}")
        return f"</{name}>"

    def _attributes(self, element: int, marks: Sequence[tuple[Place, bool]]) -> str:
        page = self._page
        attributes, tag = page.attributes[element], page.tags[element]
        classes = [name for place, _ in marks[-1:] for name in _classes(place)]
        written = ""
        if tag == "a":
            classes.append("a")
            written += f' title="{escape((attributes.get("href") or "")[:_LONGEST_ADDRESS])}"'
        if tag in _LIKE_TABLES:
            classes.append(_LIKE_TABLES[tag])
        if classes:
            written += f' class="{" ".join(classes)}"'
        if attributes.get("dir") in {"ltr", "rtl"}:
            written += f' dir="{attributes["dir"]}"'
        return written

    def _label(self, place: Place) -> str:
        words: str = place.part
        if place.removed:
            words = f"removed by {place.removed.rule}"
        elif place.part == "comment" and place.comment is not None:
            comment = self._comments[place.comment]
            words = f"comment {place.comment}"
            if comment.parent is not None:
                words += f" answers {comment.parent}"
                words += f" ({comment.parent_basis})" if comment.parent_basis else ""
        elif place.comment is not None and not place.elements:
            words = f"{place.part} of {place.comment}"
        return f'<span class="l {place.part}">{escape(words)}</span>'

    def _text(self, text: int) -> None:
        page = self._page
        words = escape(page.sources[text] if page.verbatim[page.text_parent[text]] else page.texts[text])
        if page.sources[text][:1].isspace() and not words[:1].isspace():
            words = f" {words}"
        if page.sources[text][-1:].isspace():
            words = f"{words} "
        for place, is_first in self._of_text[text]:
            label = self._label(place) if is_first else ""
            words = f'<span class="{" ".join(_classes(place))}">{label}{words}</span>'
        self._written.append(words)


def _classes(place: Place) -> tuple[str, ...]:
    return ("m", place.part) if place.is_read else ("m", place.part, "matched")


def _name_of(tag: str) -> str:
    if tag in _BLOCKS or tag in _INLINE:
        return tag
    return "span" if tag in _LIKE_SPAN else "div"
