"""What a page is: which are taken for posts, and which are not."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from tests.eval.figure import Better, Figure, PageError, Results, mean

_CORPUS: Final = "wcxb-dev page_type"
POSTS: Final = frozenset(("article", "forum"))
# A page of documentation is read with profit and is no post: it counts on neither side.
OTHERS: Final = frozenset(("product", "service", "listing", "collection"))
# Nobody answers there, whatever looks like it: customers' praise, rows of lists, dates of lectures.
WITHOUT_THREAD: Final = OTHERS | {"documentation"}


def figures(results: Results) -> Iterator[Figure]:
    """The shares of pages taken for posts that are none, of posts that are refused, and of pages and comments that are no thread's."""
    taken = [each for each in results["wcxb-dev"] if each.read["kind"] is not None]
    wrongly = mean(each.page.truth["page_type"] in OTHERS for each in taken)
    yield Figure(_CORPUS, "of the pages taken, no posts", len(taken), wrongly, 0.02, Better.LESS)
    posts = [each for each in results["wcxb-dev"] if each.page.truth["page_type"] in POSTS]
    refused = mean(each.read["kind"] is None for each in posts)
    yield Figure(_CORPUS, "of the posts, refused", len(posts), refused, 0.02, Better.LESS)
    quiet = [each for each in results["wcxb-dev"] if each.page.truth["page_type"] in WITHOUT_THREAD]
    false = mean(bool(each.read["comments"]) for each in quiet)
    yield Figure(
        _CORPUS, "of the pages without a thread, with comments", len(quiet), false, 0.01, Better.LESS
    )
    texts = [comment["text"] for each in results["wcxb-dev"] for comment in each.read["comments"]]
    empty = mean(not text for text in texts)
    yield Figure(_CORPUS, "of the comments, without words", len(texts), empty, 0.01, Better.LESS)


def errors(results: Results) -> Iterator[PageError]:
    """Every page that is taken for what it is not."""
    for each in results["wcxb-dev"]:
        is_post, is_taken = each.page.truth["page_type"] in POSTS, each.read["kind"] is not None
        if is_post and not is_taken:
            yield PageError(f"kind: {each.page.truth['page_type']} refused", each.page.name, each.page.url)
        if is_taken and each.page.truth["page_type"] in OTHERS:
            kind = f"kind: {each.page.truth['page_type']} taken for a post"
            yield PageError(kind, each.page.name, f"as {each.read['kind']} {each.page.url}")
        if each.read["comments"] and each.page.truth["page_type"] in WITHOUT_THREAD:
            kind = f"kind: comments on a page of type {each.page.truth['page_type']}"
            yield PageError(kind, each.page.name, f"{len(each.read['comments'])} comments {each.page.url}")


def confusion(results: Results) -> dict[str, dict[str, int]]:
    """How many pages of each type are read as which kind; ``refused`` where as none."""
    table: dict[str, Counter[str]] = {}
    for each in results["wcxb-dev"]:
        row = table.setdefault(each.page.truth["page_type"], Counter())
        row[each.read["kind"] or "refused"] += 1
    return {name: dict(sorted(row.items())) for name, row in sorted(table.items())}
