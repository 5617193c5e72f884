"""Other extractors, asked offline for all that each offers. They are installed by tests/bench/peers for the runs that need them."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from importlib import metadata
from typing import Any, Final

from tests.eval.readers import NOTHING, ReadComment, ReadPage

# A peer and the distribution that it comes from.
PEERS: Final = {
    "trafilatura": "trafilatura",
    "resiliparse": "resiliparse",
    "forumscraper": "forumscraper",
    "readability": "readability-lxml",
    "newspaper4k": "newspaper4k",
    "goose3": "goose3",
    "justext": "justext",
    "boilerpy3": "boilerpy3",
}


def version_of(peer: str) -> str:
    """The installed version of a peer."""
    return metadata.version(PEERS[peer])


def trafilatura(html: bytes, url: str, _captured_at: datetime | None) -> ReadPage:
    """trafilatura with comments, which it gives as one text: each line is taken as one."""
    import trafilatura as peer  # noqa: PLC0415 - installed for these runs alone

    page = peer.bare_extraction(html, url=url or None, include_comments=True, with_metadata=True)
    if page is None:
        return NOTHING
    comments = [_comment(line) for line in (page.comments or "").splitlines() if line.strip()]
    return _page(page.text, comments, title=page.title, author=page.author, date=page.date)


def resiliparse(html: bytes, _url: str, _captured_at: datetime | None) -> ReadPage:
    """resiliparse's main content with comments; it tells none apart, so each paragraph is taken as one too."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding  # noqa: PLC0415
    from resiliparse.parse.html import HTMLTree  # noqa: PLC0415

    tree = HTMLTree.parse(bytes_to_str(html, detect_encoding(html)))
    body = extract_plain_text(tree, main_content=True, comments=False, preserve_formatting=True)
    whole = extract_plain_text(tree, main_content=True, comments=True, preserve_formatting=True)
    comments = [_comment(part) for part in whole.split("\n\n") if part.strip() and part not in body]
    return _page(body, comments, title=tree.title)


def forumscraper(html: bytes, url: str, _captured_at: datetime | None) -> ReadPage:
    """forumscraper, which has rules for eight platforms, on the page alone: what it would ask for further is not had."""
    extractor, clean = _forumscraper()
    # A link to further comments would be followed; without it, those that the page shows are read.
    state = extractor.get_thread(url, rq=html.replace(b"comments-link", b"comments-none"))
    threads = state["data"]["threads"] if state else []
    if not threads:
        return NOTHING
    posts = threads[0].get("posts") or threads[0].get("comments") or []
    entries = list(_entries(posts, clean))
    if not entries:
        return NOTHING
    root = entries[0]
    comments = [
        {**each, "parent": None if parent == 0 else parent - 1}
        for each, parent in ((entry, entry["parent"] or 0) for entry in entries[1:])
    ]
    page = _page(root["text"], [], title=threads[0].get("title"), author=root["author"], date=root["date"])
    return {**page, "kind": "topic", "comments": comments}  # type: ignore[typeddict-item] # of the same shape


def _entries(posts: list[dict[str, Any]], clean: Callable[[str], str]) -> Iterator[ReadComment]:
    at = 0
    for post in posts:
        yield _entry(post, clean, None)
        mine, at = at, at + 1
        for comment in post.get("comments") or []:
            yield _entry(comment, clean, mine)
            at += 1


def _entry(post: dict[str, Any], clean: Callable[[str], str], parent: int | None) -> ReadComment:
    author = post.get("user") or post.get("author")
    if isinstance(author, dict):
        author = author.get("name")
    text = clean(post.get("text") or post.get("content") or "")
    return {"text": text, "author": author or None, "date": post.get("date") or None, "parent": parent}


