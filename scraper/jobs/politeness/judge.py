"""``postkeep check --politeness``: judge a crawler by its ledger, with code that shares nothing with it.

The judge reckons anew what each host was owed, from each answer's status, time and Retry-After and from the
robots.txt files in the archive, and holds every line of the ledger against it. docs/politeness.md lists the rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from scraper.archive.files import require_archive
from scraper.archive.read import ArchiveReader, open_to_read
from scraper.errors import PostkeepError
from scraper.jobs.politeness.lines import Illegible, Line, read_lines
from scraper.jobs.politeness.pace import HostConduct
from scraper.jobs.politeness.robots import Bodies, Body, RobotsConduct
from scraper.jobs.progress import Progress
from scraper.model.outcome import Item, Report


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of politeness that was broken: the line that shows it, and a sentence."""

    place: str
    target: str
    sentence: str


class Judge:
    """Judges one ledger; ``requests`` and ``hosts`` count what was judged so far."""

    def __init__(self, bodies: Bodies) -> None:
        self.requests = 0
        self._robots = RobotsConduct(bodies)
        self._hosts: defaultdict[str, HostConduct] = defaultdict(HostConduct)

    @property
    def hosts(self) -> int:
        """How many hosts were asked for anything."""
        return len(self._hosts)

    def violations(self, lines: Iterable[Line | Illegible]) -> Iterator[Violation]:
        """Every violation that the lines show, in their order."""
        for line in lines:
            if isinstance(line, Illegible):
                yield Violation(line.place, line.place, f"{line.place} is no line of a ledger.")
                continue
            for wrong in self._judge(line):
                when = f"{line.at:%Y-%m-%d %H:%M:%S} UTC"
                sentence = f"The {line.event} of {when} for {line.url} {wrong} ({line.place})."
                yield Violation(line.place, line.url or line.host, sentence)

    def _judge(self, line: Line) -> Iterator[str]:
        if line.event == "began":
            self._robots.new_run(line)
            for host in self._hosts.values():
                host.new_run()
        elif line.event == "request":
            self.requests += 1
            yield from self._robots.request(line)
            yield from self._hosts[line.host].request(line, self._robots.crawl_delay(line.url))
        elif line.event in {"answer", "failed"}:
            request = self._hosts[line.host].open
            yield from self._hosts[line.host].answer(line)
            if request is not None:
                self._robots.asked(request, line)
        elif line.event == "refused":
            self._robots.refused(line)


def judge_politeness(archive: Path, progress: Progress) -> Report:
    """One ``failed`` item for each violation; one ``done`` item where there is none.

    Raises:
        UsageError: the folder is no archive.
        ArchiveDamagedError: a robots.txt in the archive cannot be read.
    """
    require_archive(archive)
    with ExitStack() as opened:
        judge = Judge(_bodies(archive, opened))
        items = [
            Item(violation.target, "failed", reason=violation.sentence)
            for violation in judge.violations(read_lines(archive))
        ]
    if not items:
        kept = f"Every rule of politeness was kept; requests: {judge.requests}, hosts: {judge.hosts}."
        items = [Item(str(archive), "done", reason=kept)]
    for item in items:
        progress.end(item)
    return Report(items=tuple(items))


def archived_bodies(reader: ArchiveReader) -> Bodies:
    """Finds the bodies of robots.txt files in an archive."""

    def body(url: str, at: datetime, digest: str) -> Body | None:
        record_id = reader.find(url, at, digest)
        if record_id is None:
            return None
        capture = reader.capture(record_id)
        is_coded = (capture.header("content-encoding") or "identity").strip().lower() != "identity"
        is_as_sent = digest == f"sha256:{sha256(capture.body).hexdigest()}"
        return Body(capture.body, is_readable=not (is_coded and is_as_sent))

    return body


def _bodies(archive: Path, opened: ExitStack) -> Bodies:
    """As ``archived_bodies``; where the archive cannot be read, the ledger is judged without them."""
    try:
        return archived_bodies(opened.enter_context(open_to_read(archive)))
    except PostkeepError:
        return lambda _url, _at, _digest: None
