"""The parts of a dataset card that depend on what is in the dataset, as Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from scraper.dataset.context import Publication
from scraper.dataset.features import type_name
from scraper.dataset.figures import CommentFigures, Figures, SiteFigures
from scraper.dataset.layout import SPLIT
from scraper.records.contract import Column
from scraper.settings import NamePolicy, ScrubKind

NO_ROWS: Final = "This dataset has no rows yet, so there are no files and nothing to load."
DRAFT: Final = " (a draft: its columns may still change under this number; `schema_digest` in manifest.json tells drafts apart)"
# A longer list is no title.
_NAMED_SITES: Final = 3
_REQUEST: Final = """```csv
what,why,when
https://example.org/posts/1#comment-2,"I wrote it and want it gone",2026-11-25
```"""
_DETAILS: Final[Mapping[ScrubKind, str]] = {
    "email": "e-mail addresses",
    "phone": "telephone numbers",
    "id-number": "resident registration numbers",
}


def one_line(text: str) -> str:
    """Text on one line, for a heading."""
    return " ".join(text.split())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *([_cell(text) for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def summary(figures: Figures) -> str:
    """What there is, in one sentence."""
    if not figures.rows:
        return NO_ROWS
    posts, comments, sites = figures.rows.get("posts", 0), figures.rows.get("comments", 0), len(figures.sites)
    return f"{posts:,} posts and {comments:,} comments from {sites:,} {'site' if sites == 1 else 'sites'}."


def loading(names: Sequence[str], publication: Publication) -> str:
    """Code that loads each config that has rows; from the folder too, where it was never published."""
    if not names:
        return NO_ROWS
    remark = "" if publication.repo else "  # or the folder"
    lines = [
        f'{name} = load_dataset("{publication.named}", "{name}", split="{SPLIT}"){remark}' for name in names
    ]
    return "\n".join(["```python", "from datasets import load_dataset", "", *lines, "```"])


def configs(described: Iterable[tuple[str, str]], rows: Mapping[str, int]) -> str:
    """The configs with their sizes; those without rows say that they cannot be loaded."""
    size = {name: f"{rows[name]:,}" for name in rows}
    absent = "none, so it cannot be loaded"
    return table(
        ("config", "rows", "what it holds"),
        [(f"`{name}`", size.get(name, absent), text) for name, text in described],
    )


def left_out(columns: Mapping[str, Sequence[str]]) -> str:
    """A paragraph on what the form without text lacks; empty for the whole form."""
    listed = "; ".join(f"`{config}`: {', '.join(names)}" for config, names in columns.items() if names)
    if not listed:
        return ""
    return (
        f"\n\nThis is the form without text: ids, metadata and counts, by which the posts can be found again where they "
        f"were published. Left out are, of {listed}. Addresses stay, and an address can repeat words of its post's title."
    )


def captured(figures: Figures) -> str:
    """When the captures were made."""
    if figures.captured is None:
        return "When the captures were made is not known."
    first, last = (time[:10] for time in figures.captured)
    days = f"on {first}" if first == last else f"between {first} and {last}"
    return f"The captures that the posts were read from were made {days}."


def coverage(sites: Sequence[SiteFigures]) -> str:
    """A row a site."""
    if not sites:
        return "No site was covered."
    rows = [
        (site.site, f"{site.posts:,}", f"{site.comments:,}", _years(site.years), f"{site.undated:,}")
        for site in sites
    ]
    return table(("site", "posts", "comments", "years of publication", "posts without a date"), rows)


def languages(counts: Mapping[str, int]) -> str:
    """How many posts and comments are in each language."""
    if not counts:
        return "The language of no text was decided."
    listed = ", ".join(f"{code} {number:,}" for code, number in counts.items())
    return f"Posts and comments by language, where the script decides it: {listed}."


def images(shown: Iterable[tuple[str, str]]) -> str:
    """Images with their alternative texts; nothing where there are none."""
    return "".join(f"\n\n![{text}]({path})" for path, text in shown)


def counted(what: str, of: str, counts: Mapping[str, int]) -> str:
    """A table of words and how often each was seen."""
    if not counts:
        return "There were none."
    return table((what, of), [(f"`{word}`", f"{number:,}") for word, number in counts.items()])


def comments(figures: CommentFigures) -> str:
    """Captured against declared comments."""
    share = f" ({figures.captured / figures.declared:.1%})" if figures.declared else ""
    return (
        f"Pages declare {figures.declared:,} comments, of which {figures.captured:,} were captured{share}. "
        f"Posts with fewer captured than declared: {figures.short:,}. "
        f"Posts whose page declares no number: {figures.silent:,}. "
        f"A comment can be missing because it was shown to members only, because it was deleted but is still "
        f"counted, or because it was not captured: compare `comments_captured` with `comments_declared`."
    )


def fields(name: str, columns: Iterable[Column]) -> str:
    """The table of a config's columns, those of structs below their column."""
    rows = [row for column in columns for row in _field_rows(column, "")]
    return f"### {name}\n\n" + table(("column", "type", "null", "what it holds"), rows)