@cache
def _forumscraper() -> tuple[Any, Callable[[str], str]]:
    if not hasattr(itertools, "batched"):  # it wants Python 3.12, for this one function
        itertools.batched = _batched  # type: ignore[attr-defined]
    import forumscraper as peer  # noqa: PLC0415
    from lxml import html as markup  # noqa: PLC0415

    def clean(part: str) -> str:
        return str(markup.fromstring(f"<div>{part}</div>").text_content()).strip()

    outputs = peer.Outputs.data | peer.Outputs.threads
    extractor = peer.Extractor(output=outputs, thread_pages_max=1, logger=None, failed=None)
    for session in {id(each): each for each in (extractor.session, *_sessions(extractor))}.values():
        session.get_html = session.get_json = _offline
    return extractor, clean


def _sessions(extractor: Any) -> Iterator[Any]:
    return (each.session for each in extractor.extractors)


def _offline(*_: Any, **__: Any) -> Any:
    raise OSError("The evaluation asks nobody.")


def _batched(items: Any, size: int) -> Iterator[tuple[Any, ...]]:
    walk = iter(items)
    while part := tuple(itertools.islice(walk, size)):
        yield part


def readability(html: bytes, _url: str, _captured_at: datetime | None) -> ReadPage:
    """readability-lxml's summary as text."""
    from lxml import html as markup  # noqa: PLC0415
    from readability import Document  # noqa: PLC0415
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding  # noqa: PLC0415

    document = Document(bytes_to_str(html, detect_encoding(html)))
    summary = markup.fromstring(document.summary(html_partial=True))
    text = "\n".join(part.strip() for part in summary.itertext() if part.strip())
    return _page(text, [], title=document.short_title())


def newspaper4k(html: bytes, url: str, _captured_at: datetime | None) -> ReadPage:
    """newspaper4k's article."""
    from newspaper import Article  # noqa: PLC0415
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding  # noqa: PLC0415

    article = Article(url or "https://unknown.example/", fetch_images=False)
    article.download(input_html=bytes_to_str(html, detect_encoding(html)))
    article.parse()
    date = article.publish_date.isoformat() if isinstance(article.publish_date, datetime) else None
    return _page(article.text, [], title=article.title, author=", ".join(article.authors), date=date)


def goose3(html: bytes, url: str, _captured_at: datetime | None) -> ReadPage:
    """goose3's article."""
    from goose3 import Goose  # noqa: PLC0415
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding  # noqa: PLC0415

    with Goose({"enable_image_fetching": False}) as goose:
        article = goose.extract(raw_html=bytes_to_str(html, detect_encoding(html)))
    date = article.publish_date if isinstance(article.publish_date, str) else None
    return _page(article.cleaned_text, [], title=article.title, author=", ".join(article.authors), date=date)


def justext(html: bytes, _url: str, _captured_at: datetime | None) -> ReadPage:
    """justext's good paragraphs, with the stop words of English: it knows no language by itself."""
    import justext as peer  # noqa: PLC0415

    paragraphs = peer.justext(html, peer.get_stoplist("English"))
    return _page("\n".join(each.text for each in paragraphs if not each.is_boilerplate), [])


def boilerpy3(html: bytes, _url: str, _captured_at: datetime | None) -> ReadPage:
    """boilerpy3's article extractor."""
    from boilerpy3.extractors import ArticleExtractor  # noqa: PLC0415
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding  # noqa: PLC0415

    document = ArticleExtractor(raise_on_failure=False).get_doc(bytes_to_str(html, detect_encoding(html)))
    return _page(document.content, [], title=document.title)


def _comment(text: str) -> ReadComment:
    return {"text": text, "author": None, "date": None, "parent": None}


def _page(
    text: str | None,
    comments: list[ReadComment],
    *,
    title: str | None = None,
    author: str | None = None,
    date: str | None = None,
) -> ReadPage:
    return {
        "title": title or None,
        "text": text or None,
        "author": author or None,
        "date": date or None,
        "kind": "post" if text else None,
        "comments": comments,
    }
