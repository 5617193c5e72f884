"""How a verb is run: the job is watched, its report printed, its errors turned into sentences and exit codes.

What draws and what works is imported where it is used, here and in the verbs, so that no help waits for it.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from scraper.cli.interruption import interruptible
from scraper.cli.log import JsonLog
from scraper.cli.loudness import Loudness
from scraper.cli.options import LogFormat
from scraper.cli.printing import print_json, print_traceback
from scraper.errors import PostkeepError, StopError, UsageError, remedy_of
from scraper.jobs.progress import Progress
from scraper.model.outcome import Item, Report
from scraper.settings import Network
from scraper.settings_file import load_settings

if TYPE_CHECKING:
    from scraper.jobs.workplace import Workplace


def perform(
    command: str,
    job: Callable[[Progress], Report],
    *,
    as_json: bool,
    log_format: LogFormat = LogFormat.TEXT,
    loudness: Loudness = Loudness.USUAL,
    advise: Callable[[Report], Sequence[str]] = lambda _: (),
) -> None:
    """Run ``job``, print what it reports and what ``advise`` says to do next, and leave with its exit code."""
    from scraper.cli.clock import SystemClock
    from scraper.cli.terminal import LiveProgress, print_report

    log = JsonLog(command, loudness) if log_format is LogFormat.JSON else None
    with interruptible() as interruption:
        try:
            told = Loudness.SILENT if as_json else loudness
            with log or LiveProgress(SystemClock(), loudness=told) as progress:
                report = job(progress)
        except PostkeepError as error:
            _fail(command, str(error), error.exit_code, as_json=as_json, log=log)
        except KeyboardInterrupt:
            _fail(command, interruption.message, interruption.exit_code, as_json=as_json, log=log)
        except OSError as error:
            what = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
            message = f"{what}. Nothing that was kept is lost. {remedy_of(error)}"
            _fail(command, message, StopError.exit_code, as_json=as_json, log=log)
        except Exception as error:  # noqa: BLE001 - the message of an error of ours may hold what a page says
            message = f"This is a mistake in postkeep ({type(error).__name__}); nothing that was kept is lost. Please report it with the lines above."
            _fail(command, message, PostkeepError.exit_code, as_json=as_json, log=log, unexpected=error)
    try:
        print_report(command, report, as_json=as_json, log=log, loudness=loudness, advise=advise)
    except PostkeepError as error:
        # What is shown is read as it is printed. An object that was begun cannot be mended: it stays open, and the exit code tells.
        _fail(command, str(error), error.exit_code, as_json=False, log=log)
    raise typer.Exit(report.exit_code)


def workplace(archive: Path, progress: Progress, network: Network | None = None) -> "Workplace":
    """The Workplace for an archive folder, with its settings read.

    Raises:
        UsageError: postkeep.toml or the environment holds something we do not know.
    """
    from scraper.cli.clock import SystemClock
    from scraper.jobs.workplace import Workplace

    return Workplace(
        folder=archive,
        settings=load_settings(archive, os.environ),
        clock=SystemClock(),
        network=network or Network(),
        progress=progress,
        run_id=progress.run_id if isinstance(progress, JsonLog) else None,
    )


def read_target_list(path: Path) -> Iterator[str]:
    """The targets in a file, one a line; blank lines and lines that begin with # are passed over.

    Raises:
        UsageError: the file cannot be read as UTF-8 text; where that is seen at a line, after those before it.
    """
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for line in map(str.strip, lines):
                if line and not line.startswith("#"):
                    yield line
    except OSError as error:
        raise UsageError(
            f"--from {path}: the file cannot be read: {error.strerror}. Name a text file of URLs."
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--from {path}: the file is no UTF-8 text. Name a text file of URLs.") from error


def _fail(
    command: str,
    message: str,
    exit_code: int,
    *,
    as_json: bool,
    log: JsonLog | None,
    unexpected: Exception | None = None,
) -> NoReturn:
    from scraper.cli.terminal import print_error

    if log is not None:
        log.fail(message, exit_code, unexpected)
    elif unexpected is not None:
        print_traceback(unexpected)
    if as_json:
        print_json(command, Report(items=(Item(command, "failed", reason=message),)), exit_code)
    elif log is None:
        print_error(message)
    raise typer.Exit(exit_code)