def rights(license_name: str | None, statement: str | None) -> str:
    """The operator's statement, or that there is none."""
    chosen = (
        f"License: {license_name}."
        if license_name
        else "No license was chosen for this dataset: it permits nothing that the law does not."
    )
    default = "The texts belong to those who wrote them; this dataset grants no right to them."
    return f"{chosen}\n\n{statement or default}"


def signals(counts: Mapping[str, int]) -> str:
    """How many posts carried each rights signal."""
    if not counts:
        return "No page here carried one."
    return (
        "Posts that carried one: "
        + ", ".join(f"`{one_line(name)}` {n:,}" for name, n in counts.items())
        + "."
    )


def names(policy: NamePolicy) -> str:
    """What became of people's names."""
    if policy == "named":
        return "This dataset carries the names that the sites show, next to `author_id`, a keyed pseudonym."
    return (
        "Names are left out. `author_id` is a keyed pseudonym: one person within a site has one, and without the key, "
        "which is not published, it cannot be computed from a name. User names in URLs are replaced in the same way."
    )


def redactions(scrub: Sequence[ScrubKind], counts: Mapping[str, int]) -> str:
    """Which personal details were replaced in texts, and how many."""
    if not scrub:
        return "Personal details in texts (e-mail addresses, telephone numbers) were left as they stood."
    listed = ", ".join(f"{_DETAILS[kind]} by `⟨{kind}⟩` ({counts.get(kind, 0):,})" for kind in scrub)
    return f"Replaced in texts, as far as they were recognised: {listed}."


def tasks(kinds: Mapping[str, int], *, with_text: bool) -> list[str]:
    """The tasks, in the Hub's words, that rows of these kinds are for."""
    if not with_text:
        return ["other"]
    return ["text-classification", *(["question-answering"] if kinds.get("answer") else [])]


def removal(contact: str | None) -> str:
    """Whom to write to and in which form, and what then happens."""
    where = f"Write to {contact}" if contact else "Open a discussion on this dataset's page on the Hub"
    return (
        f"{where} and name the post, the comment or the author (a URL is enough). You need not give a reason. Best "
        f"as a row of this form, which the operator's tool reads (`postkeep forget --from`):\n\n{_REQUEST}\n\nIt is "
        f"taken out of the archive, of the records with their history, and of the next version of this dataset. Earlier "
        f"versions that hold it are deleted then, unless the operator keeps them on purpose; copies that others have made "
        f"cannot be called back. What remains is its id, the time and the reason, so that it is not collected again."
    )


def named_after(sites: Sequence[str]) -> str:
    """A title for a dataset of these sites."""
    if len(sites) > _NAMED_SITES:
        return f"Posts and comments from {len(sites):,} sites"
    listed = " and ".join(filter(None, (", ".join(sites[:-1]), *sites[-1:])))
    return f"Posts and comments from {listed}" if listed else "Posts and comments"


def _years(years: tuple[str, str] | None) -> str:
    if years is None:
        return "unknown"
    return years[0] if years[0] == years[1] else f"{years[0]} to {years[1]}"


def _field_rows(column: Column, prefix: str) -> list[tuple[str, str, str, str]]:
    name = f"{prefix}{column.name}"
    words = f" One of {', '.join(f'`{word}`' for word in column.values)}." if column.values else ""
    row = (
        f"`{name}`",
        f"`{type_name(column)}`",
        "yes" if column.nullable else "no",
        column.description + words,
    )
    return [row, *(inner for part in column.fields for inner in _field_rows(part, f"{name}."))]


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")
