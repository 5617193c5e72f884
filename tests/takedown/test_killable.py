"""A page that hangs costs itself in a takedown, and a takedown that is only looked for holds nobody up."""

import base64
import zlib
from dataclasses import replace

import pytest

from scraper.archive.lock import Lock
from scraper.archive.read import open_to_read
from scraper.errors import ArchiveHeldError
from scraper.jobs.forget import forget
from scraper.jobs.workplace import Workplace
from scraper.reading.pool import ReadingLimits
from tests.archive.making import NOON, exchange
from tests.takedown.archives import SITE, community_posts, keep_page, url_of, writing
from tests.takedown.searching import places_of

# Each token unpacks to millions of letters that are looked through: minutes of processor time, however fast the machine.
PACKED = zlib.compress(b"no word of hers " * (1 << 20))
HANGING = b" ".join(base64.b64encode(PACKED + number.to_bytes(4)) for number in range(400))
REASON = "Asked by its author"


def urls(workplace: Workplace) -> list[str]:
    with open_to_read(workplace.folder) as archive:
        return [url for _, url, _ in archive.captures_with_visits()]


# Ten seconds are far above what any other page costs a slow machine, and far below what this one costs a fast one.
@pytest.mark.thorough
def test_a_page_that_hangs_is_taken_out_whole_and_costs_no_other(kept: Workplace) -> None:
    post = community_posts()[0]
    hanging = f"{SITE}/endless"
    with writing(kept) as archive:
        archive.keep(exchange(hanging, HANGING, at=NOON))
    before = urls(kept)
    place = replace(kept, processes=None, reading_limits=ReadingLimits(seconds=10))
    report = forget(url_of(post), place, reason=REASON)
    assert "Of the records taken down whole, 1 may hold other things too" in (report.items[0].reason or "")
    assert sorted({*before} - {*urls(kept)}) == sorted([hanging, url_of(post)])
    assert not places_of(kept.folder, post.text[:30])


@pytest.mark.thorough
def test_what_would_go_is_told_while_a_run_holds_the_archive(kept: Workplace) -> None:
    post = community_posts()[0]
    with Lock(kept.folder):
        told = forget(url_of(post), kept, reason=None, dry_run=True)
        with pytest.raises(ArchiveHeldError):
            forget(url_of(post), kept, reason=REASON)
    assert told.items[0].target == f"careerly:comments-{post.id}"
    done = forget(url_of(post), kept, reason=REASON)
    assert [item.reason for item in done.items] == [item.reason for item in told.items]


@pytest.mark.thorough
def test_what_would_go_is_told_of_what_a_run_has_committed(kept: Workplace) -> None:
    post = community_posts()[0]
    before = forget(url_of(post), kept, reason=None, dry_run=True).items
    page = f"<p>{post.text}</p>".encode()
    with writing(kept) as archive:
        keep_page(archive, f"{SITE}/open", page, minute=700)
        archive.commit()
        told = forget(url_of(post), kept, reason=None, dry_run=True).items
    assert len({item.target for item in told} - {item.target for item in before}) == 1
    assert [item.reason for item in forget(url_of(post), kept, reason=None, dry_run=True).items] == [
        item.reason for item in told
    ]
