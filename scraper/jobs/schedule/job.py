"""``postkeep schedule``: what makes refresh run by itself, written for one archive."""

import re
import shlex
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import Final

from scraper.archive.files import is_archive
from scraper.errors import StopError, UsageError
from scraper.jobs.schedule.actions import workflow
from scraper.jobs.schedule.plan import FRESH, NightlyRun, Program, Scheduler, UnitFile, fill
from scraper.jobs.schedule.systemd import units
from scraper.model.outcome import Item, Report
from scraper.settings import Settings

# Owner and name on the Hub: letters, digits, '-', '_', '.', 96 at most (huggingface_hub's validate_repo_id).
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9][A-Za-z0-9_.-]{0,95}")
# From 4 to 5 in the night: no zone sets its clocks between those hours.
_FIRST_HOUR: Final = 4
_MINUTES: Final = 120


def make_plan(
    archive: Path,
    program: Program,
    owner: str,
    settings: Settings,
    *,
    publish: str | None = None,
    store: str | None = None,
) -> NightlyRun:
    """The plan for an archive; its time of day follows from where it lies, so that many archives spread out.

    ``settings`` are those of its postkeep.toml alone: a job does not have the variables of whoever planned it.

    Raises:
        UsageError: the folder is no archive, has no contact, or a value cannot stand in a job.
    """
    archive = archive.resolve()
    if not is_archive(archive):
        raise UsageError(f"{archive} is no archive. Make one with `postkeep init {archive}`.")
    for path in (archive, program.executable):
        _require_one_line(path)
    settings.require_contact()
    if publish is not None and not _REPOSITORY.fullmatch(publish):
        raise UsageError(f"--publish {publish}: name a dataset on the Hub as OWNER/NAME.")
    digest = sha256(str(archive).encode()).hexdigest()
    word = re.sub(r"[^a-z0-9]+", "-", archive.name.lower()).strip("-")
    name = "-".join(part for part in ("postkeep", word, digest[:6]) if part)
    minutes = int(digest, 16) % _MINUTES
    return NightlyRun(
        name=name,
        archive=archive,
        program=program,
        owner=owner,
        hour=_FIRST_HOUR + minutes // 60,
        minute=minutes % 60,
        publish=publish,
        store=store,
    )


def schedule(scheduler: Scheduler, plan: NightlyRun, into: Path | None = None) -> Report:
    """The files of a job, as lines to print, each file under its place; or written into the folder ``into``.

    Raises:
        UsageError: the scheduler cannot run this plan, or a file is there already.
        StopError: the folder cannot be written.
    """
    files = _FILES[scheduler](plan)
    if into is None:
        lines = "\n".join(f"# {file.place}\n{file.text}" for file in files).splitlines()
        return Report(tuple(Item(file.place, "done") for file in files), tuple(lines))
    paths = [into / Path(file.place).name for file in files]
    for path in paths:
        if path.exists():
            raise UsageError(
                f"{path} is there already, so nothing was written. Remove it, or name another folder."
            )
    try:
        into.mkdir(parents=True, exist_ok=True)
        for path, file in zip(paths, files, strict=True):
            path.write_text(file.text, encoding="utf-8")
    except OSError as error:
        raise StopError(
            f"{into} cannot be written: {error.strerror}. Name another folder with --into."
        ) from error
    return Report(tuple(Item(str(path), "done") for path in paths), tuple(map(str, paths)))


def _cron_files(plan: NightlyRun) -> tuple[UnitFile, ...]:
    return (UnitFile("crontab", crontab(plan)),)


def _actions_files(plan: NightlyRun) -> tuple[UnitFile, ...]:
    return (UnitFile(f".github/workflows/{plan.name}.yml", workflow(plan)),)


_FILES: Final = {
    Scheduler.CRON: _cron_files,
    Scheduler.SYSTEMD: units,
    Scheduler.GITHUB_ACTIONS: _actions_files,
}


def crontab(plan: NightlyRun) -> str:
    """The lines of a crontab (crontab(5)): the nightly run, and twelve hours later a look whether it is alive."""
    program = str(plan.program.executable)
    return fill(
        "crontab",
        name=plan.name,
        owner=plan.owner,
        archive=str(plan.archive),
        hour=str(plan.hour),
        check_hour=str((plan.hour + 12) % 24),
        minute=str(plan.minute),
        refresh=_cron_command([program, *plan.refresh]),
        check=_cron_command([program, *plan.check]),
        fresh=FRESH,
    )


def _cron_command(words: list[str]) -> str:
    """``words`` for sh within a crontab.

    cron ends a command at the first ``%`` without a backslash and takes that backslash away, quotes or not. Outside of the
    quotes it does no harm under a cron that leaves it.
    """
    return " ".join(shlex.quote(word).replace("%", "'\\%'") for word in words)


def _require_one_line(path: Path) -> None:
    odd = [mark for mark in str(path) if unicodedata.category(mark) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    if odd:
        raise UsageError(
            f"{path} has a line break or a control character in its name, which no job file can hold. Rename the folder."
        )
