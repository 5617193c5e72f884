"""How the dataset is cited: a BibTeX entry for the card, and CITATION.cff (Citation File Format 1.2.0)."""

import re
from typing import Any, Final

import yaml

from scraper.dataset.context import CardContext, Publication
from scraper.dataset.figures import Figures
from scraper.dataset.sections import one_line, summary

# A publication's tag ends with its day, and a number from the second of a day on.
TAG_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.(\d+))?$")
_MESSAGE: Final = "If you use this dataset, please cite it, with the version (tag) that you loaded."
_OPERATOR: Final = "The operator of the archive"
_EMAIL: Final = re.compile(r"\S+@\S+\.\S{2,}")
_URL: Final = re.compile(r"(?:https?|s?ftp)://\S+")
_LINE: Final = 110
# The licences for data that CFF 1.2.0 knows, as SPDX spells them.
_SPDX: Final = {
    name.lower(): name
    for name in (
        *("Apache-2.0", "MIT", "CC0-1.0", "PDDL-1.0", "ODbL-1.0", "ODC-By-1.0"),
        *("CDLA-Permissive-1.0", "CDLA-Sharing-1.0"),
        *(
            f"CC-BY{terms}-{version}"
            for terms in ("", "-SA", "-NC")
            for version in ("2.0", "2.5", "3.0", "4.0")
        ),
        *(f"CC-BY{terms}-{version}" for terms in ("-ND", "-NC-ND", "-NC-SA") for version in ("3.0", "4.0")),
    )
} | {"pddl": "PDDL-1.0", "odbl": "ODbL-1.0", "odc-by": "ODC-By-1.0"}


def bibtex(title: str, software: str, span: tuple[str, str] | None, publication: Publication) -> str:
    """A BibTeX entry; author, year, version and address are those of the publication.

    Where it was never published, the year is that of the last capture, and nobody is named.
    """
    plain = title.translate(str.maketrans("", "", "{}\\"))
    author = f"  author = {{{{{publication.repo.partition('/')[0]}}}}},\n" if publication.repo else ""
    last = publication.year or (span[1][:4] if span else None)
    year = f"  year = {{{last}}},\n" if last else ""
    version = f"  version = {{{publication.tag}}},\n" if publication.tag else ""
    url = f"  url = {{{publication.url}}},\n" if publication.url else ""
    return (
        f"```bibtex\n@misc{{postkeep_dataset,\n{author}  title = {{{one_line(plain)}}},\n{year}{version}{url}"
        f"  note = {{Collected with {one_line(software)}. Give the version (tag) that you loaded.}}\n}}\n```"
    )


def citation_file(context: CardContext, figures: Figures) -> str:
    """The text of CITATION.cff. Version and day are those of the publication; where it was never published it has neither."""
    publication = context.publication
    published = TAG_DAY.search(publication.tag or "")
    author: dict[str, Any] = {"name": publication.repo.partition("/")[0] if publication.repo else _OPERATOR}
    license_name = _SPDX.get((context.license or "").lower())
    fields = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": one_line(context.title) or "Posts and comments",
        "abstract": f"{summary(figures)} Collected with {one_line(context.software)}.",
        "authors": [author],
        "contact": _contact(context.contact),
        "version": publication.tag,
        "date-released": "-".join(published.groups()[:3]) if published else None,
        "url": publication.url,
        "license": license_name,
        "keywords": ["web archive", "discussion", "forum posts", "comments"],
    }
    given = {name: value for name, value in fields.items() if value}
    return yaml.safe_dump(given, sort_keys=False, allow_unicode=True, width=_LINE)


def _contact(contact: str | None) -> list[dict[str, str]]:
    if contact and _EMAIL.fullmatch(contact):
        return [{"name": _OPERATOR, "email": contact}]
    if contact and _URL.fullmatch(contact):
        return [{"name": _OPERATOR, "website": contact}]
    return []
