"""The post's author over a post and its comments: one person, one id."""

from dataclasses import replace

from scraper.model.record import Comment, Person, Post


def with_one_author(post: Post, comments: tuple[Comment, ...]) -> tuple[Post, tuple[Comment, ...]]:
    """The post and its comments with one id for the post's author, where either shows the account's name.

    A comment that the page says is the author's, of somebody whom the post names otherwise, is nobody's in particular.
    """
    if post.author is None:
        return post, comments
    account = post.author.native_id or _account(post.author, comments)
    author = _known_as(post.author, account)
    return replace(post, author=author), tuple(_of_author(comment, author) for comment in comments)


def _account(author: Person, comments: tuple[Comment, ...]) -> str | None:
    own = (comment.author for comment in comments if comment.is_post_author)
    return next((by.native_id for by in own if by and by.native_id and by.name == author.name), None)


def _of_author(comment: Comment, author: Person) -> Comment:
    by = comment.author
    if not comment.is_post_author or by is None:
        return comment
    if by.native_id is None and by.name == author.name:
        return replace(comment, author=_known_as(by, author.native_id))
    is_one = by.native_id == author.native_id if by.native_id and author.native_id else by.name == author.name
    return comment if is_one else replace(comment, is_post_author=None)


def _known_as(person: Person, account: str | None) -> Person:
    """The person under an account's name; readers before this one knew them by the name that is shown."""
    if account is None or person.native_id is not None:
        return person
    names = (person.name,) if person.name else ()
    return Person(account, person.name, (*person.former, *names))
