"""The pages of one post: its text and thread first, then all that is known of it and whence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from scraper.model.record import CountName
from scraper.records.history import PostRows
from scraper.records.row_types import MetricRow, PostRow, RevisionRow
from scraper.viewer.comment import DELETED, ThreadContext, comment_html, removed_list
from scraper.viewer.frame import Page
from scraper.viewer.history import changes, history, last_words, versions_by_item
from scraper.viewer.html import Html, escape, fragment, inside, join, outside_link, tag, timed
from scraper.viewer.paths import list_path, month_list, post_path, record_anchor, site_list, state_list
from scraper.viewer.prose import prose
from scraper.viewer.provenance import Origin, basis, origins_table
from scraper.viewer.thread import COMMENTS_A_PAGE, Placed, pages_of, placed
from scraper.viewer.wording import (
    STATES,
    counted,
    language,
    moment,
    month_of,
    number,
    published,
    states_of,
    title_of,
    writer,
)

_COUNTS: Final[tuple[CountName, ...]] = get_args(CountName)
GONE: Final = frozenset({"gone", "withdrawn"})
"""The states of posts whose page is there no more."""
_NO_INDEX: Final = re.compile(r"\b(?:noindex|none)\b", re.IGNORECASE)
_MOST_LINKS: Final = 200
_MOST_TAGS: Final = 60
_SHOWN_METRICS: Final = 30
_PAGES_AROUND: Final = 4


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as it is shown: its rows, the records they were read from, and of a private view why no publication has it."""

    rows: PostRows
    origins: tuple[Origin, ...]
    withheld: str | None = None


def page_paths(post_id: str, comments: int) -> list[str]:
    """The paths of a post's pages."""
    return [post_path(post_id, each) for each in range(1, pages_of(comments) + 1)]


def post_pages(view: PostView) -> Iterator[Page]:
    """The pages of a post; all but the first have comments alone."""
    rows = view.rows
    versions = versions_by_item(rows.revisions)
    thread = list(placed(rows.comments))
    paths = page_paths(rows.post["post_id"], len(rows.comments))
    for at, path in enumerate(paths):
        context = ThreadContext(
            post_id=rows.post["post_id"],
            here=path,
            comments=rows.comments,
            versions=versions,
            origin=rows.post["warc_record_id"],
            is_gone=rows.post["status"] in GONE,
        )
        part = thread[at * COMMENTS_A_PAGE : (at + 1) * COMMENTS_A_PAGE]
        comments = _comments(rows, part, context, paths)
        title = title_of(rows.post)
        if at == 0:
            own = versions.get(rows.post["post_id"], ())
            main = [_head(view, path, own), comments, *_about(view, own)]
        else:
            title = f"{title} (comments, page {at + 1})"
            main = [_short_head(rows.post, paths[0], path), comments]
        yield Page(path, title, join(main, "\n"), is_unindexed=_asks_for_no_index(rows.post))


def _asks_for_no_index(post: PostRow) -> bool:
    """Whether the page of a post asked search engines to leave it out, which holds for ours too."""
    return any(
        "robots" in each["signal"].lower() and _NO_INDEX.search(each["value"]) for each in post["rights"]
    )


def _head(view: PostView, here: str, versions: Sequence[RevisionRow]) -> Html:
    post = view.rows.post
    lang = language(post["language"])
    title = tag("h1", title_of(post), lang=lang, dir="auto")
    author = tag("bdi", writer(post["author_id"], post["author_name"]))
    byline = [author, timed(post["published_at"], published(post))]
    if post["edited_at"] or post["edited_raw"]:
        edited = moment(post["edited_at"]) if post["edited_at"] else post["edited_raw"] or ""
        byline.append(join(["edited ", timed(post["edited_at"], edited)]))
    byline.append(outside_link(post["url"], "on its site"))
    return tag(
        "article",
        _trail(post, here),
        tag("header", title, tag("p", join(byline, " · "), class_="meta"), _states(view, here)),
        tag("p", view.withheld, class_="withheld", role="note") if view.withheld else None,
        _text(post, versions),
        _tags(post),
        class_="post",
    )


