"""The name we go by on the web."""

from typing import Final

PRODUCT_TOKEN: Final = "postkeep"  # noqa: S105 - the word of RFC 9309 section 2.2.1, no secret
"""The name under which robots.txt, X-Robots-Tag and robots meta address us; compared without case."""
