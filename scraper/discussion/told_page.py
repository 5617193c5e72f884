"""A page with what its data tells: beside what it shows, or in place of that where its scripts show it."""

from collections.abc import Sequence
from dataclasses import replace

from scraper.discussion.discussion_page import DiscussionPage
from scraper.discussion.elsewhere import comments_elsewhere
from scraper.discussion.kind import PageKind
from scraper.discussion.pages import Pages
from scraper.discussion.reconcile import Reconciled, Shown, reconcile
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.spans import Span
from scraper.discussion.told.telling import Telling
from scraper.discussion.told_post import post_with_told
from scraper.discussion.topics import Topics
from scraper.model.record import FieldSource, Post
from scraper.page.document import Document


def with_told(
    page: DiscussionPage, telling: Telling, elements: Elements, spans: Sequence[Span], document: Document
) -> DiscussionPage:
    """The page with what its data tells; ``spans`` are those of its records, the post's first where that is one."""
    post = page.post
    skipped = len(spans) - len(page.comments)
    linked = document.head.css_first('link[rel~="next"], link[rel~="prev"]')
    is_all = linked is None and not (page.pages.others or page.pages.onward or page.pages.number)
    is_withheld = page.is_closed or telling.is_withheld or bool(post and post.removed)
    shown = Shown(
        elements,
        page.comments,
        spans[skipped:],
        spans[0] if skipped else None,
        post.text if post else None,
        may_add=is_all and not is_withheld,
    )
    both = reconcile(shown, telling)
    if post is not None:
        post = post_with_told(post, telling, both, is_all=is_all, is_withheld=is_withheld)
    return replace(page, post=post, comments=both.comments)


def page_of_data(
    document: Document, telling: Telling, pages: Pages, title: str | None
) -> DiscussionPage | None:
    """The page whose scripts show what its data holds; None where that is no post, or nothing that all may read."""
    told, is_closed = telling.post, document.is_closed
    if is_closed or telling.is_withheld or not (telling.comments or told.text):
        return None
    is_thread = bool(telling.comments) or told.kind in {"question", "topic"}
    kind = PageKind("thread" if is_thread else "article", ("its scripts show what its data holds",), 1.0)
    source = (FieldSource("*", telling.form, "stated"),)
    told_comments = tuple(replace(comment, field_sources=source) for comment in telling.comments)
    comments = Reconciled(told_comments, None, 0)
    bare = Post(told.kind, told.title or title, None)
    post = post_with_told(bare, telling, comments, is_all=True, is_withheld=False)
    return DiscussionPage(
        kind,
        pages,
        post,
        told_comments,
        post.title,
        is_closed,
        Topics(),
        elsewhere=comments_elsewhere(document.tree),
    )
