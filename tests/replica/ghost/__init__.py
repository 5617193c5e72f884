"""A blog of two posts as a real Ghost 6.65 answered with it on loopback: its pages and its API, in words of our own.

The host's name stands in place of the address that it had, and keys are left out.
"""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

HOST: Final = "moss.example"
SITE: Final = f"https://{HOST}"
POST: Final = f"{SITE}/balcony-seedlings/"
MEMBERS: Final = f"{SITE}/seed-exchange/"
POST_NUMBER: Final = "6b0bf0411e1cf211cdebd5b7"

_FOLDER: Final = Path(__file__).parent
_HTML: Final = "text/html; charset=utf-8"
_PAGES: Final = {
    "/": ("index.html", _HTML),
    "/balcony-seedlings/": ("balcony-seedlings.html", _HTML),
    "/seed-exchange/": ("seed-exchange.html", _HTML),
    "/sitemap.xml": ("sitemap.xml", "application/xml; charset=utf-8"),
    f"/members/api/comments/post/{POST_NUMBER}/": ("comments.json", "application/json; charset=utf-8"),
}


def page(target: str) -> tuple[int, str, bytes]:
    """Status, media type and body of the answer to a request."""
    name, media_type = _PAGES.get(urlsplit(target).path, ("", _HTML))
    return (200, media_type, file(name)) if name else (404, media_type, b"<h1>404</h1>")


def file(name: str) -> bytes:
    """One of the saved answers."""
    return (_FOLDER / name).read_bytes()