def _trail(post: PostRow, here: str) -> Html:
    month = month_of(post["published_at"])
    ways = [
        tag("a", tag("bdi", post["site"]), href=inside(list_path(site_list(post["site"])), here)),
        tag("a", month, href=inside(list_path(month_list(month)), here)),
    ]
    if post["section"]:
        ways.append(tag("bdi", post["section"]))
    return tag("nav", join(ways, " / "), class_="trail", aria_label="Where this post is listed")


def _states(view: PostView, here: str) -> Html:
    links = [
        tag(
            "a",
            STATES[state],
            href=inside(list_path(state_list(state)), here),
            class_=f"badge {state}",
        )
        for state in states_of(view.rows.post, view.rows.comments)
    ]
    return tag("ul", *(tag("li", link) for link in links), class_="badges")


def _text(post: PostRow, versions: Sequence[RevisionRow]) -> Html:
    if post["text"] is not None:
        return prose(post["text"], post["language"])
    match post["status"]:
        case "gone" | "withdrawn":
            told = f"It is {post['status']}, as seen {moment(post['status_at'])}."
        case _:
            return tag("p", "Its text is not in what was shown.", class_="missing")
    return join([tag("p", told, class_="missing"), last_words(versions) or ""])


def _tags(post: PostRow) -> Html | None:
    if not post["tags"]:
        return None
    return tag(
        "ul", *(tag("li", each, dir="auto") for each in post["tags"]), class_="tags", aria_label="Tags"
    )


def _short_head(post: PostRow, first: str, here: str) -> Html:
    title = tag("h1", title_of(post), lang=language(post["language"]), dir="auto")
    back = tag("p", tag("a", "To the post and all that is known of it", href=inside(first, here)))
    return tag("header", title, back, class_="post")


def _comments(rows: PostRows, part: Sequence[Placed], context: ThreadContext, paths: Sequence[str]) -> Html:
    declared = rows.post["comments_declared"]
    captured = sum(row["status"] != "absent" for row in rows.comments)
    deleted = sum(row["status"] in DELETED for row in rows.comments)
    told = [f"{number(captured)} kept"]
    if declared is not None:
        told.insert(0, f"{number(declared)} declared by the page")
    if deleted:
        told.append(f"{number(deleted)} {'gone' if context.is_gone else 'deleted'}")
    return tag(
        "section",
        tag("h2", "Comments", id="comments"),
        tag("p", ", ".join(told) + ".", class_="meta"),
        _further(context.here, paths, "Pages of comments"),
        *(comment_html(each, context) for each in part),
        _further(context.here, paths, "Pages of comments, below them"),
        aria_labelledby="comments",
        class_="thread",
    )


def _further(here: str, paths: Sequence[str], label: str) -> Html | None:
    """The ways to the first and the last page of comments, and to those near this one."""
    if len(paths) == 1:
        return None
    at = paths.index(here)
    links = []
    for page, path in enumerate(paths):
        if page in {0, len(paths) - 1} or abs(page - at) <= _PAGES_AROUND:
            current = "page" if page == at else None
            links.append(tag("li", tag("a", number(page + 1), href=inside(path, here), aria_current=current)))
        elif abs(page - at) == _PAGES_AROUND + 1:
            links.append(tag("li", "…"))
    return tag("nav", tag("ul", *links), class_="pages", aria_label=label)


def _about(view: PostView, versions: Sequence[RevisionRow]) -> Iterator[Html]:
    post = view.rows.post
    if changes(versions):
        yield _section("What changed", "history", history(versions, post["language"]))
    if view.rows.metrics:
        yield _section("Counts over time", "counts", _metrics(view.rows.metrics))
    evidence = [
        tag("li", tag("code", each["kind"]), ": ", each["detail"], dir="auto")
        for each in post["access_evidence"]
    ]
    access = [tag("p", STATES[f"access-{post['access']}"] + ".")]
    yield _section("Access", "access", *access, tag("ul", *evidence) if evidence else "")
    if post["removed"]:
        told = tag("p", "Prompts and the like that stood in the text and are no part of it.")
        yield _section("Taken out of the text", "removed", told, removed_list(post["removed"]) or "")
    yield from _addresses(post)
    yield _section("Details", "details", _details(post))
    yield _section("Provenance", "provenance", _provenance(post), origins_table(view.origins))


