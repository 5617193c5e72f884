"""How docs/ becomes a site: ``make docs``."""

import re
from pathlib import Path

from sphinx.application import Sphinx

from scraper import __version__

project = "postkeep"
author = "the postkeep authors"
copyright = author  # noqa: A001 - Sphinx reads this name
release = __version__
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "postkeep"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
# A summary of each result would be asked for with fetch, which a page opened from disk may not.
html_show_search_summary = False
html_copy_source = False
exclude_patterns = ["images/*"]

# What Sphinx and its theme leave out for those who do not see the page, and axe-core misses: names of the two side columns, the
# level of captions, a way to move wide tables and commands by key, the heading of the search, and no empty cell as the head of a column.
_MENDED = (
    (re.compile('<aside class="sidebar-drawer">'), '<aside class="sidebar-drawer" aria-label="All pages">'),
    (re.compile('<aside class="toc-drawer'), '<aside aria-label="This page" class="toc-drawer'),
    (re.compile('role="heading"(?! aria)'), 'role="heading" aria-level="2"'),
    (re.compile('<div class="table-wrapper'), '<div tabindex="0" class="table-wrapper'),
    (re.compile("<pre>"), '<pre tabindex="0">'),
    (re.compile(r'(<article role="main"[^>]*>)(?=\s*<noscript>)'), r"\1<h1>Search</h1>"),
    (re.compile(r'<th class="head[^"]*">\s*(?:<p>\s*</p>)?\s*</th>'), "<td></td>"),
)


def mend(app: Sphinx, exception: Exception | None) -> None:
    """Mend each page that was written."""
    if exception is None and app.builder.format == "html":
        for page in Path(app.outdir).glob("*.html"):
            text = page.read_text(encoding="utf-8")
            for mistake, mended in _MENDED:
                text = mistake.sub(mended, text)
            page.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("build-finished", mend)
