"""V2 of Careerly: empty pages (Next.js app router), and the API that fills them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from tests.replica.content import Community, Kind, ReplicaComment, ReplicaPerson, ReplicaPost
from tests.replica.markup import description_html, description_text

API_HOST: Final = "v2.careerly.co.kr"
PAGE_SIZE: Final = 10


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """A status and the JSON value of the body."""

    status: int
    value: object


_NOT_FOUND: Final = ApiAnswer(404, {"detail": "Not found."})
_SIGN_IN: Final = ApiAnswer(401, {"detail": "Authentication credentials were not provided."})


def shell_page(build_id: str) -> str:
    """The page at every address: without data, with site-wide OpenGraph."""
    return (
        '<!DOCTYPE html><html lang="ko"><head><meta charSet="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<link rel="stylesheet" href="/_next/static/css/{build_id}.css" data-precedence="next"/>'
        "<title>커리어리 - 일하는 사람들의 커뮤니티</title>"
        '<meta property="og:title" content="커리어리"/><meta property="og:type" content="website"/>'
        '<meta property="og:description" content="일하는 사람들이 서로 배우는 곳"/></head>'
        '<body><div hidden=""><!--$--><!--/$--></div><div class="flex min-h-screen items-center justify-center">'
        '<div class="animate-spin rounded-full"></div></div>'
        f'<script src="/_next/static/chunks/main-app-{build_id}.js" async=""></script>'
        "<script>(self.__next_f=self.__next_f||[]).push([0])</script>"
        f'<script>self.__next_f.push([1,"0:{{\\"P\\":null,\\"b\\":\\"{build_id}\\",\\"p\\":\\"\\"}}\\n"])</script>'
        "</body></html>"
    )


def api(community: Community, path: str, query: dict[str, str]) -> ApiAnswer:
    """The API's answer to a GET of ``/api/v1/…``."""
    match path.removeprefix("/api/v1/").rstrip("/").split("/"):
        case ["posts"] | ["posts", "top"] | ["posts", "recommended"]:
            posts: list[object] = [_post(post) for post in community.newest("post", "v2")]
            return _page(posts, path, query)
        case ["questions"]:
            questions: list[object] = [_question_item(post) for post in community.newest("question", "v2")]
            return _page(questions, path, query)
        case ["comments"]:
            post = _find(community, "post", query.get("postId", ""))
            comments: list[object] = [_comment(post, comment) for comment in post.comments] if post else []
            return _page(comments, path, query)
        case ["posts", number]:
            return _one(_find(community, "post", number))
        case ["questions", number]:
            return _one(_find(community, "question", number))
        case ["questions", number, "answers"] if post := _find(community, "question", number):
            return _page([_answer(post, answer) for answer in post.comments], path, query)
    return _NOT_FOUND


def _find(community: Community, kind: Kind, number: str) -> ReplicaPost | None:
    return community.find(kind, int(number), "v2") if number.isdecimal() else None


def _one(post: ReplicaPost | None) -> ApiAnswer:
    if post is None:
        return _NOT_FOUND
    if post.gated:
        return _SIGN_IN
    return ApiAnswer(200, _question(post) if post.kind == "question" else _post(post))


def _page(rows: list[object], path: str, query: dict[str, str]) -> ApiAnswer:
    number = query.get("page", "1")
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    if not number.isdecimal() or not 1 <= int(number) <= pages:
        return ApiAnswer(404, {"detail": "Invalid page."})
    page = int(number)
    value = {
        "count": len(rows),
        "next": _page_url(path, query, page + 1) if page < pages else None,
        "previous": _page_url(path, query, page - 1) if page > 1 else None,
        "results": rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
    }
    return ApiAnswer(200, value)


def _page_url(path: str, query: dict[str, str], page: int) -> str:
    kept = {key: value for key, value in query.items() if key != "page"}
    numbered = {**kept, "page": str(page)} if page > 1 else kept
    parameters = urlencode(sorted(numbered.items()))
    return f"https://{API_HOST}{path}" + (f"?{parameters}" if parameters else "")


def _post(post: ReplicaPost) -> dict[str, object]:
    return {
        "id": post.id,
        "userid": post.by.user_id if post.by else 0,
        "author": _author(post.by),
        "title": None if post.deleted else post.title_field,
        "description": "" if post.deleted else description_text(post),
        "descriptionhtml": "" if post.deleted else description_html(post),
        "posttype": 0,
        "articleid": None,
        "isdeleted": int(post.deleted),
        "createdat": _naive(post.at),
        "updatedat": _naive(post.edited or post.at),
        "comment_count": len(post.comments),
        "like_count": post.likes,
        "save_count": post.saves,
        "view_count": post.views,
        "repost_count": post.reposts,
        "images": list(post.images),
    }


def _author(person: ReplicaPerson | None) -> dict[str, object] | None:
    if person is None:
        return None
    return {
        "id": person.user_id,
        "profile_id": person.profile_id,
        "name": person.name,
        "email": f"member{person.user_id}@example.com",
        "image_url": None,
        "headline": person.headline,
    }


def _comment(post: ReplicaPost, comment: ReplicaComment) -> dict[str, object]:
    return {
        "id": comment.id,
        "post_id": post.id,
        "parentcommentid": comment.to or 0,
        "depth": post.depth(comment),
        **_comment_author(comment),
        "content": "" if comment.deleted else comment.text,
        "ispostwriter": int(comment.by is not None and comment.by == post.by),
        "isdeleted": int(comment.deleted),
        "like_count": comment.likes,
        "createdat": _naive(comment.at),
        "updatedat": _naive(comment.edited or comment.at),
    }


def _comment_author(comment: ReplicaComment) -> dict[str, object]:
    person = None if comment.deleted else comment.by
    return {
        "user_id": person.user_id if person else 0,
        "author_name": person.name if person else None,
        "author_profile_id": person.profile_id if person else None,
        "author_headline": person.headline if person else None,
    }


def _question(post: ReplicaPost) -> dict[str, object]:
    return {
        "id": post.id,
        "userid": post.by.user_id if post.by else 0,
        "author": _author(post.by),
        "title": post.title,
        "description": description_text(post),
        "like_count": post.likes,
        "status": 0,
        "ispublic": 1,
        "isfiltered": 0,
        "isdeleted": int(post.deleted),
        "answers": [_answer(post, answer) for answer in post.comments],
        "createdat": _naive(post.at),
        "updatedat": _naive(post.edited or post.at),
    }


def _question_item(post: ReplicaPost) -> dict[str, object]:
    return {
        "id": post.id,
        "user_id": post.by.user_id if post.by else 0,
        "author_name": post.by.name if post.by else None,
        "title": post.title,
        "like_count": post.likes,
        "status": 0,
        "answer_count": len(post.comments),
        "view_count": post.views,
        "ispublic": 1,
        "createdat": _naive(post.at),
        "updatedat": _naive(post.edited or post.at),
    }


def _answer(post: ReplicaPost, answer: ReplicaComment) -> dict[str, object]:
    return {
        "id": answer.id,
        "question_id": post.id,
        **_comment_author(answer),
        "description": "" if answer.deleted else answer.text,
        "like_count": answer.likes,
        "is_accepted": answer.accepted,
        "isdeleted": int(answer.deleted),
        "createdat": _naive(answer.at),
        "updatedat": _naive(answer.edited or answer.at),
    }


def _naive(at: datetime) -> str:
    return at.isoformat()