def _section(title: str, name: str, *content: str) -> Html:
    heading = tag("h2", title, id=name)
    return tag("section", heading, *content, aria_labelledby=name, class_="about")


def _metrics(metrics: Sequence[MetricRow]) -> Html:
    shown = [name for name in _COUNTS if any(row[name] is not None for row in metrics)]
    head = tag(
        "tr",
        tag("th", "Seen", scope="col"),
        *(tag("th", name.capitalize(), scope="col", class_="n") for name in shown),
    )
    body = [
        tag(
            "tr",
            tag("th", moment(row["observed_at"]), scope="row"),
            *(tag("td", "" if (count := row[name]) is None else number(count), class_="n") for name in shown),
        )
        for row in metrics
    ]
    newest = _table(head, body[-_SHOWN_METRICS:], "Counts over time")
    if len(body) <= _SHOWN_METRICS:
        return newest
    before = _table(head, body[:-_SHOWN_METRICS], "Counts before")
    summary = tag("summary", f"Before: {counted(len(body) - _SHOWN_METRICS, 'change')}")
    return join([tag("details", summary, before), newest])


def _table(head: Html, body: Sequence[Html], label: str) -> Html:
    table = tag("table", tag("thead", head), tag("tbody", *body))
    return tag("div", table, class_="wide", tabindex="0", role="group", aria_label=label)


def _addresses(post: PostRow) -> Iterator[Html]:
    if post["images"]:
        told = tag(
            "p", "Pictures are not shown, and were kept only where the crawl was asked to. Their addresses:"
        )
        yield _section("Pictures", "pictures", told, _links(post["images"]))
    if post["links"]:
        yield _section("Links in the text", "links", _links(post["links"]))


def _links(urls: Sequence[str]) -> Html:
    items = [tag("li", outside_link(url)) for url in urls[:_MOST_LINKS]]
    if len(urls) > _MOST_LINKS:
        items.append(tag("li", f"and {number(len(urls) - _MOST_LINKS)} more"))
    return tag("ul", *items, class_="addresses")


def _details(post: PostRow) -> Html:
    counts = [f"{each['name']}: {each['raw']}" for each in post["counts_raw"]]
    redactions = [f"{each['kind']}: {number(each['count'])}" for each in post["redactions"]]
    rights = [f"{each['signal']}: {each['value']}" for each in post["rights"]]
    zone = post["published_zone"] and f"{post['published_zone']} ({post['published_zone_basis']})"
    pairs: list[tuple[str, str | None]] = [
        ("Id", post["post_id"]),
        ("Site and platform", f"{post['site']}, {post['platform']}"),
        ("Kind", post["kind"]),
        ("Language", post["language"]),
        ("Writer", post["author_id"]),
        ("Date on the page", post["published_raw"]),
        ("Time zone", zone),
        ("Counts on the page", "; ".join(counts)),
        ("Counts last changed", moment(post["counts_observed_at"]) if post["counts_observed_at"] else None),
        ("Personal details taken out", "; ".join(redactions)),
        ("Rights signals", "; ".join(rights)),
        ("License", post["license"]),
        ("Status", post["status"] + (f", since {moment(post['status_at'])}" if post["status_at"] else "")),
        ("Revision", number(post["revision"])),
    ]
    shown = [
        part for name, value in pairs if value for part in (tag("dt", name), tag("dd", value, dir="auto"))
    ]
    return tag("dl", *shown)


def _provenance(post: PostRow) -> Html:
    sources = [
        join([tag("code", each["field"]), f" from {each['source']} ({each['confidence']})"])
        for each in post["field_sources"]
    ]
    record = record_anchor(post["warc_record_id"])
    pairs: list[tuple[str, str]] = [
        ("Address", outside_link(post["url"])),
        ("First seen", moment(post["first_seen"])),
        ("Last change seen", moment(post["captured_at"])),
        ("That time is", basis(post["captured_at_basis"])),
        ("WARC record", tag("a", tag("code", post["warc_record_id"]), href=fragment(record))),
        ("Read by", tag("code", post["extractor"])),
        ("Schema", post["schema_version"]),
        ("Fields", join(sources, ", ") or escape("no sources stated")),
    ]
    return tag("dl", *(part for name, value in pairs for part in (tag("dt", name), tag("dd", value))))
