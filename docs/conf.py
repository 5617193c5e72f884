"""How docs/ becomes a site: ``make docs``."""

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
