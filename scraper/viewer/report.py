"""The report as one self-contained page: style inside, charts as inline SVG, no script, nothing loaded."""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final, TypeVar

from scraper.model.run import Run, bytes_text, duration_text
from scraper.viewer.charts import Bar, bars, share
from scraper.viewer.crawl_report import CrawlReport, HostPosts, HostTraffic, Trouble
from scraper.viewer.frame import asset
from scraper.viewer.html import Html, join, tag
from scraper.viewer.wording import moment, number

_Row = TypeVar("_Row")

MARK: Final = "<!-- postkeep report -->"
"""What a report begins with, so that no other file is ever written over."""
_STYLE: Final = "assets/report.css"
# Rows of one table on the page; `--json` has all of them.
_ROWS: Final = 100
_RUNS: Final = 60
_ACCESS: Final[Mapping[str, str]] = {
    "full": "in full",
    "partial": "in part",
    "gated": "behind a gate",
    "unknown": "unknown whether all",
}


def page_of(report: CrawlReport) -> bytes:
    """The page, as a file."""
    style = asset(_STYLE).decode()
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("title", f"Crawl report of {report.archive}"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex, nofollow"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("style", Html(style)),
    )
    sections = (_came, _missed, _conduct, _complete, _drift, _runs, _due, _size)
    main = tag("main", _heading(report), *(section(report) for section in sections))
    return f"<!DOCTYPE html>\n{MARK}\n{tag('html', head, tag('body', main), lang='en')}\n".encode()


def _heading(report: CrawlReport) -> Html:
    posts = sum(host.posts for host in report.hosts)
    comments = sum(host.comments for host in report.hosts)
    facts = (
        ("posts", number(posts)),
        ("comments", number(comments)),
        ("hosts", number(len(report.hosts))),
        ("visits kept", number(report.visits.get("kept", 0))),
        ("bytes on disk", bytes_text(report.bytes.get("total", 0))),
        ("due now", number(sum(day.posts for day in report.due[:1]))),
    )
    shown = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts]
    notes = [tag("p", note, class_="note") for note in report.notes]
    about = f"{report.archive}, as it was committed on {moment(report.made_at)}. Made by {report.software}, for whoever runs the crawl."
    return tag(
        "header",
        tag("h1", "Crawl report"),
        tag("p", tag("bdi", about)),
        *notes,
        tag("dl", *shown, class_="facts"),
    )


def _came(report: CrawlReport) -> Html:
    months = [
        Bar(month.month, month.first_visits, f"{month.month}: {number(month.first_visits)} new")
        for month in report.growth
    ]
    access = _sums(host.access for host in report.hosts)
    parts = [
        Bar(name, access.get(name, 0), f"{number(access.get(name, 0))} {words}")
        for name, words in _ACCESS.items()
    ]
    return _section(
        "What came",
        tag("h3", "Addresses visited for the first time, by month"),
        bars("Addresses visited for the first time, by month", months),
        tag("h3", "How signed-out readers see the posts"),
        share("Posts by access", parts),
        _table(
            "Posts by host",
            ("host", "posts", "comments", "live", "gone or withdrawn"),
            report.hosts,
            _posts_row,
        ),
    )


def _posts_row(host: HostPosts) -> tuple[str, ...]:
    away = host.status.get("gone", 0) + host.status.get("withdrawn", 0)
    return (
        host.host,
        number(host.posts),
        number(host.comments),
        number(host.status.get("live", 0)),
        number(away),
    )


def _missed(report: CrawlReport) -> Html:
    rejected = report.visits.get("rejected", 0)
    unread = report.visits.get("unread", 0)
    told = [
        tag("p", f"{number(rejected)} visits were kept and are no posts, or could not be read as one."),
        tag("p", f"{number(unread)} visits were not read yet: postkeep extract reads them.")
        if unread
        else None,
    ]
    return _section(
        "What did not come, and why",
        *told,
        _table(
            "Causes, the most frequent first",
            ("outcome", "cause", "times", "hosts", "last at"),
            report.troubles,
            _trouble_row,
        ),
    )


def _trouble_row(trouble: Trouble) -> tuple[str, ...]:
    return (
        trouble.outcome,
        trouble.cause,
        number(trouble.times),
        number(trouble.hosts),
        trouble.example,
    )


def _conduct(report: CrawlReport) -> Html:
    broken = sum(host.violations for host in report.traffic)
    asked = sum(host.requests for host in report.traffic)
    verdict = (
        f"Every rule of politeness was kept in {number(asked)} requests."
        if not broken
        else f"Rules of politeness were broken {number(broken)} times in {number(asked)} requests: postkeep check --politeness names each."
    )
    return _section(
        "Politeness, by host",
        tag("p", verdict, class_=None if not broken else "bad"),
        tag(
            "p",
            "A gap runs from an answer to the next request to the same host. The margin is the least by which a gap was longer than owed.",
        ),
        _table(
            "What each host was asked, and the time it was given",
            (
                "host", "requests", "2xx", "304", "4xx", "5xx", "no answer", "refused", "longest gap owed",
                "shortest gap kept", "least margin", "received", "last",
            ),
            report.traffic,
            _traffic_row,
        ),
    )  # fmt: skip


