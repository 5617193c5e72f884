"""V2: what the API that the site's own signed-out pages read answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from scraper.discussion.told import fields
from scraper.discussion.told.content import read_content
from scraper.discussion.told.thread import thread_of
from scraper.model.capture import Capture
from scraper.model.record import Access, Comment, Evidence, FieldSource, Post, PostKind, Record, Rejection
from scraper.model.site import Claim
from scraper.model.url import Base
from scraper.page.data import Fields
from scraper.page.dates import Zone
from scraper.page.document import Document
from scraper.sites.careerly.conventions import CONVENTIONS, conventions_of
from scraper.sites.careerly.urls import API, PostRef, api_ref

LAYOUT: Final = "careerly.v2-api/1"
_ENVELOPE: Final = ("data", "result", "post", "question")
# No post has more comments than this many pages hold; a server that says otherwise is leading us round.
_MOST_PAGES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Body:
    """The value of an API answer's body; None where it is no JSON. Its dates are in ``zone``."""

    value: object
    zone: Zone = CONVENTIONS.zone


@dataclass(frozen=True, slots=True)
class Answer:
    """One API answer: its capture, and the value of its body, with dates in ``zone``."""

    capture: Capture
    value: object
    zone: Zone = CONVENTIONS.zone

    @property
    def status(self) -> int | None:
        """Its HTTP status."""
        return self.capture.status


@dataclass(slots=True)
class Answers:
    """The API answers about one post, the last of each kind, and the comment pages by number."""

    post: Answer | None = None
    answers: Answer | None = None
    pages: dict[int, Answer] = field(default_factory=dict)


def read_body(document: Document) -> Body:
    """What an API answer holds; only a successful one holds anything."""
    value = document.json if document.capture.status in {200, None} else None
    return Body(value, conventions_of(document).zone)


def collect(answers: Iterable[Answer], ref: PostRef) -> Answers:
    """Sort the captures of a visit; a successful one is not replaced by a failure that came later."""
    api = Answers()
    for answer in answers:
        asked = api_ref(answer.capture.url)
        if asked is None or asked.number != ref.number:
            continue
        if asked.what == "comments":
            api.pages[asked.page] = _better(api.pages.get(asked.page), answer)
        elif asked.what == "answers":
            api.answers = _better(api.answers, answer)
        elif (asked.what == "question") == (ref.is_question):
            api.post = _better(api.post, answer)
    return api


def _better(before: Answer | None, now: Answer) -> Answer:
    return before if before is not None and before.status == 200 and now.status != 200 else now


def next_urls(api: Answers, ref: PostRef) -> Iterator[str]:
    """What to ask for next: the post, then comment page after comment page. At most one URL at a time."""
    if api.post is None:
        yield f"{API}/{'questions' if ref.kind == 'qnas' else 'posts'}/{ref.number}/"
        return
    item = _object(api.post)
    if item is None:
        return
    if ref.is_question:
        declared, held = _declared(item), item.objects(fields.ANSWERS)
        if api.answers is None and (held is None or (declared is not None and len(held) < declared)):
            yield f"{API}/questions/{ref.number}/answers/"
        return
    if _declared(item) == 0:
        return
    page = _next_page(api)
    if page is not None:
        yield f"{API}/comments/?postId={ref.number}&page={page}"


def _next_page(api: Answers) -> int | None:
    page, walked = 1, set[int]()
    seen: set[str] = set()
    while page not in walked and page <= _MOST_PAGES:
        if page not in api.pages:
            return page
        walked.add(page)
        body = _object(api.pages[page])
        fresh = {str(item.get("id")) for item in _results(api.pages[page])} - seen
        following = body.get(("next",)) if body else None
        if not following or not fresh:
            return None
        seen |= fresh
        asked = api_ref(str(following))
        page = asked.page if asked else page + 1
    return None


def read_api(api: Answers, ref: PostRef) -> Record | Rejection:
    """The record of a post from its API answers. ``found.post`` must be there."""
    if api.post is None:
        return Rejection(f"No capture of {ref.url} holds the post's API answer; crawl it again.")
    capture = api.post.capture
    if capture.status in {401, 403}:
        return gated_record(capture, ref, LAYOUT)
    item = _object(api.post)
    if item is None or not _is_post(item, ref):
        seen = f"HTTP status {capture.status}" if capture.status != 200 else "something that is no post"
        return Rejection(f"{capture.url} answered with {seen}, so there is no post to read.")
    if withheld := fields.withheld_by(item):
        detail = f"The API says that not everybody may read the post ({withheld}), so it is withheld."
        return _closed_record(capture, ref, LAYOUT, Evidence("flag", detail))
    post, comments = _post(item, capture, api.post.zone, ref), _comments(api, item, api.post, ref)
    if post.status == "withdrawn":
        return Record(LAYOUT, capture.record_id, replace(post, access="full"), comments)
    access, evidence = _access(item, api, post, comments)
    return Record(LAYOUT, capture.record_id, replace(post, access=access, access_evidence=evidence), comments)


