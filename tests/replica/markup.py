"""The Markdown of ``content.yaml`` as the HTML that Careerly's editor makes of it."""

import re
from html import escape
from typing import Final

from tests.replica.content import Link, ReplicaPost

FENCE: Final = "```"
_BLOCK: Final = re.compile(r"```\n.*?\n```|[^\n](?:(?!\n\n).)*", re.DOTALL)
_BULLET: Final = re.compile(r"- ")
_NUMBER: Final = re.compile(r"\d+\. ")
_BARE_URL: Final = re.compile(r"https?://[^\s<>]+")


def blocks(text: str) -> list[str]:
    """The paragraphs, lists and code blocks of a text; a code block keeps its blank lines."""
    return _BLOCK.findall(text)


def is_paragraph(block: str) -> bool:
    """Whether a block is neither a list nor code."""
    return not (block.startswith(FENCE) or _is_list(block, _BULLET) or _is_list(block, _NUMBER))


def rich_html(text: str, links: tuple[Link, ...] = ()) -> str:
    """The editor's HTML of a text: ``<p>``, ``<ul>``, ``<ol>``, ``<pre>``, and links."""
    return "".join(_block_html(block, links) for block in blocks(text))


def description_html(post: ReplicaPost) -> str:
    """The ``descriptionHtml`` of data; empty for a post of the plain editor."""
    return rich_html(post.source, post.links) if post.editor == "rich" else ""


def description_text(post: ReplicaPost) -> str:
    """The ``description`` of data: of a rich text its words alone, without list markers and fences."""
    if post.editor == "plain":
        return post.source
    return "\n\n".join(_bare(block) for block in blocks(post.source))


def links_of(post: ReplicaPost) -> list[str]:
    """The URLs that the post's text links to, in the order of the text."""
    named = [(post.text.index(link.text), link.url) for link in post.links]
    bare = [(match.start(), match[0]) for match in _BARE_URL.finditer(post.text)]
    return [url for _, url in sorted(named + bare)]


def _block_html(block: str, links: tuple[Link, ...]) -> str:
    if block.startswith(FENCE):
        return f"<pre><code>{escape(_bare(block), quote=False)}</code></pre>"
    for marker, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if _is_list(block, marker):
            items = _bare(block).split("\n")
            return f"<{tag}>{''.join(f'<li><p>{_inline(item, links)}</p></li>' for item in items)}</{tag}>"
    return f"<p>{_inline(block, links).replace(chr(10), '<br/>')}</p>"


def _bare(block: str) -> str:
    if block.startswith(FENCE):
        return block.removeprefix(FENCE + "\n").removesuffix("\n" + FENCE)
    for marker in (_BULLET, _NUMBER):
        if _is_list(block, marker):
            return "\n".join(marker.sub("", line, count=1) for line in block.split("\n"))
    return block


def _is_list(block: str, marker: re.Pattern[str]) -> bool:
    return all(marker.match(line) for line in block.split("\n"))


def _inline(text: str, links: tuple[Link, ...]) -> str:
    html = _BARE_URL.sub(lambda match: _anchor(match[0], match[0]), escape(text, quote=False))
    for link in links:
        html = html.replace(link.text, _anchor(link.url, link.text))
    return html


def _anchor(url: str, words: str) -> str:
    return f'<a target="_blank" rel="noopener noreferrer nofollow" href="{url}">{words}</a>'
