"""What records.sqlite knows of drift: the features of each run's visits, the verdict on each run, what is held back.

All of it is derived: from the visits, in the order of their runs, and from what the owner accepted. The readings of a run
stay out of the rows until the run is judged, and then for as long as it drifts.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec

from scraper.drift.chance import Tally
from scraper.drift.features import Features
from scraper.drift.signs import Sign, Visited, is_of_one_software
from scraper.drift.verdict import FEWEST_BEFORE, RUNS_COMPARED, Finding, PastRun, Verdict, judge
from scraper.records.store import Records, RecordStore

_TABLES: Final = """
    CREATE TABLE features (
        visit_id TEXT PRIMARY KEY,
        run TEXT NOT NULL,
        site TEXT NOT NULL,
        post_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        captured_at TEXT,
        is_whole INTEGER NOT NULL,
        features TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX features_of_run ON features (site, run, sequence);
    CREATE INDEX features_in_order ON features (run, sequence);
    CREATE INDEX features_of_post ON features (post_id, sequence);
    CREATE TRIGGER features_of_lost_visits AFTER DELETE ON looks BEGIN
        DELETE FROM features WHERE visit_id = old.visit_id;
    END;
    CREATE TABLE verdicts (
        site TEXT NOT NULL,
        run TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        is_held INTEGER NOT NULL,
        tallies TEXT NOT NULL,
        findings TEXT NOT NULL,
        PRIMARY KEY (site, run)
    ) WITHOUT ROWID;
    CREATE INDEX verdicts_in_order ON verdicts (site, sequence);
    CREATE INDEX verdicts_of_all ON verdicts (sequence);
    CREATE TABLE accepted (said TEXT NOT NULL);
"""

# The signs of one layout, summed by site over the last good runs that showed it.
_OF_LAYOUT: Final = """
    WITH shown AS (
        SELECT site, run, verdicts.sequence, key, value FROM verdicts, json_each(tallies)
        WHERE verdicts.sequence < :begun AND NOT is_held AND instr(tallies, :ending || '"')
        AND substr(key, -length(:ending)) = :ending
    )
    SELECT site, key, sum(json_extract(value, '$[0]')), sum(json_extract(value, '$[1]')) FROM shown
    WHERE run IN (SELECT run FROM shown GROUP BY run ORDER BY max(sequence) DESC LIMIT :runs)
    GROUP BY site, key
"""


class RunOfSite(NamedTuple):
    """The visits that one run made to one site."""

    site: str
    run: str


_HostTallies = list[tuple[str, str, Tally]]
"""Host, key of a sign, and how many posts of the host showed it."""

Acceptances = Mapping[RunOfSite, frozenset[str]]
"""What the owner accepted of each run: the keys of the signs."""


@dataclass(frozen=True, slots=True)
class SeenVisit:
    """A visit of a run, with what drift looks at. ``captured_at`` is a time as rows have it."""

    visit_id: str
    run: str
    site: str
    post_id: str
    sequence: int
    captured_at: str | None
    is_whole: bool
    features: Features


@dataclass(frozen=True, slots=True)
class Drift:
    """A run of a site that reads worse than those before, is held back, and still stands in the way. ``begun_at`` is a time as rows have it."""

    place: RunOfSite
    begun_at: str | None
    pages: int
    findings: tuple[Finding, ...]


class HeldRuns:
    """The runs in one records.sqlite that are held back, to be read."""

    def __init__(self, records: Records) -> None:
        self._database = records.database

    def drifts(self) -> tuple[Drift, ...]:
        """The runs that are held back, by site and in their order.

        A run is left out once most of its posts were read in a good run after it: the site is itself again, and what the
        run read of its bad day stays out of the rows.
        """
        if not self._is_begun():
            return ()
        query = "SELECT site, run, sequence, findings FROM verdicts WHERE is_held ORDER BY site, sequence"
        return tuple(
            self._drift(RunOfSite(site, run), findings)
            for site, run, sequence, findings in self._database.execute(query).fetchall()
            if not self._is_over(RunOfSite(site, run), sequence)
        )

    def unjudged(self) -> int:
        """How many visits stay out of the rows until their run, which has not ended, is judged."""
        if not self._is_begun():
            return 0
        query = "SELECT count(*) FROM features WHERE (site, run) NOT IN (SELECT site, run FROM verdicts)"
        return int(self._database.execute(query).fetchone()[0])

    def _is_begun(self) -> bool:
        query = "SELECT 1 FROM sqlite_schema WHERE name = 'features'"
        return self._database.execute(query).fetchone() is not None

    def _is_over(self, place: RunOfSite, sequence: int) -> bool:
        query = """
            SELECT count(*), total(EXISTS (
                SELECT 1 FROM features JOIN verdicts USING (site, run)
                WHERE post_id = held.post_id AND verdicts.sequence > ? AND NOT verdicts.is_held
            )) FROM (SELECT DISTINCT post_id FROM features WHERE site = ? AND run = ?) AS held"""
        posts, again = self._database.execute(query, (sequence, *place)).fetchone()
        return bool(again > posts / 2)

    def _drift(self, place: RunOfSite, findings: str) -> Drift:
        query = "SELECT min(captured_at), count(DISTINCT post_id) FROM features WHERE site = ? AND run = ?"
        begun_at, pages = self._database.execute(query, place).fetchone()
        return Drift(place, begun_at, pages, _findings(findings))


class DriftBook(HeldRuns):
    """The drift of the visits in one records.sqlite, kept in tables of its own beside the records. Who writes commits."""

    def __init__(self, records: RecordStore) -> None:
        super().__init__(records)
        self._records = records
        self._hosts_before: tuple[int, dict[str, _HostTallies]] = (0, {})
        if not self._is_begun():
            self._database.executescript(f"BEGIN; {_TABLES} COMMIT;")

    def note(self, visit: SeenVisit) -> None:
        """Keep what a visit of a run showed. Its run, and those after it, are to be judged anew."""
        self._records.hold([visit.visit_id])
        columns = msgspec.to_builtins(visit) | {"features": visit.features.as_json()}
        places = ", ".join(f":{name}" for name in columns)
        self._database.execute(
            f"INSERT OR REPLACE INTO features ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - our names
            columns,
        )
        # A host with few posts is judged by what earlier runs read on others.
        self._database.execute(
            "DELETE FROM verdicts WHERE sequence >= (SELECT min(sequence) FROM features WHERE run = :run)",
            columns,
        )

    def judge(self, accepted: Acceptances) -> None:
        """Judge every run that has no verdict, in the order of the runs; all of them where other drift was accepted."""
        in_force = json.dumps(sorted((*place, *sorted(signs)) for place, signs in accepted.items()))
        if self._database.execute("SELECT said FROM accepted").fetchall() != [(in_force,)]:
            self._database.execute("DELETE FROM accepted")
            self._database.execute("INSERT INTO accepted VALUES (?)", (in_force,))
            self._database.execute("DELETE FROM verdicts")
        self._hosts_before = (0, {})
        for place, sequence in self._waiting():
            self._judge(place, sequence, accepted)
        self._database.commit()

    def _waiting(self) -> list[tuple[RunOfSite, int]]:
        rows = self._database.execute(
            "SELECT site, run, min(sequence) AS first FROM features WHERE (site, run) NOT IN "
            "(SELECT site, run FROM verdicts) GROUP BY site, run ORDER BY first, site"
        )
        return [(RunOfSite(site, run), first) for site, run, first in rows.fetchall()]

    def _judge(self, place: RunOfSite, sequence: int, accepted: Acceptances) -> None:
        visits = list(self._visited(place, sequence))
        hosts = self._hosts(place, visits) if self._has_few_posts(place, sequence) else []
        verdict = judge(visits, self._past(place, sequence), self._since(place, accepted), hosts)
        signs = accepted.get(place, frozenset())
        is_held = any(finding.sign.key not in signs for finding in verdict.findings)
        self._database.execute(
            "INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?)",
            (*place, sequence, is_held, _tallies_text(verdict), _findings_text(verdict)),
        )
        visit_ids = self._database.execute(
            "SELECT visit_id FROM features WHERE site = ? AND run = ?", place
        ).fetchall()
        settle = self._records.hold if is_held else self._records.release
        settle(visit_id for (visit_id,) in visit_ids)

    def _visited(self, place: RunOfSite, first: int) -> Iterator[Visited]:
        """The visits that had all their post needed, one a post; each with the last good one before the run."""
        rows = self._database.execute(
            "SELECT post_id, visit_id, features FROM features WHERE site = ? AND run = ? AND is_whole "
            "ORDER BY sequence",
            place,
        ).fetchall()
        for post_id, (visit_id, text) in {post: (visit, text) for post, visit, text in rows}.items():
            before = self._database.execute(
                "SELECT visit_id, features.sequence, features FROM features JOIN verdicts USING (site, run) "
                "WHERE post_id = ? AND features.sequence < ? AND is_whole AND NOT verdicts.is_held "
                "ORDER BY features.sequence DESC LIMIT 1",
                (post_id, first),
            ).fetchone()
            now = Features.of_json(text)
            if before is None:
                yield Visited(visit_id, now)
            else:
                before_id, sequence, features = before
                yield Visited(visit_id, now, Features.of_json(features), before_id, sequence)

    def _past(self, place: RunOfSite, before: int) -> list[PastRun]:
        """The last good runs of the site, oldest first."""
        rows = self._database.execute(
            "SELECT sequence, tallies FROM verdicts WHERE site = ? AND sequence < ? AND NOT is_held "
            "ORDER BY sequence DESC LIMIT ?",
            (place.site, before, RUNS_COMPARED),
        ).fetchall()
        return [PastRun(sequence, _tallies(text)) for sequence, text in reversed(rows)]

    def _has_few_posts(self, place: RunOfSite, before: int) -> bool:
        """Whether good runs read so few posts of the site that they say nothing of how it reads."""
        query = """
            SELECT count(*) FROM (
                SELECT DISTINCT post_id FROM features JOIN verdicts USING (site, run)
                WHERE site = ? AND verdicts.sequence < ? AND NOT is_held AND json_extract(features, '$.layout') IS NOT NULL
                LIMIT ?
            )"""
        (posts,) = self._database.execute(query, (place.site, before, FEWEST_BEFORE)).fetchone()
        return bool(posts < FEWEST_BEFORE)

    def _hosts(self, place: RunOfSite, visits: Sequence[Visited]) -> list[PastRun]:
        """What good runs before this one showed of the layouts of new posts, summed for each host of the archive.

        Hosts of one run are no measure for each other, so that their order in it does not matter.
        """
        (begun,) = self._database.execute(
            "SELECT min(sequence) FROM features WHERE run = ?", (place.run,)
        ).fetchone()
        layouts = {visit.now.layout for visit in visits if visit.before is None}
        hosts: defaultdict[str, dict[str, Tally]] = defaultdict(dict)
        for layout in filter(is_of_one_software, layouts):
            for host, key, tally in self._of_layout(layout, begun):
                hosts[host][key] = tally
        return [PastRun(0, tallies) for _, tallies in sorted(hosts.items())]

    def _of_layout(self, layout: str, begun: int) -> _HostTallies:
        """What good runs before ``begun`` showed of a layout, summed once for all hosts of the run that began there."""
        if self._hosts_before[0] != begun:
            self._hosts_before = (begun, {})
        by_layout = self._hosts_before[1]
        if layout not in by_layout:
            rows = self._database.execute(
                _OF_LAYOUT, {"ending": f"|{layout}", "begun": begun, "runs": RUNS_COMPARED}
            )
            by_layout[layout] = [(host, key, Tally(hits, seen)) for host, key, hits, seen in rows]
        return by_layout[layout]

    def _since(self, place: RunOfSite, accepted: Acceptances) -> dict[str, int]:
        """By the key of each accepted sign, the first sequence of the last earlier run that it was accepted of."""
        rows = self._database.execute(
            "SELECT run, sequence FROM verdicts WHERE site = ? ORDER BY sequence", (place.site,)
        )
        return {
            key: sequence
            for run, sequence in rows
            for key in accepted.get(RunOfSite(place.site, run), frozenset())
            if run != place.run
        }


def _tallies_text(verdict: Verdict) -> str:
    return json.dumps({key: [tally.hits, tally.seen] for key, tally in verdict.tallies.items()})


def _tallies(text: str) -> dict[str, Tally]:
    return {key: Tally(*counts) for key, counts in json.loads(text).items()}


def _findings_text(verdict: Verdict) -> str:
    """The findings as JSON. No words of a page are kept with them: who shows examples reads them anew."""
    return json.dumps(
        [
            {
                "sign": finding.sign.key,
                "now": [finding.now.hits, finding.now.seen],
                "past": [finding.past.hits, finding.past.seen],
                "chance": finding.chance,
                "examples": finding.examples,
            }
            for finding in verdict.findings
        ]
    )


def _findings(text: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            Sign.of_key(finding["sign"]),
            Tally(*finding["now"]),
            Tally(*finding["past"]),
            finding["chance"],
            tuple((now, before) for now, before in finding["examples"]),
        )
        for finding in json.loads(text)
    )
