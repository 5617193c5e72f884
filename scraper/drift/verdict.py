"""Whether a run of one site reads worse than the runs before it: pure, from features to a verdict.

Each sign that a run shows more often than before is tested by the chance of that (``drift_chance``). A family of signs is
tested at once, so the chance at which drift is raised is shared among them (Bonferroni): that any of them rings in a
quiet run stays below ``FALSE_ALARMS``, however the signs hang together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.drift.chance import Prior, Tally, chance
from scraper.drift.signs import Observed, Sign, Visited, observe

# Of a thousand quiet runs, so many may ring by chance: half of what is promised, for sites are not quite as modelled.
FALSE_ALARMS: Final = 0.005
# A verdict rests on at most so many runs before, so that seasons and a site's slow change become the measure.
RUNS_COMPARED: Final = 30
_FEWEST_HITS: Final = 2
# First looks at fewer pages say nothing of how a layout reads.
FEWEST_BEFORE: Final = 10
# What is believed of a layout's signs on another host: the software's pages lack them everywhere or nowhere.
_OF_HOSTS: Final = Prior(0.5, 1, 0.5)
_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class PastRun:
    """A good run, or the good runs of one host: the sequence of the first visit, and the counts by the keys of the signs."""

    sequence: int
    tallies: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sign that a run shows too often.

    ``examples`` are some of the visits that show it, each with that of the same post before; None where it is new.
    """

    sign: Sign
    now: Tally
    past: Tally
    chance: float
    examples: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run showed, and what of it departs; nothing does in a quiet run. The least likely finding comes first."""

    tallies: Mapping[str, Tally]
    findings: tuple[Finding, ...]


def judge(
    visits: Iterable[Visited],
    past: Sequence[PastRun],
    since: Mapping[str, int] | None = None,
    hosts: Sequence[PastRun] = (),
) -> Verdict:
    """Judge one run of one site by the good runs before it, oldest first.

    ``since`` gives, by the key of a sign, the sequence of the first visit of the run with which the owner accepted it:
    what was before is no measure for that sign any more. ``hosts`` is given for a site with few posts: what each host of the
    archive showed of the layouts in the run. What the owner accepted of the site is not held against other hosts.
    """
    visits, accepted = tuple(visits), since or {}
    recent = past[-RUNS_COMPARED:]
    layouts = frozenset(key.rpartition("|")[2] for run in recent for key in run.tallies) - {""}
    observed = observe(visits, layouts, accepted)
    tested = [
        test
        for sign, observation in observed.items()
        if (test := _test(sign, observation, recent, accepted.get(sign.key, 0)))
    ]
    # What is behind a gate lacks fields by the will of its host, not by the layout.
    ungated = [visit for visit in visits if visit.now.access != "gated"] if hosts else []
    tested += [
        test
        for sign, observation in observe(ungated, layouts, accepted).items()
        if sign.is_of_layout and sign.key not in accepted
        if (test := _test(sign, observation, hosts, 0, _OF_HOSTS))
    ]
    level = FALSE_ALARMS / max(1, len(tested))
    findings = [finding for test in tested if (finding := test.finding(level))]
    return Verdict(
        tallies={sign.key: observation.tally for sign, observation in observed.items()},
        findings=tuple(sorted(findings, key=lambda finding: (finding.chance, finding.sign.key))),
    )


@dataclass(frozen=True, slots=True)
class _Test:
    sign: Sign
    observation: Observed
    past: tuple[Tally, ...]
    prior: Prior

    def finding(self, level: float) -> Finding | None:
        """The sign as a finding where its chance is below ``level`` and it matters."""
        now, before = self.observation.tally, _sum(self.past)
        usual = before.hits / before.seen if before.seen else 0.0
        if now.hits < _FEWEST_HITS or now.hits / now.seen - usual < self.sign.least_shift:
            return None
        by_chance = chance(now, self.past, self.prior)
        if by_chance >= level:
            return None
        examples = tuple((visit.visit_id, visit.before_id) for visit in self.observation.visits[:_EXAMPLES])
        return Finding(self.sign, now, before, by_chance, examples)


def _test(
    sign: Sign, observation: Observed, runs: Sequence[PastRun], since: int, prior: Prior | None = None
) -> _Test | None:
    """The sign with what earlier runs say of it; None where nothing is known to hold it against."""
    past = tuple(run.tallies[sign.key] for run in runs if run.sequence >= since and sign.key in run.tallies)
    if sign.basis != "again" and _sum(past).seen < FEWEST_BEFORE:
        return None
    return _Test(sign, observation, past, prior or sign.prior)


def _sum(tallies: Iterable[Tally]) -> Tally:
    hits = seen = 0
    for tally in tallies:
        hits += tally.hits
        seen += tally.seen
    return Tally(hits, seen)
