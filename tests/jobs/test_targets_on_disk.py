"""A crawl of any number of targets: neither they nor what became of them are held in memory."""

import json
import tracemalloc

import pytest

from scraper.cli.printing import print_json
from scraper.errors import StopError
from scraper.jobs.crawl.targets import Stage, Targets
from scraper.jobs.scratch import Scratch
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item, Report
from scraper.sites.registry import Roots, installed_sites
from tests.examples import few_of

TARGETS = 5_000
# What one number in a list takes: far from what a URL would.
BYTES_EACH = 8


def bytes_held(host: str) -> int:
    """What a run over so many targets holds at its end."""
    before = tracemalloc.get_traced_memory()[0]
    wanted = Targets(None, installed_sites(), Roots(), Exclusions())
    wanted.name(f"https://{host}/posts/{number}" for number in range(TARGETS))
    for number in range(wanted.list_count):
        wanted.add_list(number)
    for number, target in enumerate(wanted.posts()):
        wanted.items.add(Item(target.asked, "done", target.post_id), Stage.VISITS, number)
    assert Report(wanted.items).counts()["done"] == wanted.post_count == TARGETS
    return tracemalloc.get_traced_memory()[0] - before


@pytest.mark.thorough
@pytest.mark.parametrize("host", few_of(["careerly.co.kr", "blog.example"], 1))
def test_named_targets_and_their_items_take_no_memory(host: str) -> None:
    tracemalloc.start()
    try:
        bytes_held(host)  # fills what is kept at hand of the last few URLs
        assert bytes_held(host) < TARGETS * BYTES_EACH
    finally:
        tracemalloc.stop()


def test_items_stand_in_the_order_of_the_run_whenever_they_came() -> None:
    items = Targets(None, installed_sites(), Roots(), Exclusions()).items
    for stage, number, name in [
        (Stage.VISITS, 1, "second"),
        (Stage.AFTERWARDS, 0, "drift"),
        (Stage.VISITS, 0, "first"),
        (Stage.NAMED, 0, "named"),
        (Stage.LISTS, 3, "list"),
        (Stage.NAMED, 0, "named too"),
    ]:
        items.add(Item(name, "done"), stage, number)
    assert [item.target for item in items] == ["named", "named too", "list", "first", "second", "drift"]
    assert (items[0].target, items[-1].target, len(items)) == ("named", "drift", 6)
    assert [item.target for item in items[1:3]] == ["named too", "list"]
    with pytest.raises(IndexError):
        items[6]


def test_words_of_a_command_line_that_are_no_text_come_out_as_they_went_in() -> None:
    wanted = Targets(None, installed_sites(), Roots(), Exclusions())
    wanted.name(["caf\udce9"])
    assert wanted.items[0].target == "caf\udce9"


def test_a_disk_without_room_for_them_is_said_with_the_remedy() -> None:
    scratch = Scratch("CREATE TABLE texts (text)")
    scratch.execute("PRAGMA max_page_count = 3")
    with pytest.raises(StopError, match=r"full.* Free space in /var/tmp"):
        scratch.execute("INSERT INTO texts VALUES (?)", "x" * 100_000)


def test_the_object_of_json_is_printed_item_after_item(capsys: pytest.CaptureFixture[str]) -> None:
    items = (Item("ü\udcff", "failed", reason="It is none."), Item("b", "done", "b-1"))
    print_json("crawl", Report(items, outputs=("a",)), 1)
    line = capsys.readouterr().out
    assert line == json.dumps(
        {
            "command": "crawl",
            "exit_code": 1,
            "counts": {"done": 1, "failed": 1, "refused": 0, "rejected": 0, "skipped": 0},
            "items": [
                {"target": "ü\udcff", "outcome": "failed", "post_id": None, "reason": "It is none."},
                {"target": "b", "outcome": "done", "post_id": "b-1", "reason": None},
            ],
            "outputs": ["a"],
        }
    ) + "\n"  # fmt: skip
