"""The index of WARC files as others make it, for what is read by it."""

import json
from collections.abc import Iterable
from pathlib import Path

from scraper.archive.cdxj import REPLAYED, timestamp, url_key
from scraper.archive.foreign import read_heads
from scraper.archive.replay import capture_time
from scraper.archive.warc_file import WarcFile


def index_of(files: Iterable[Path]) -> str:
    """A line of CDXJ for each response, resource and revisit, without a length."""
    lines = []
    for path in files:
        for placed in read_heads(WarcFile.at(path)):
            head, at = placed.record, capture_time(placed.record).at
            if head.type in REPLAYED and at:
                url = head.get("WARC-Target-URI") or ""
                mime = "warc/revisit" if head.type == "revisit" else "text/html"
                fields = {
                    "url": url,
                    "mime": mime,
                    "status": "200",
                    "digest": head.get("WARC-Payload-Digest") or "",
                }
                place = {"offset": str(placed.position.member), "filename": path.name}
                lines.append(f"{url_key(url)} {timestamp(at)} {json.dumps(fields | place)}\n")
    return "".join(sorted(lines))
