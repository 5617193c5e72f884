"""WARC and ARC records as others write them."""

from typing import Final

HTML: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n"
DATE: Final = "2024-03-07T00:00:00Z"


def warc_record(
    number: int, block: bytes | None = None, *fields: str, kind: str = "response", end: bytes = b"\r\n\r\n",
    nl: str = "\r\n", url: str = "", length: int | None = None, date: str = DATE, version: str = "1.0",
) -> bytes:  # fmt: skip
    """A record of ``https://gang.example/<number>``; ``length`` is what it states, where that is not so."""
    body = HTML + f"<p>{number}</p>".encode() * 9 if block is None else block
    lines = [
        f"WARC/{version}",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{number}>",
        f"WARC-Date: {date}",
        f"WARC-Target-URI: {url or address(number)}",
        f"Content-Length: {len(body) if length is None else length}",
        *fields,
    ]
    return nl.join([*lines, "", ""]).encode() + body + end


def arc_record(number: int, about: str = "text/html") -> bytes:
    """The same in an ARC file; ``about`` is what stands between the date and the length."""
    body = HTML + f"<p>{number}</p>".encode() * 9
    return f"{address(number)} 192.0.2.7 20240307000000 {about} {len(body)}\n".encode() + body + b"\n"


def arc_file(*records: bytes, version: int = 1) -> list[bytes]:
    """The records behind the version block that an ARC file begins with."""
    names = "URL IP-address Archive-date Content-type Archive-length"
    if version == 2:
        names = "URL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename Archive-length"
    about = f"{version} 0 Ours\n{names}\n".encode()
    middle = "text/plain" if version == 1 else "text/plain 200 - - 0 ours.arc"
    return [
        f"filedesc://ours.arc 0.0.0.0 20240307000000 {middle} {len(about)}\n".encode() + about + b"\n",
        *records,
    ]


def address(number: int) -> str:
    """The URL of a record."""
    return f"https://gang.example/{number}"
