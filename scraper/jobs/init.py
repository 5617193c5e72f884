"""``postkeep init``: an archive folder with its settings file."""

import json
from pathlib import Path
from typing import Final

from scraper.errors import UsageError
from scraper.model.outcome import Item, Report
from scraper.settings import SETTINGS_FILE
from scraper.settings_file import read_contact

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
    """Make ``folder`` an archive: the folder and its postkeep.toml.

    Raises:
        UsageError: the folder has a postkeep.toml already, cannot be made, or the contact is no contact.
    """
    path = folder / SETTINGS_FILE
    if path.exists():
        raise UsageError(f"{path} is there already, so nothing was changed. Edit it to change the settings.")
    contact = read_contact(contact or "", "--contact")
    line = f"contact = {json.dumps(contact)}" if contact else '# contact = "you@example.org"'
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(_TEMPLATE.format(contact=line), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}. Choose another folder.") from error
    return Report(items=(Item(str(folder), "done"),), outputs=(str(path),))
