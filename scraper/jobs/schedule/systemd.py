"""The job as systemd units: a service and its timer, and a second pair that notices when the first is dead."""

import re
from pathlib import Path
from typing import Final

from scraper.errors import UsageError
from scraper.jobs.schedule.plan import FRESH, Plan, UnitFile

_FOLDER: Final = "/etc/systemd/system"
_HOMES: Final = ("/home", "/root", "/run/user")
_TEMPORARY: Final = ("/tmp", "/var/tmp")  # noqa: S108 - the folders that PrivateTmp hides
_PLAIN: Final = re.compile(r"[A-Za-z0-9/._=:-]+")

_SERVICE: Final = """\
[Unit]
Description=postkeep: {doing} {described}
RequiresMountsFor={archive}
{unit}# Name a unit that tells you of a failure, and take the # away:
# OnFailure=your-alert@%n.service

[Service]
Type=oneshot
User={owner}
ExecStart={command}
{service}UMask=0077
CacheDirectory={name}
CacheDirectoryMode=0700
Environment=XDG_CACHE_HOME=%C/{name}

# What it may touch: the archive and its cache.
ProtectSystem=strict
ReadWritePaths={archive}
ProtectHome={home}
PrivateTmp={private_tmp}
PrivateDevices=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
MemoryMax=4G
TasksMax=256
"""

_REFRESH_UNIT: Final = "Wants=network-online.target\nAfter=network-online.target\n"
_REFRESH_SERVICE: Final = """\
# No failure: 1 some posts failed, and are tried again another night; 4 another run holds the archive; 143 it was stopped, and
# goes on next time. A run that broke off ends with 1 too: that is what {name}-check is for.
SuccessExitStatus=1 4 143
TimeoutStartSec=20h
TimeoutStopSec=5min
KillMode=mixed
Nice=10
IOSchedulingClass=idle
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
{credential}"""
# %d is the folder of credentials; huggingface_hub reads the token's file where HF_TOKEN_PATH says.
_CREDENTIAL: Final = """\
# A token that may write {publish}, in a file that root alone can read.
LoadCredential=hf_token:/etc/postkeep/{name}.token
Environment=HF_TOKEN_PATH=%d/hf_token
"""
_CHECK_SERVICE: Final = "PrivateNetwork=yes\nRestrictAddressFamilies=AF_UNIX\n"

_TIMER: Final = """\
[Unit]
Description=postkeep: {doing} {described}, every day

[Timer]
# In UTC, so that no change of summer time skips it or runs it twice.
OnCalendar=*-*-* {hour:02}:{minute:02}:00 UTC
RandomizedDelaySec=30min
# A night on which the machine was off is made up for, once, after a delay of the same kind.
Persistent=true

[Install]
WantedBy=timers.target
"""


def units(plan: Plan) -> tuple[UnitFile, ...]:
    """The four units of a plan.

    Raises:
        UsageError: a path has a quote or a backslash, which not every setting of systemd reads alike.
    """
    for path in (plan.archive, plan.program.executable):
        if set(str(path)) & {'"', "\\"}:
            raise UsageError(
                f"{path} has a quote or a backslash in its name, which systemd units cannot hold. Rename it."
            )
    refresh = ["refresh", "--archive", str(plan.archive), "--log-format", "json"]
    if plan.publish:
        refresh += ["--publish", plan.publish]
    check = ["check", "--fresh", FRESH, "--archive", str(plan.archive), "--log-format", "json"]
    credential = _CREDENTIAL.format(publish=plan.publish, name=plan.name) if plan.publish else ""
    service = _REFRESH_SERVICE.format(name=plan.name, credential=credential)
    watch = f"{plan.name}-check"
    return (
        _unit(f"{plan.name}.service", _service(plan, plan.name, "refresh", refresh, _REFRESH_UNIT, service)),
        _unit(f"{plan.name}.timer", _timer(plan, "refresh", plan.hour)),
        _unit(f"{watch}.service", _service(plan, watch, "watch over", check, "", _CHECK_SERVICE)),
        _unit(f"{watch}.timer", _timer(plan, "watch over", (plan.hour + 12) % 24)),
    )


def _unit(name: str, text: str) -> UnitFile:
    return UnitFile(f"{_FOLDER}/{name}", text)


def _service(plan: Plan, name: str, doing: str, words: list[str], unit: str, service: str) -> str:
    needed = (plan.archive, plan.program.executable, plan.program.interpreter)
    return _SERVICE.format(
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


def _timer(plan: Plan, doing: str, hour: int) -> str:
    described = _literal(str(plan.archive))
    return _TIMER.format(doing=doing, described=described, hour=hour, minute=plan.minute)


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
