"""Files as people have them whose pages are to be imported: pages of our own, and what packs them."""

import io
import struct
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from scraper.model.outcome import Item, Report
from tests.fixtures.pages import v1_page, v1_post
from tests.replica.v1 import flattened_page

URLS = "https://careerly.co.kr/comments/{name}"


def page(post_id: int, mark: str = "") -> bytes:
    """A saved page that says itself where it was; two with another ``mark`` are two captures."""
    return (v1_page(post_id) + mark).encode()


def text(post_id: int) -> bytes:
    """The text of a page, which does not say where that was."""
    return flattened_page(v1_post(post_id)).encode()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A folder with these files by their paths in it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def write_zip(path: Path, members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A ZIP file with these members."""
    with zipfile.ZipFile(path, "w", method) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), content, method)
    return path


def write_tar(path: Path, members: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> Path:
    """A tar file with these members, packed as its name says."""
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w", format=form) as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def encrypted(path: Path) -> Path:
    """The ZIP file with all its members marked as encrypted."""
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begin = data.find(signature)
        while begin >= 0:
            (flags,) = struct.unpack_from("<H", data, begin + at)
            struct.pack_into("<H", data, begin + at, flags | 1)
            begin = data.find(signature, begin + 1)
    path.write_bytes(data)
    return path


def named(report: Report, outcome: str) -> list[Item]:
    """The items that ended in this way."""
    return [item for item in report.items if item.outcome == outcome]


def targets(report: Report, outcome: str, below: Path) -> list[str]:
    """What ended in this way, by its name below a folder."""
    return [item.target.removeprefix(f"{below}/") for item in named(report, outcome)]


def reason(report: Report) -> str:
    """The reason of the one item that failed."""
    (item,) = named(report, "failed")
    return item.reason or ""