def gated_record(capture: Capture, ref: PostRef, layout: str) -> Record:
    """The record of a post that the site answers only to members."""
    evidence = Evidence("status", f"{capture.url} answered with HTTP status {capture.status}.")
    return _closed_record(capture, ref, layout, evidence)


def _closed_record(capture: Capture, ref: PostRef, layout: str, evidence: Evidence) -> Record:
    kind: PostKind = "question" if ref.is_question else "post"
    return Record(
        layout, capture.record_id, Post(kind, None, None, access="gated", access_evidence=(evidence,))
    )


def listed_posts(document: Document) -> Iterator[Claim]:
    """The posts that an API list names."""
    for item in _results(Answer(document.capture, document.json)):
        number = Fields(item).id(("id", "postid"))
        if number and number.isdigit() and Fields(item).has(("posttype", *fields.TEXT)):
            yield PostRef("posts", number).claim


def _object(answer: Answer) -> Fields | None:
    if not isinstance(answer.value, dict):
        return None
    outer = Fields(answer.value)
    return outer if outer.has(("id", "results")) else outer.fields(_ENVELOPE) or outer


def _results(answer: Answer) -> list[dict[str, object]]:
    value = answer.value
    if isinstance(value, dict):
        value = Fields(value).items(("results", "data", "items", "answers", "comments"))
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _is_post(item: Fields, ref: PostRef) -> bool:
    has_content = (
        item.has(fields.TEXT) or item.has(fields.HTML) or item.has(fields.TITLE) or item.has(fields.DELETED)
    )
    return has_content and item.id(("id", "postid", "questionid")) in {ref.number, None}


def _declared(item: Fields) -> int | None:
    return next((count.value for count in fields.read_counts(item) if count.name == "comments"), None)


def _post(item: Fields, capture: Capture, zone: Zone, ref: PostRef) -> Post:
    content = read_content(item, Base(ref.url), CONVENTIONS.links)
    published, edited = fields.read_dates(item, zone, capture.captured_at)
    gone = fields.is_deleted(item)
    counts = fields.read_counts(item)
    names = [("published_at", published), ("author_id", item.get(("author", "userid")))]
    sources = content.sources("api") + [
        FieldSource(name, "api", "stated") for name, value in names if value is not None
    ]
    return Post(
        kind="question" if ref.is_question else "post",
        title=None if gone else content.title,
        text=None if gone else content.text,
        author=fields.read_person(item, CONVENTIONS.words),
        published=published,
        edited=edited,
        counts=counts,
        tags=fields.read_tags(item),
        links=None if gone else content.links or (),
        images=None if gone else content.images or (),
        status="withdrawn" if gone else "live",
        field_sources=(*sources, *(FieldSource(count.name, "api", "stated") for count in counts)),
    )


def _comments(api: Answers, item: Fields, post: Answer, ref: PostRef) -> tuple[Comment, ...]:
    conventions, captured_at = replace(CONVENTIONS, zone=post.zone), post.capture.captured_at
    if ref.is_question:
        held = item.objects(fields.ANSWERS) or []
        listed = _results(api.answers) if api.answers else []
        answers = listed if len(listed) >= len(held) else held
        return thread_of(answers, conventions, captured_at, "answer", source="api")
    objects = [item for _, page in sorted(api.pages.items()) for item in _results(page)]
    own = [item for item in objects if Fields(item).id(("postid",)) in {ref.number, None}]
    return thread_of(own, conventions, captured_at, source="api")


def _access(
    item: Fields, api: Answers, post: Post, comments: tuple[Comment, ...]
) -> tuple[Access, tuple[Evidence, ...]]:
    evidence = []
    declared = [post.count("comments")]
    for page in api.pages.values():
        if page.status in {401, 403}:
            evidence.append(
                Evidence("status", f"{page.capture.url} answered with HTTP status {page.status}.")
            )
        body = _object(page)
        total = body.get(("count",)) if body else None
        declared.append(total if isinstance(total, int) else None)
    stated = max((count for count in declared if count is not None), default=None)
    says = "does not say how many comments there are" if stated is None else f"declares {stated} comments"
    evidence.append(Evidence("comments", f"The API {says}; {len(comments)} were read."))
    if fields.is_locked(item):
        evidence.append(Evidence("flag", "The API says that signed-out readers see only a part."))
    if post.text is None and fields.is_locked(item):
        return "gated", tuple(evidence)
    if (stated is not None and len(comments) < stated) or fields.is_locked(item):
        return "partial", tuple(evidence)
    is_open = stated is None and any(count.name == "comments" for count in post.counts)
    return ("full" if (post.text or post.title) and not is_open else "unknown"), tuple(evidence)
