"""``postkeep init``: an archive folder with its settings file."""

import json
import re
from pathlib import Path
from typing import Final

from scraper.errors import UsageError
from scraper.model.outcome import Item, Report
from scraper.settings import SETTINGS_FILE
from scraper.settings_file import load_settings, read_contact

_CONTACT_NEXT: Final = "Before any site can be visited it must be able to reach you: postkeep init {folder} --contact you@example.org"
_CONTACT: Final = re.compile(r"""^[ \t]*(?:contact|"contact"|'contact')[ \t]*=.*$""", re.MULTILINE)
_CONTACT_COMMENT: Final = re.compile(r"^#[ \t]*contact[ \t]*=.*$", re.MULTILINE)
_TABLE: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
_TEMPLATE: Final = """\
# The settings of this archive. POSTKEEP_<NAME> variables win over this file, flags over both.

# An e-mail address or a web page, so that the sites you visit can reach you. Needed before any crawl.
{contact}

# "pseudonymous": authors become keyed pseudonyms. "named": their names are kept as the site shows them.
names = "pseudonymous"

# What is replaced in texts; [] keeps everything.
scrub = ["email", "phone", "id-number"]

# The title of the dataset; without one it is named after its sites.
# title = "Questions and answers of a community"

# What the dataset card says about rights, and the licence you may give for your part of the work.
# rights_statement = "Copyright in posts and comments stays with their authors."
# license = "other"

# true: pages that ask not to be archived (noarchive) are kept all the same. They are never published.
# keep_noarchive = false

# How many pages of one listing or feed are followed to find posts.
# listing_pages = 10

# A text file of those who asked to be left out: URLs, authors and hosts, one a line; # begins a comment.
# opt_out = "opt-out.txt"

# true: what was deleted at its source stays in the published history. Its text leaves the rows in any case.
# keep_deleted_text = false

# Listings, feeds and sitemaps in which `postkeep refresh` looks for new posts.
# follow = ["https://example.org/feed"]

# How often `postkeep refresh` looks at a post again, and what one run may cost; 0 lifts a bound.
# [refresh]
# shortest = "12h"
# longest = "90d"
# requests = 5000
# bytes = 500000000
# minutes = 360

# [publish]
# metrics_every_days = 7   # counts alone go out this many days after the last publication at the earliest
# largest_fall = 0.05      # the share of a table's published rows that the next publication may lack

# What you know about one host.
# [host."example.org"]
# delay = 10            # at least so many seconds between two requests
# zone = "Asia/Seoul"   # where its dates are at home, when they do not say
# terms = "forbid"      # its terms forbid crawling: nothing is visited without a written reason
# reason = "…"
# keep_noarchive = true
"""


def init(folder: Path, contact: str | None) -> Report:
    """Make ``folder`` an archive: the folder and its postkeep.toml; where that is there, set its ``contact``.

    Raises:
        UsageError: there is a postkeep.toml and no contact to set in it, it cannot be written, or the contact is no contact.
    """
    path = folder / SETTINGS_FILE
    address = read_contact(contact or "", "--contact")
    line = f"contact = {json.dumps(address)}" if address else '# contact = "you@example.org"'
    try:
        is_new = not path.exists()
        if not is_new and address is None:
            message = f"{path} is there already, so nothing was changed. Edit it, or set who can be reached: postkeep init {folder} --contact you@example.org"
            raise UsageError(message)
        folder.mkdir(parents=True, exist_ok=True)
        text = _TEMPLATE.format(contact=line) if is_new else _with_contact(path, line)
        draft = path.with_name(f"{path.name}.part")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}. Choose another folder, or make this one yours to write."
        ) from error
    return Report(
        items=(Item(str(folder), "done", reason=None if address else _CONTACT_NEXT.format(folder=folder)),),
        outputs=(str(path),),
    )


def _with_contact(path: Path, line: str) -> str:
    """The settings with ``line`` in place of their contact, or of the comment that stands for one; else before all others."""
    load_settings(path.parent, {})
    text = path.read_text(encoding="utf-8-sig")
    head, bracket, tables = _before_tables(text)
    for place in (_CONTACT, _CONTACT_COMMENT):
        changed, count = place.subn(lambda _: line, head, count=1)
        if count:
            return changed + bracket + tables
    return f"{line}\n{text}"


def _before_tables(text: str) -> tuple[str, str, str]:
    """The settings before the first table, the bracket that opens it, and the rest."""
    table = _TABLE.search(text)
    return (text, "", "") if table is None else (text[: table.start()], table[0], text[table.end() :])
