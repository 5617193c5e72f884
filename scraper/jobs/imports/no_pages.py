"""Which files of a folder are no pages, as far as their names tell it: what nobody who imports the folder would look for."""

import re
from collections.abc import Collection
from typing import Final

from scraper.jobs.imports.file_kind import FileKind
from scraper.jobs.imports.other_files import (
    DATABASES,
    DOCUMENTS,
    FONTS,
    OF_MIRRORING,
    PICTURES,
    PROGRAMS,
    RECORDINGS,
)

HIDDEN: Final = "Hidden files and folders."
LINKED_FOLDERS: Final = "Links to folders, which are not followed."
LINKS: Final = "Links within an archive file, which are not followed."
SPECIAL: Final = "Pipes, sockets and devices."
OWN: Final = "Archives of postkeep, what was written out of this one, and the files of this import."
_OF_FILE_MANAGERS: Final = "Files that macOS and Windows leave in folders."
_RESOURCES: Final = "Folders of what belongs to a saved page, such as page_files beside page.html."
_OF_FRAMES: Final = "Frames within pages."
_STYLES: Final = "Style sheets."
_SCRIPTS: Final = "Scripts."
_OF_ROBOTS: Final = "Files for robots, such as robots.txt."
_DATA: Final = "Data such as JSON, XML, tables, logs and indexes of web archives."

_BY_FILE_MANAGERS: Final = frozenset({"__macosx", "thumbs.db", "desktop.ini", "icon\r", "$recycle.bin"})
_FOR_ROBOTS: Final = frozenset(
    {"robots.txt", "llms.txt", "ads.txt", "humans.txt", "security.txt", "sitemap.txt"}
)
_BY_MIRRORING: Final = frozenset({"hts-cache", "hts-log.txt", "cookies.txt"})
# As browsers of several languages name the folder beside a page that they save.
_RESOURCE_FOLDER: Final = re.compile(
    r"(?P<page>.+)(?:_files|\.files|-filer|-Dateien|_fichiers|_archivos|_arquivos|_bestanden|_file|_pliki|_soubory)",
    re.IGNORECASE | re.DOTALL,
)
# Where SingleFile keeps the frames of the page `index.html` in a ZIP file.
_FRAMES: Final = re.compile(r"(?P<page>(?:.*/)?)frames/\d+/.+", re.DOTALL)
_PAGE: Final = re.compile(
    r"(?P<stem>.+)\.(?:[xs]?html?|mht(?:ml)?|txt)(?:\.gz|\.zst)?", re.IGNORECASE | re.DOTALL
)
# wget keeps a query in the name, after ? or, on Windows, after @.
_ENDING: Final = re.compile(r"\.([a-z0-9]+)(?:[?@].*)?\Z", re.IGNORECASE | re.DOTALL)
_BY_ENDING: Final = {
    ending: reason
    for reason, endings in (
        (_STYLES, "css scss less"),
        (_SCRIPTS, "js mjs cjs ts tsx jsx map"),
        (PICTURES, "png jpg jpeg gif webp svg svgz ico bmp avif heic tif tiff"),
        (FONTS, "woff woff2 ttf otf eot"),
        (RECORDINGS, "mp3 mp4 m4a m4v webm ogg wav mov avi mkv flac"),
        (DOCUMENTS, "pdf doc docx xls xlsx ppt pptx hwp hwpx rtf epub odt ods odp"),
        (PROGRAMS, "exe dll so dylib bat ps1 sh py rb pl pyc class jar apk wasm"),
        (DATABASES, "sqlite sqlite3 db parquet feather"),
    )
    for ending in endings.split()
}
# They may be a HAR, and one that says of itself that it is a page is one.
_DATA_ENDINGS: Final = frozenset(
    (
        "json",
        "jsonl",
        "csv",
        "tsv",
        "xml",
        "rss",
        "atom",
        "yaml",
        "yml",
        "toml",
        "ini",
        "log",
        "md5",
        "sha256",
        "cdx",
        "cdxj",
        "idx",
    )
)


def page_stem(name: str) -> str | None:
    """The name of a page's file without its ending; None where a file of this name is no page."""
    match = _PAGE.fullmatch(name)
    return match["stem"] if match else None


def may_be_resource(path: str) -> bool:
    """Whether a member may lie in a folder of what belongs to a saved page; which it is, its page beside it tells."""
    return _FRAMES.fullmatch(path) is not None or any(map(_RESOURCE_FOLDER.fullmatch, path.split("/")[:-1]))


def reason_against_folder(name: str, stems: Collection[str], beside: str = "") -> str | None:
    """Why all in a folder of this name is passed over; ``stems`` are those of the pages beside it, after the path ``beside``."""
    if name.casefold() in _BY_FILE_MANAGERS:
        return _OF_FILE_MANAGERS
    if name.startswith("."):
        return HIDDEN
    if name.casefold() in _BY_MIRRORING:
        return OF_MIRRORING
    resources = _RESOURCE_FOLDER.fullmatch(name)
    return _RESOURCES if resources and beside + resources["page"] in stems else None


def reason_against_file(name: str) -> str | None:
    """Why a file of this name is passed over unopened."""
    if name.casefold() in _BY_FILE_MANAGERS or name == ".DS_Store" or name.startswith("._"):
        return _OF_FILE_MANAGERS
    if name.startswith("."):
        return HIDDEN
    if name.casefold() in _FOR_ROBOTS:
        return _OF_ROBOTS
    if name.casefold() in _BY_MIRRORING:
        return OF_MIRRORING
    ending = None if page_stem(name) else _ENDING.search(name)
    return _BY_ENDING.get(ending[1].lower()) if ending else None


def reason_against_kind(name: str, kind: FileKind) -> str | None:
    """Why a file of this name is passed over whose content is of a ``kind``: data may hold markup, and is no page."""
    ending = _ENDING.search(name)
    is_data = ending is not None and ending[1].lower() in _DATA_ENDINGS
    return _DATA if is_data and kind in {FileKind.HTML, FileKind.TEXT} else None


def reason_against_member(path: str, stems: Collection[str]) -> str | None:
    """Why a member of an archive file is passed over unopened; ``stems`` are those of all its pages, each with its path."""
    frame = _FRAMES.fullmatch(path)
    if frame and f"{frame['page']}index" in stems:
        return _OF_FRAMES
    *folders, name = path.split("/")
    beside = ""
    for folder in folders:
        # A name such as "../../page" is that of a member, and leads nowhere.
        if folder not in {"", ".", ".."} and (reason := reason_against_folder(folder, stems, beside)):
            return reason
        beside += folder + "/"
    return reason_against_file(name)
