"""What large runs would cost, reckoned from the figures that were measured and from assumptions that are stated.

``python -m tests.bench.scale_paper --write`` renews the tables of docs/scale.md; nothing is measured here. To reckon with other
assumptions, change them below, or the figures with ``python -m tests.bench``.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scraper.fetch.pace import PaceRules
from scraper.jobs.crawl.side_by_side import AT_ONCE
from scraper.jobs.extract.shard import BUCKETS
from tests.bench import three_years
from tests.bench.table.figure import Figure
from tests.bench.table.figures_file import Run, load, number_text
from tests.bench.verb_costs.telling import FIGURES as VERBS
from tests.conftest import REPOSITORY
from tests.marked import renew

DOCUMENT: Final = REPOSITORY / "docs" / "scale.md"
_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR
_NEEDED: Final = (
    "inflate",
    "records",
    "reading",
    "keeping",
    "extract-from",
    "dataset-pieces",
    "frontier",
)
_TIMES: Final = (1, 10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Premise:
    """A number that was not measured here, and where it is from."""

    name: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Room:
    """Something that grows with the work: what it is at once the size, what it can be, and what is done when it is more."""

    name: str
    size: float
    most: float
    unit: str
    why: str
    then: str

    @property
    def breaks_at(self) -> float:
        """How many times the size it takes."""
        return self.most / self.size


_CC: Final = "[December 2024](https://commoncrawl.org/blog/december-2024-crawl-archive-now-available)"
_CC_2019: Final = "[February 2019](https://commoncrawl.org/blog/february-2019-crawl-archive-now-available)"
_CC_PAPER: Final = "[arXiv:2404.09770](https://arxiv.org/abs/2404.09770)"
_OURS: Final = "assumed"
PREMISES: Final = {
    "pages": Premise("pages in a month of Common Crawl", 2.64e9, "", _CC),
    "unpacked": Premise("the same, unpacked", 394 * 2**40, "bytes", _CC),
    "hosts": Premise("hosts in it", 47.5e6, "", _CC),
    "packed": Premise("its WARC files, packed", 75e12, "bytes", f"{_CC_PAPER}: of the order of 75 TB"),
    "index": Premise("its index, packed", 200e9, "bytes", f"{_CC_PAPER}: less than 200 GB"),
    "file": Premise("a WARC file of it", 59.86 * 2**40 / 64_000, "bytes", f"{_CC_2019}: 64,000 files of 59.86 TiB"),
    "block": Premise("lines in a block of its index", 3000, "", "[CDXJ index](https://commoncrawl.org/cdxj-index)"),
    "communities": Premise("communities", 10_000, "hosts", "the question"),
    "pages_each": Premise("pages of each", 10_000, "", f"{_OURS}; the mean of all hosts is 56, the 480th domain has [136,000](https://commoncrawl.github.io/cc-crawl-statistics/)"),
    "pages_a_post": Premise("pages of a post", 2, "", _OURS),
    "fullest": Premise("of the posts in the fullest month", 0.02, "", f"{_OURS}: twenty years, of which the last are the fullest"),
    "wait": Premise("a byte range, until it is there", 0.1, "s", f"{_OURS}; measure it where you run"),
    "answer": Premise("an answer of a polite host", 0.5, "s", _OURS),
    "cores": Premise("cores of a machine", 16, "", "assumed; as fast as the one measured"),
    "memory": Premise("its memory", 64e9, "bytes", _OURS),
    "disk": Premise("its disk", 2e12, "bytes", _OURS),
    "network": Premise("its network", 10e9 / 8, "bytes/s", _OURS),
}  # fmt: skip


class Rates:
    """The measured rates, each with the command that gives it."""

    def __init__(self, runs: Mapping[str, Run], verbs: Mapping[str, Any], years: Mapping[str, Any]) -> None:
        self.read = self._of(runs, "reading", "real threads") / 1e3
        passed = self._of(runs, "records", "a response") / 1e6
        stored = self._of(runs, "keeping", "a reading") / 1e3
        # Each file is gone through for its heads and for its pages; a reading goes into a shard, and from there into its bucket.
        self.around = 2 * (passed + stored)
        self.worker = self._of(runs, "extract-from", "--workers 1, 4 files: largest process") * 1e6
        self.places = self._of(runs, "extract-from", "`places.sqlite`")
        self.shards = self._of(runs, "extract-from", "`shards/`")
        self.dataset = self._of(runs, "extract-from", "the dataset")
        self.unpack = self._of(runs, "inflate", "a gzip file") / 1e9
        self.crawl, self.crawled_by = self._crawl(runs)
        self.sync = self._of(runs, "keeping", "a sync") / 1e3
        self.rows = self._of(runs, "dataset-pieces", "a post with 14 comments") / 1e3
        self.files = self._of(runs, "dataset-pieces", "the same, from runs") / 1e3
        self.digest = self._of(runs, "dataset-pieces", "its comments in the digest") / 1e6
        self.head = self._of(runs, "dataset-pieces", "a page in `places.sqlite`") / 1e6
        self.records = verbs["records_bytes"] / verbs["posts"]
        self.syncs = verbs["durable_operations"]
        memory = self._of(runs, "frontier", "memory of") * 1e6
        self.host = max(memory - 8 * 1_000_000, 0) / 50_000
        self.saved = years["visits_saved"]

    def _crawl(self, runs: Mapping[str, Run]) -> tuple[float, str]:
        """What crawling a page costs without reading it, and by what that is known; at least what keeping costs."""
        if "crawl" in runs and runs["crawl"].figures:
            return self._of(
                runs, "crawl", "100 hosts: of it without reading"
            ) / 1e3, "`tests.bench crawl`, 100 hosts"
        keeping = self._of(runs, "keeping", "a page of 15 kB") / 1e3
        return keeping, "`tests.bench keeping`: at least that; `crawl` is not measured yet"

    @staticmethod
    def _of(runs: Mapping[str, Run], benchmark: str, what: str) -> float:
        figures: Sequence[Figure] = runs[benchmark].figures
        return next(each.ours for each in figures if each.what.startswith(what))


@dataclass(frozen=True, slots=True)
class Paper:
    """The tables, from one set of rates."""

    rates: Rates

    def premises(self) -> str:
        """What was not measured."""
        rows = [(each.name, _sized(each.value, each.unit), each.source) for each in PREMISES.values()]
        return _table(("given", "", "from"), rows)

    def measured(self) -> str:
        """The rates that are reckoned with."""
        r = self.rates
        rows = [
            ("reading a page of a real thread", f"{r.read * 1e3:.1f} CPU ms", "`tests.bench reading`"),
            ("its record passed twice, its reading stored twice", f"{r.around * 1e3:.1f} CPU ms", "`tests.bench records`, `tests.bench keeping`"),
            ("a process that reads", f"{_bytes(r.worker)}", "`tests.bench extract-from`"),
            ("unpacking", f"{r.unpack * 1e9:.2f} CPU s a GB", "`tests.bench inflate`"),
            ("a page in `places.sqlite`, in `shards/`, in the dataset", f"{_bytes(r.places)}, {_bytes(r.shards)}, {_bytes(r.dataset)}", "`tests.bench extract-from`"),
            ("a post with 14 comments made rows, its rows written to the files", f"{r.rows * 1e3:.2f}, {r.files * 1e3:.2f} CPU ms", "`tests.bench dataset-pieces`"),
            ("its comments in the digest of all; a page brought into `places.sqlite`", f"{r.digest * 1e6:.1f}, {r.head * 1e6:.1f} CPU µs", "`tests.bench dataset-pieces`"),
            ("a post in records.sqlite", _bytes(r.records), "`tests.bench.verbs`"),
            ("crawling and keeping a page, without reading it", f"{r.crawl * 1e3:.1f} CPU ms", r.crawled_by),
            ("syncs and commits for a page; one of them here", f"{r.syncs:g}; {r.sync * 1e3:.1f} ms", "`tests.bench.verbs`, `tests.bench keeping`"),
            ("memory for a host in the queues of a crawl, and for a URL", f"{_bytes(r.host)}, 8 bytes", "`tests.bench frontier`"),
            ("visits that the rhythm of `refresh` saves", f"{r.saved:.1%}", "`tests.bench.three_years`"),
        ]  # fmt: skip
        return _table(("measured", "", "by"), rows)

    def month(self) -> str:
        """One month, by the index and by reading all of it."""
        chosen, posts, size = self._chosen(), self._posts(), _premise("packed") / _premise("pages")
        blocks = _premise("communities") * (_premise("pages_each") / _premise("block") + 2)
        block = _premise("index") / (_premise("pages") / _premise("block"))
        files = _premise("packed") / _premise("file")
        reading = chosen * (self.rates.read + self.rates.around)
        waiting = chosen * _premise("wait")
        unpacking = 2 * _premise("unpacked") * self.rates.unpack
        rows = [
            ("pages chosen", f"{_number(chosen)}, {chosen / _premise('pages'):.1%} of the month", "communities × pages of each"),
            ("posts", _number(posts), "÷ pages of a post"),
            ("blocks of the index asked for", f"{_number(blocks)}, {_bytes(blocks * block)} of {_bytes(_premise('index'))}", "of each host its blocks and the two at its edges"),
            ("WARC files that hold them", f"{_number(files)}, {chosen / files:,.0f} pages in each", "Common Crawl spreads hosts over all files"),
            ("byte ranges asked for", f"{_number(chosen)}, {_bytes(chosen * size)} of {_bytes(_premise('packed'))}", "one a page: neighbours are rare"),
            ("reading them", _hours(reading), "pages × (reading + passing and storing)"),
            ("waiting for them", f"{_hours(waiting)} in which a core is free for another worker", "pages × a byte range"),
            ("workers for each core", f"{1 + waiting / reading:.1f}, {_bytes(self._workers() * self.rates.worker)} of memory a machine", "(reading + waiting) ÷ reading"),
            ("**without an index**: unpacking everything, twice", f"{_hours(unpacking)} and {_bytes(2 * _premise('packed'))} more over the network", "once for the places, once for the pages"),
            ("writing the dataset", _hours(posts * self._writing()), "posts × (rows + files)"),
            ("of it the fullest month, one process", _hours(posts * _premise("fullest") * self.rates.files, "by the clock"), "posts in it × files"),
            ("the digest over all comments, one process", _hours(posts * self.rates.digest, "by the clock"), "posts × their comments in it"),
            ("bringing the heads together, one process", _hours(chosen * self.rates.head, "by the clock"), "pages × a head"),
            ("work files, and the dataset", f"{_bytes(chosen * (self.rates.places + self.rates.shards) + posts * self.rates.records)}, {_bytes(chosen * self.rates.dataset)}", "places, shards and records; Parquet"),
        ]  # fmt: skip
        lines = [
            _table(("a month of Common Crawl, ten thousand communities", "", "reckoned as"), rows),
            "",
            self._machines(),
        ]
        return "\n".join(lines)

    def _machines(self) -> str:
        chosen, posts = self._chosen(), self._posts()
        rows = []
        for machines in (1, 10, 100):
            cpu = chosen * (self.rates.read + self.rates.around) / (machines * _premise("cores")) / _HOUR
            wire = chosen * _premise("packed") / _premise("pages") / (machines * _premise("network")) / _HOUR
            heads = chosen * self.rates.head / _HOUR
            divided = posts * self._writing() / (machines * _premise("cores")) / _HOUR
            # While the fullest month is written and the digest taken, other cores do the rest.
            writing = max(
                divided, posts * self.rates.rows / (machines * _premise("cores")) / _HOUR + self._last()
            )
            total = heads + max(cpu, wire) + writing
            each = (heads, cpu, wire, writing, total)
            rows.append((f"{machines}", *(f"{hours:,.1f}" for hours in each), f"{machines * total:,.0f}"))
        head = (
            "machines",
            "hours of bringing heads together (one process)",
            "hours of reading",
            "hours of the network (meanwhile)",
            "hours of writing",
            "hours in all",
            "machine hours",
        )
        return _table(head, rows)

    def month_rooms(self) -> str:
        """What breaks first as the month grows."""
        chosen, posts, r = self._chosen(), self._posts(), self.rates
        files = _premise("packed") / _premise("file")
        rooms = [
            Room("hours in which one process does what is not divided", chosen * r.head / _HOUR + self._last(), 24, "h", "a day, while all machines wait", "a table of heads for each hash of the URL, made by the engine; a digest over the digests of the runs, which is another digest and so another version of the manifest"),
            Room("`places.sqlite`, asked at random by every worker", chosen * r.places, _premise("memory"), "bytes", "the memory of a machine: beyond it each question is a read of the disk", "one file of places for each hash of the URL, as the posts have buckets; with an index of the archive itself (`--cdx`) only what a revisit or a thread needs is looked up"),
            Room(f"records of one of the {BUCKETS} buckets while they are brought together", posts * r.records / BUCKETS, _premise("disk") / 16, "bytes", "sixteen workers share the disk of a machine", "more buckets: their number is one constant, and goes by the number of posts"),
            Room("work files on the disk that the machines share", chosen * (r.places + r.shards), _premise("disk"), "bytes", "the disk of one machine", "work folders in a bucket of objects, which fsspec reads as it reads WARC files"),
            Room("WARC files, each with a row of work, a shard and an account", files, 1e6, "files", "folders of more files are slow to list", "a shard for so many files; the row of work is not a file any more"),
            Room("processor hours of reading", chosen * (r.read + r.around) / _HOUR, 1e6, "h", "a hundred machines for a month", "sample communities: reading is linear, and nothing else helps but reading faster"),
            Room("byte ranges asked of one server", chosen, 5e9, "", "more than all pages of a month", "read whole files in one pass, near where they lie: from a quarter of the pages on this is less than as many ranges"),
        ]  # fmt: skip
        return _rooms(rooms)

    def live(self) -> str:
        """Ten thousand polite hosts, from the first page to the nightly refresh."""
        rules = PaceRules()
        hosts, pages = _premise("communities"), self._chosen()
        cost = self.rates.read + self.rates.crawl
        size = _premise("packed") / _premise("pages")
        most = hosts / (rules.default_delay + _premise("answer"))
        a_shard = min(AT_ONCE / _premise("answer"), 1 / self.rates.crawl)
        a_machine = _premise("cores") / cost
        shards = max(1.0, a_machine / a_shard)
        rows = [
            ("pages to see", _number(pages), "hosts × pages of each"),
            ("seen once at the earliest", _hours(_premise("pages_each") * (rules.default_delay + _premise("answer")), "by the clock"), f"each host: pages × (its gap of {rules.default_delay:g} s and an answer)"),
            ("pages a second at that pace", f"{most:,.0f}", "hosts ÷ (gap + answer)"),
            ("pages a second of one crawl", f"{a_shard:,.0f}", f"{AT_ONCE} hosts at once ÷ an answer, or what one process can keep, whichever is less"),
            ("pages a second of a machine, read", f"{a_machine:,.0f}", "cores ÷ (crawling + reading)"),
            ("crawls (`--shard I/N`) that fill a machine", f"{shards:,.1f}", "the one ÷ the other"),
            ("robots.txt a day", f"{_number(hosts)}, {hosts / _DAY:.2f} a second", "one a host and day (RFC 9309)"),
            ("names looked up, connections opened", f"{_number(hosts)} each time that all hosts are gone round", "one a host; at once as many as hosts at once"),
            ("memory for hosts and URLs", _bytes(hosts * self.rates.host + pages * 8), "over all shards"),
            ("WARC", f"{_bytes(pages * size)}", "pages × a page, packed"),
            ("records.sqlite", _bytes(self._posts() * self.rates.records), "posts × a post"),
            ("refresh, once all is seen", f"{_number(self._posts() * (1 - self.rates.saved))} visits a night, {self._posts() * (1 - self.rates.saved) / _DAY:.1f} a second", "posts × what the rhythm does not save"),
        ]  # fmt: skip
        head = (
            "machines",
            "pages a second",
            "days until all is seen once",
            "WARC a day, each",
            "syncs a second, each",
            "of what this disk takes",
        )
        spread = []
        for machines in (1, 10, 100):
            speed = min(machines * a_machine, most)
            each = speed / machines
            spread.append((f"{machines}", f"{speed:,.0f}", f"{pages / speed / _DAY:,.1f}", _bytes(each * size * _DAY), f"{each * self.rates.syncs:,.0f}", f"{each * self.rates.syncs * self.rates.sync:.0%}"))  # fmt: skip
        return "\n".join(
            (_table(("ten thousand polite hosts", "", "reckoned as"), rows), "", _table(head, spread))
        )

    def live_rooms(self) -> str:
        """What breaks first as the hosts grow, on one machine."""
        hosts, pages, posts, r = _premise("communities"), self._chosen(), self._posts(), self.rates
        size = _premise("packed") / _premise("pages")
        a_machine = _premise("cores") / (r.read + r.crawl)
        rooms = [
            Room("days until one machine has seen all once", pages / a_machine / _DAY, 30, "days", "a month", "`--shard I/N` on more machines: hosts are divided by a hash, and each shard is an archive"),
            Room("pages a second of one crawl, where a machine reads as many (grows with its cores, not with the hosts)", a_machine, min(AT_ONCE / _premise("answer"), 1 / r.crawl), "pages/s", "one process and its hosts at once", "more shards on the same machine"),
            Room("syncs a second of a machine (grows with its cores, not with the hosts)", a_machine * r.syncs, 1 / r.sync, "syncs/s", "what the disk measured here takes", "a commit for several pages that are on their way together; a disk that syncs faster"),
            Room("WARC on one disk", pages * size, _premise("disk"), "bytes", "the disk of a machine", "move closed parts to a bucket of objects (`rclone`, docs/unattended.md): `extract --from` reads them there"),
            Room("records.sqlite of one archive", posts * r.records, _premise("disk") / 4, "bytes", "a quarter of the disk", "it is a view: shards have one each, `merge` and `extract --from` read them all"),
            Room("the frontier in memory", hosts * r.host + pages * 8, _premise("memory") / 4, "bytes", "a quarter of the memory", "shards; and a frontier that gives out hosts in turn from `state.sqlite`"),
            Room("robots.txt and rights files a second", 2 * hosts / _DAY, a_machine / 10, "a second", "a tenth of what a machine does", "nothing: it is linear in hosts and so are machines"),
            Room("visits of a night's refresh", posts * (1 - r.saved), a_machine * _DAY / 3, "", "a night of eight hours on one machine", "shards; a longer rhythm for hosts that do not change"),
        ]  # fmt: skip
        return _rooms(rooms)

    def _chosen(self) -> float:
        return _premise("communities") * _premise("pages_each")

    def _writing(self) -> float:
        return self.rates.rows + self.rates.files

    def _last(self) -> float:
        """Hours of the two longest pieces of the writing, each done by one process after the other is."""
        return self._posts() * (_premise("fullest") * self.rates.files + self.rates.digest) / _HOUR

    def _posts(self) -> float:
        return self._chosen() / _premise("pages_a_post")

    def _workers(self) -> float:
        return _premise("cores") * (1 + _premise("wait") / (self.rates.read + self.rates.around))


def _premise(name: str) -> float:
    return PREMISES[name].value


def _rooms(rooms: Sequence[Room]) -> str:
    """Those that break first stand first."""
    rows = []
    for room in sorted(rooms, key=lambda room: room.breaks_at):
        marks = [f"{times:,} ×" for times in _TIMES if times >= room.breaks_at]
        rows.append((
            room.name,
            _sized(room.size, room.unit),
            f"{_sized(room.most, room.unit)}: {room.why}",
            f"{number_text(room.breaks_at)} ×",
            marks[0] if marks else "beyond 1,000 ×",
            room.then,
        ))  # fmt: skip
    return _table(("what grows", "now", "goes up to", "that is at", "broken at", "what is done then"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float) -> str:
    for size, name in ((1e12, "T"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{value / size:,.3g} {name}"
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.3g}"


def _bytes(size: float) -> str:
    for unit, name in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            return f"{size / unit:,.3g} {name}"
    return f"{size:,.0f} bytes"


def _hours(seconds: float, of: str = "CPU") -> str:
    return f"{seconds / _HOUR:,.1f} hours {of}" if of != "CPU" else f"{seconds / _HOUR:,.0f} CPU hours"


def _sized(value: float, unit: str) -> str:
    return (
        _bytes(value)
        if unit == "bytes"
        else f"{_bytes(value)}/s"
        if unit == "bytes/s"
        else f"{_number(value)} {unit}".strip()
    )


PARTS: Final[Mapping[str, Callable[[Paper], str]]] = {
    "given": Paper.premises,
    "measured": Paper.measured,
    "month": Paper.month,
    "month rooms": Paper.month_rooms,
    "live": Paper.live,
    "live rooms": Paper.live_rooms,
}


def marks(part: str) -> tuple[str, str]:
    """The lines between which a part stands in the document."""
    begin = f"<!-- {part}: written by `python -m tests.bench.scale_paper --write` -->\n"
    return begin, f"<!-- {part}: end -->\n"


def paper() -> Paper | None:
    """From the figures that are kept; None where one that it needs is not measured yet."""
    runs = load()
    if not all(name in runs and runs[name].figures for name in _NEEDED):
        return None
    verbs, years = (json.loads(path.read_text(encoding="utf-8")) for path in (VERBS, three_years.FIGURES))
    return Paper(Rates(runs, verbs, years))


def section(part: str, tables: Paper | None) -> str:
    """A part, as it stands in the document."""
    if tables is None:
        return f"\nNot reckoned yet: it takes the figures of `python -m tests.bench {' '.join(_NEEDED)}`.\n\n"
    return f"\n{PARTS[part](tables)}\n\n"


def main() -> None:
    """Print the tables, or write them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale_paper", description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew the tables of docs/scale.md")
    options = parser.parse_args()
    tables = paper()
    for part in PARTS:
        text = section(part, tables)
        print(text)
        if options.write:
            renew(DOCUMENT, *marks(part), text)


if __name__ == "__main__":
    main()