def _traffic_row(host: HostTraffic) -> tuple[str, ...]:
    answers = [number(host.answers.get(name, 0)) for name in ("2xx", "304", "4xx", "5xx", "none")]
    gaps = [_seconds(gap) for gap in (host.longest_gap_owed, host.shortest_gap_kept, host.least_margin)]
    return (
        host.host,
        number(host.requests),
        *answers,
        number(host.refused),
        *gaps,
        bytes_text(host.bytes),
        moment(host.last_at or None, "day"),
    )


def _complete(report: CrawlReport) -> Html:
    declaring = [host for host in report.hosts if host.declared]
    declared = sum(host.declared for host in declaring)
    captured = sum(host.captured_of_declared for host in declaring)
    told = (
        f"{number(captured)} of {number(declared)} declared comments were captured ({_share(captured, declared)})."
        if declared
        else "No post declares how many comments it has."
    )
    return _section(
        "Captured against declared",
        tag("p", told),
        _table(
            "Declared comments, by host",
            ("host", "declared", "captured", "share", "posts that lack some"),
            declaring,
            lambda host: (
                host.host,
                number(host.declared),
                number(host.captured_of_declared),
                _share(host.captured_of_declared, host.declared),
                number(host.short),
            ),
        ),
    )


def _drift(report: CrawlReport) -> Html:
    held = [tag("li", sentence) for sentence in report.drift]
    if not held:
        return _section("Drift", tag("p", "No run is held back: every site reads as before."))
    remedy = "What these runs read is held back until you have looked: postkeep drift"
    return _section("Drift", tag("p", remedy, class_="bad"), tag("ul", *held))


def _runs(report: CrawlReport) -> Html:
    last = report.runs[-_RUNS:]
    requests = [
        Bar(
            f"{run.began_at:%Y-%m-%d}",
            run.traffic.requests,
            f"{run.verb} of {run.began_at:%Y-%m-%d}: {number(run.traffic.requests)} requests",
        )
        for run in last
    ]
    return _section(
        "Runs",
        tag("h3", f"Requests, run by run (the last {number(_RUNS)})"),
        bars("Requests by run", requests),
        _table(
            "The last runs, newest first",
            ("began", "verb", "took", "end", "done", "failed", "refused", "rejected", "requests", "received"),
            last[::-1],
            _run_row,
        ),
    )


def _run_row(run: Run) -> tuple[str, ...]:
    ended = "whole" if run.completed else run.reason or "it was killed, or goes on"
    counts = [number(run.counts.get(word, 0)) for word in ("done", "failed", "refused", "rejected")]
    return (
        f"{run.began_at:%Y-%m-%d %H:%M}",
        run.verb,
        duration_text(run.duration) if run.duration is not None else "",
        ended,
        *counts,
        number(run.traffic.requests),
        bytes_text(run.traffic.bytes),
    )


def _due(report: CrawlReport) -> Html:
    days = [Bar(day.day, day.posts, f"{day.day}: {number(day.posts)}") for day in report.due]
    ahead = (
        f"The next post is due on {moment(report.next_due_at, 'minute')}."
        if report.next_due_at
        else "No post will be due by itself."
    )
    return _section(
        "Next due",
        tag("p", ahead),
        tag("h3", "Posts that become due, by day; today's are due now"),
        bars("Posts that become due, by day", days),
    )


def _size(report: CrawlReport) -> Html:
    months = [
        Bar(month.month, month.bytes, f"{month.month}: {bytes_text(month.bytes)}") for month in report.growth
    ]
    kinds = [(name, size) for name, size in report.bytes.items() if name != "total"]
    return _section(
        "Size and growth",
        tag("h3", "Bytes of WARC records, by month"),
        bars("Bytes of WARC records, by month", months),
        _table("Bytes on disk", ("what", "size"), kinds, lambda kind: (kind[0], bytes_text(kind[1]))),
        tag("p", f"{number(report.tombstones)} subjects were taken down."),
    )


def _section(title: str, *parts: Html | None) -> Html:
    return tag("section", tag("h2", title), *parts)


def _table(
    caption: str, head: Sequence[str], rows: Sequence[_Row], cells: Callable[[_Row], Sequence[str]]
) -> Html:
    if not rows:
        return tag("p", f"{caption}: nothing.", class_="nothing")
    names = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in head)))
    lines = []
    for row in rows[:_ROWS]:
        first, *others = cells(row)
        lines.append(
            tag(
                "tr",
                tag("th", tag("bdi", first), scope="row"),
                *(tag("td", tag("bdi", cell)) for cell in others),
            )
        )
    left = len(rows) - _ROWS
    more = f"{caption}; {number(left)} more are in the output of --json" if left > 0 else caption
    table = tag("table", tag("caption", more), names, tag("tbody", join(lines, "\n")))
    return tag("div", table, class_="wide", tabindex="0", role="region", aria_label=caption)


def _sums(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for each in counts:
        for name, count in each.items():
            summed[name] = summed.get(name, 0) + count
    return summed


def _share(part: int, whole: int) -> str:
    # Never "100%" of what is not whole.
    return f"{min(part, whole) * 1000 // whole / 10:.1f}%" if whole else ""


def _seconds(gap: float | None) -> str:
    return "" if gap is None else f"{gap:.2f} s"
