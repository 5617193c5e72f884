"""The job as systemd units: a service and its timer, and a second pair that notices when the first is dead."""

import re
from pathlib import Path
from typing import Final

from scraper.errors import UsageError
from scraper.jobs.schedule.plan import NightlyRun, UnitFile, fill

_FOLDER: Final = "/etc/systemd/system"
_HOMES: Final = ("/home", "/root", "/run/user")
_TEMPORARY: Final = ("/tmp", "/var/tmp")  # noqa: S108 - the folders that PrivateTmp hides
_PLAIN: Final = re.compile(r"[A-Za-z0-9/._=:-]+")

_REFRESH_UNIT: Final = "Wants=network-online.target\nAfter=network-online.target\n"
_CHECK_SERVICE: Final = "PrivateNetwork=yes\nRestrictAddressFamilies=AF_UNIX\n"


def units(plan: NightlyRun) -> tuple[UnitFile, ...]:
    """The four units of a plan.

    Raises:
        UsageError: a path has a quote or a backslash, which not every setting of systemd reads alike.
    """
    for path in (plan.archive, plan.program.executable):
        if set(str(path)) & {'"', "\\"}:
            raise UsageError(
                f"{path} has a quote or a backslash in its name, which systemd units cannot hold. Rename it."
            )
    check = [*plan.check, "--log-format", "json"]
    # %d in it is the folder of credentials; huggingface_hub reads the token's file where HF_TOKEN_PATH says.
    credential = fill("credential.service", publish=plan.publish, name=plan.name) if plan.publish else ""
    service = fill("refresh.service", name=plan.name, credential=credential)
    watch = f"{plan.name}-check"
    return (
        _unit(
            f"{plan.name}.service", _service(plan, plan.name, "refresh", plan.refresh, _REFRESH_UNIT, service)
        ),
        _unit(f"{plan.name}.timer", _timer(plan, "refresh", plan.hour)),
        _unit(f"{watch}.service", _service(plan, watch, "watch over", check, "", _CHECK_SERVICE)),
        _unit(f"{watch}.timer", _timer(plan, "watch over", (plan.hour + 12) % 24)),
    )


def _unit(name: str, text: str) -> UnitFile:
    return UnitFile(f"{_FOLDER}/{name}", text)


def _service(plan: NightlyRun, name: str, doing: str, words: list[str], unit: str, service: str) -> str:
    needed = (plan.archive, plan.program.executable, plan.program.interpreter)
    return fill(
        "service",
        name=name,
        doing=doing,
        described=_literal(str(plan.archive)),
        archive=_quoted(str(plan.archive)),
        owner=plan.owner,
        command=" ".join([_quoted(str(plan.program.executable)), *map(_argument, words)]),
        home="read-only" if _any_in(needed, _HOMES) else "yes",
        private_tmp="no" if _any_in(needed, _TEMPORARY) else "yes",
        unit=unit,
        service=service,
    )


def _timer(plan: NightlyRun, doing: str, hour: int) -> str:
    described = _literal(str(plan.archive))
    return fill("timer", doing=doing, described=described, hour=f"{hour:02}", minute=f"{plan.minute:02}")


def _any_in(paths: tuple[Path, ...], folders: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(folder) for path in paths for folder in folders)


def _literal(text: str) -> str:
    """``text`` where specifiers are read (systemd.unit(5), "Specifiers")."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """``text`` as one word; variables are not looked for in paths, nor in the name of the program."""
    return text if _PLAIN.fullmatch(text) else f'"{_literal(text)}"'


def _argument(text: str) -> str:
    """``text`` as one argument of a command line (systemd.service(5), "Command lines")."""
    return _quoted(text).replace("$", "$$")
