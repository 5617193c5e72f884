"""The screen of ``postkeep status``."""

from collections.abc import Iterator, Mapping
from typing import Final

from scraper.cli.screens.layout import clean, cut, labelled, padded, width_of, wrapped
from scraper.cli.screens.words import counted, moment_text
from scraper.jobs.look.settings import SettingData
from scraper.jobs.look.status_data import RunData, StatusData
from scraper.model.outcome import Span, Style, ViewLine
from scraper.model.run import bytes_text

_LABEL: Final = 13
_MOST_HOSTS: Final = 10
_BETWEEN: Final = " · "
_RUN_STYLES: Final[Mapping[str, Style]] = {"completed": "plain", "broken off": "warning", "killed": "bad"}


def status_screen(status: StatusData, width: int) -> Iterator[ViewLine]:
    """What is in an archive, and what is to be done, in so many columns."""
    for label, text, style in _facts(status):
        yield from labelled(label, clean(text), width, _LABEL, style)
    yield ""
    yield from _settings(status["settings"], width)
    for number, step in enumerate(status["next"]):
        if number == 0:
            yield ""
        yield from ((Span(line, "strong"),) for line in wrapped(clean(step), width))


def _facts(status: StatusData) -> Iterator[tuple[str, str, Style]]:
    """What there is to say: its label, the words, and how they are meant."""
    yield from _of_archive(status)
    yield from _of_posts(status)
    yield from _of_runs(status)
    sizes = status["bytes"]
    parts = [f"{name} {bytes_text(size)}" for name, size in sizes.items() if size and name != "total"]
    yield "on disk", bytes_text(sizes["total"]) + (f": {_BETWEEN.join(parts)}" if parts else ""), "plain"


def _of_archive(status: StatusData) -> Iterator[tuple[str, str, Style]]:
    yield "archive", status["archive"], "strong"
    if status["shard"]:
        yield "shard", f"{status['shard']}: only hosts of this shard are visited", "plain"
    if status["key"]:
        yield "key", f"{status['key']}: archives that share it can be merged", "plain"
    holder = status["held_by"]
    if holder:
        run = f": {holder['verb']}, since {moment_text(holder['began_at'])} UTC" if holder["verb"] else ""
        process = f" (process {holder['process']})" if holder["process"] else ""
        yield "held", f"another run is writing{run}{process}; what follows is as it last committed", "warning"
    if not status["is_writable"]:
        yield "", "it can be read, and not written", "warning"
    for note in status["notes"]:
        yield "", note, "warning"


def _of_posts(status: StatusData) -> Iterator[tuple[str, str, Style]]:
    posts, comments, reach = status["posts"], status["comments"], status["completeness"]
    yield "posts", f"{posts['total']:,}{_among(posts['status'])}", "plain"
    if posts["total"]:
        yield "access", _parts(posts["access"]), "plain"
    deleted = f", {comments['deleted']:,} deleted" if comments["deleted"] else ""
    yield "comments", f"{comments['captured']:,} captured{deleted}", "plain"
    if posts["total"]:
        of_declared = f"{comments['captured_of_declared']:,} of {comments['declared']:,} declared comments; "
        whole = f"{counted(reach['whole'], 'post')} whole, {reach['short']:,} short, {reach['undeclared']:,} that declare none"
        yield "complete", f"{of_declared if comments['declared'] else ''}{whole}", "plain"
    for number, host in enumerate(status["hosts"][:_MOST_HOSTS]):
        text = f"{host['host']}: {counted(host['posts'], 'post')}, {counted(host['comments'], 'comment')}"
        yield "hosts" if number == 0 else "", text, "plain"
    if len(status["hosts"]) > _MOST_HOSTS:
        yield "", f"and {len(status['hosts']) - _MOST_HOSTS:,} more", "plain"


def _of_runs(status: StatusData) -> Iterator[tuple[str, str, Style]]:
    visits = status["visits"]
    others = {name: number for name, number in visits.items() if name != "kept" and isinstance(number, int)}
    yield "visits", f"{visits['kept']:,}{_among(others)}", "plain"
    run = status["last_run"]
    if run:
        yield "last run", _run(run), _RUN_STYLES[run["ended"]]
    publication = status["last_publication"]
    if publication:
        yield "published", f"{publication['repo']}, {moment_text(publication['at'])} UTC", "plain"
    yield "due", _due(status), "plain"
    for number, held in enumerate(status["held_back"]):
        yield "held back" if number == 0 else "", held["reason"], "warning"
    takedowns = status["takedowns"]
    if takedowns["tombstones"]:
        yield "taken down", f"{takedowns['tombstones']:,}", "plain"
    if takedowns["is_pending"]:
        waiting = ", ".join(takedowns["pending"])
        yield "", f"not complete{': ' if waiting else ''}{waiting}", "bad"


def _run(run: RunData) -> str:
    counts = ", ".join(f"{count:,} {word}" for word, count in run["counts"].items() if count)
    cost = f"{counted(run['requests'], 'request')}, {bytes_text(run['bytes'])}" if run["requests"] else ""
    reason = run["reason"] or ""
    said = "; ".join(filter(None, (counts, cost, reason)))
    ended = f" to {moment_text(run['ended_at'])}" if run["ended_at"] else ""
    return f"{run['verb']}, {moment_text(run['began_at'])}{ended} UTC, {run['ended']}{': ' if said else ''}{said}"


def _due(status: StatusData) -> str:
    due = status["due"]
    if not due["visited"]:
        text = "nothing: no post was visited on its site yet"
    else:
        ahead = f"; the next {moment_text(due['next_at'])} UTC" if due["next_at"] else ""
        text = f"{due['posts']:,} of {counted(due['visited'], 'visited post')}{ahead}"
    return f"{text}; {counted(len(due['followed']), 'list')} followed" if due["followed"] else text


def _settings(settings: list[SettingData], width: int) -> Iterator[ViewLine]:
    """Name, value and origin of each setting; what was set stands out."""
    names = min(max(width_of(clean(each["name"])) for each in settings), max(width // 3, 12))
    for number, each in enumerate(settings):
        if number == 0:
            yield (Span("settings in force", "dim"),)
        style: Style = "dim" if each["source"] == "default" else "plain"
        origin = clean(
            each["source"]
            if each["source"] in {"default", "file"}
            else f"{each['source']} {each['stands_in'] or ''}".rstrip()
        )
        name = padded(clean(each["name"]), names)
        room = width - names - width_of(origin) - 4
        value = clean(_value(each))
        if room >= width_of(value) and width_of(clean(each["name"])) <= names:
            yield (Span(f"{name}  {padded(value, room)}  ", style), Span(origin, "dim"))
        else:
            yield (Span(cut(f"{clean(each['name'])}  {origin}", width), style),)
            yield from ((Span(f"  {line}", style),) for line in wrapped(value, width - 2))


def _value(setting: SettingData) -> str:
    match setting["value"]:
        case None:
            return "—"
        case list() as values:
            return ", ".join(values) if values else "none"
        case bool() as value:
            return "yes" if value else "no"
        case value:
            return str(value)


def _among(numbers: Mapping[str, int]) -> str:
    parts = _parts(numbers)
    return f": {parts}" if parts else ""


def _parts(numbers: Mapping[str, int]) -> str:
    return _BETWEEN.join(f"{name} {number:,}" for name, number in numbers.items() if number)
