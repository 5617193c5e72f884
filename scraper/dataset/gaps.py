"""What is known to be missing from a dataset, counted, as the card has it."""

from typing import Final

from scraper.dataset.figures import Figures
from scraper.dataset.sections import NO_ROWS, table

_WITHOUT_TEXT: Final = "posts without a text"
_UNDECIDED: Final = "texts of undecided language"
_OF_TEXTS: Final = frozenset({_WITHOUT_TEXT, _UNDECIDED})
_NO_PICTURES: Final = "pictures are kept only where the operator asked for them (`crawl --images`), and are never published: `images` has their addresses"


def gaps(figures: Figures, *, with_text: bool = True) -> str:
    """A table of what is missing, of how many rows it is, and why; of texts only where the form has them."""
    if not figures.rows:
        return NO_ROWS
    of_posts = f"{figures.rows.get('posts', 0):,} posts"
    of_comments = f"{figures.rows.get('comments', 0):,} comments"
    missing, comments = figures.gaps, figures.comments
    rows: tuple[tuple[str, int, str, str], ...] = (
        (
            "posts without a date",
            missing.posts_without_date,
            of_posts,
            "the page shows none that can be read; they lie in `undated`",
        ),
        ("posts without an author", missing.posts_without_author, of_posts, "the page names nobody"),
        (
            _WITHOUT_TEXT,
            missing.posts_without_text,
            of_posts,
            "a gate, or a page of a title and links alone",
        ),
        (
            "posts of unknown `access`",
            figures.access.get("unknown", 0),
            of_posts,
            "whether all was shown cannot be told",
        ),
        (
            "posts shown in part",
            figures.access.get("partial", 0) + figures.access.get("gated", 0),
            of_posts,
            "`access` is `partial` or `gated`: a comment missing from such a page was not necessarily deleted",
        ),
        (
            "posts with fewer comments captured than declared",
            comments.short,
            of_posts,
            f"{comments.missing:,} comments in all; for members only, deleted but counted, or not captured",
        ),
        (
            "posts that declare no number of comments",
            comments.silent,
            of_posts,
            "whether all were captured cannot be told",
        ),
        (
            "posts without a time of capture",
            figures.undated_captures,
            of_posts,
            "pages handed in without one; `captured_at` is null",
        ),
        (
            "posts with a rounded count",
            figures.rounded_counts,
            of_posts,
            "pages round: 1.2만 is given as 12000 and may be 11,500 to 12,999",
        ),
        ("posts with pictures", missing.posts_with_pictures, of_posts, _NO_PICTURES),
        (
            "comments without a date",
            missing.comments_without_date,
            of_comments,
            "the page shows none that can be read",
        ),
        (
            "comments without an author",
            missing.comments_without_author,
            of_comments,
            "the page names nobody, or says that it was deleted",
        ),
        (
            "comments without a depth",
            missing.flattened_comments,
            of_comments,
            f"the page came flattened: who answers whom is not known in {missing.flattened_threads:,} threads",
        ),
        (
            "comments removed on the site",
            missing.removed_comments,
            of_comments,
            "the page shows that there was one (`status` is `placeholder`)",
        ),
        (
            "posts and comments with an assumed zone",
            figures.assumed_zones,
            f"{of_posts}, {of_comments}",
            "the site's usual zone was taken; `published_zone_basis` is `assumed`",
        ),
        (
            _UNDECIDED,
            figures.undecided,
            f"{of_posts}, {of_comments}",
            "their script is that of several languages",
        ),
    )
    return table(
        ("what is missing", "rows", "of", "why"),
        (
            (what, f"{number:,}", of, why)
            for what, number, of, why in rows
            if with_text or what not in _OF_TEXTS
        ),
    )
