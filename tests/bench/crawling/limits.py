"""What no crawler in Python goes below: ``python -m tests.bench.crawling.limits sockets|gzip LIST``.

``sockets`` sends each request and takes in the answer, by blocking sockets, one kept open to each host; nothing is parsed but the length.
``gzip`` does the same and packs what would be kept, at the level and with the digests that it is kept with.
"""

import gzip
import hashlib
import re
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from scraper.archive.warc import COMPRESSION_LEVEL
from tests.bench.crawling.server import ADDRESS

_LENGTH = re.compile(rb"Content-Length: (\d+)")


def main() -> None:
    """Ask for what the list names."""
    packs, open_sockets = sys.argv[1] == "gzip", dict[str, socket.socket]()
    for url in Path(sys.argv[2]).read_text().split():
        place = urlsplit(url)
        if place.netloc not in open_sockets:
            open_sockets[place.netloc] = socket.create_connection((ADDRESS, place.port or 80))
        request = (
            f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        )
        answer = _asked(open_sockets[place.netloc], request)
        if packs:
            for block in (request, answer):
                hashlib.sha1(block, usedforsecurity=False)
                hashlib.sha256(block)
                gzip.compress(block, COMPRESSION_LEVEL, mtime=0)


def _asked(connection: socket.socket, request: bytes) -> bytes:
    connection.sendall(request)
    answer = b""
    while True:
        answer += connection.recv(65536)
        head, blank, body = answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head) if blank else None
        if length and len(body) >= int(length[1]):
            return answer


if __name__ == "__main__":
    main()
