"""The job as a workflow of GitHub Actions, with the archive in private storage of the owner's own.

A runner's disk is gone after each run, and artifacts and caches are no place for an archive: they can be read by whoever
can read the repository, and they expire. rclone speaks to S3 and to some seventy other stores, and checks what it copied.
"""

import json
import re
from collections.abc import Sequence
from typing import Final

from scraper.errors import UsageError
from scraper.jobs.schedule.plan import FRESH, NightlyRun, fill
from scraper.jobs.schedule.wheels import Wheel

_S3: Final = re.compile(r"s3://(?P<path>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9_.-]+)*)/?")
# A remote of rclone.conf and a path on it; a connection string, which could hold a secret, is none.
_REMOTE: Final = re.compile(r"(?P<remote>[A-Za-z0-9_][A-Za-z0-9_-]+:[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)/?")

_S3_SECRETS: Final = """\
        env:
          AWS_ACCESS_KEY_ID: ${{ secrets.STORE_ACCESS_KEY_ID }}
          AWS_SECRET_ACCESS_KEY: ${{ secrets.STORE_SECRET_ACCESS_KEY }}
"""
_REMOTE_ENVIRONMENT: Final = "  RCLONE_CONFIG: /dev/shm/rclone.conf\n"
_REMOTE_SECRETS: Final = """\
        env:
          RCLONE_CONF: ${{ secrets.RCLONE_CONF }}
"""
_WRITE_CONF: Final = """\
          (umask 077 && printf '%s\\n' "$RCLONE_CONF" > "$RCLONE_CONFIG")
          trap 'rm -f "$RCLONE_CONFIG"' EXIT
"""
_HUB: Final = """\
        env:
          HF_OIDC_RESOURCE: datasets/@PUBLISH@
          HF_TOKEN: ${{ secrets.HF_TOKEN }}
"""
_PYTHON: Final = "3.12"


def workflow(plan: NightlyRun) -> str:
    """The workflow of a plan.

    Raises:
        UsageError: no store is named, or it is none that we can keep an archive in; or no wheel is.
    """
    remote, is_s3 = _remote(plan.store)
    wheel = _wheel_of_postkeep(plan.wheels)
    return fill(
        "workflow.yml",
        name=plan.name,
        minute=str(plan.minute),
        hour=str(plan.hour),
        store=json.dumps(remote),
        environment=fill("s3.env") if is_s3 else _REMOTE_ENVIRONMENT,
        secrets=_S3_SECRETS if is_s3 else _REMOTE_SECRETS,
        write_conf="" if is_s3 else _WRITE_CONF,
        hub=_HUB.replace("@PUBLISH@", plan.publish) if plan.publish else "",
        trust=fill("trust.sh") if plan.publish else "",
        permissions="\n  id-token: write # for the token of the Hub" if plan.publish else " {}",
        wheels="\n".join(f"    {each.sha256}  {each.name}" for each in plan.wheels),
        wheel=wheel.name,
        python=next((each.python for each in plan.wheels if each.python), _PYTHON),
        index='--no-index --find-links "$wheels" ' if len(plan.wheels) > 1 else "",
        publish=f" --publish {plan.publish}" if plan.publish else "",
        fresh=FRESH,
    )


def _wheel_of_postkeep(wheels: Sequence[Wheel]) -> Wheel:
    """Raise UsageError where there is none, or more than one."""
    ours = [each for each in wheels if each.is_postkeep]
    if len(ours) == 1:
        return ours[0]
    if ours:
        names = ", ".join(each.name for each in ours)
        raise UsageError(f"--wheel: there are several wheels of postkeep: {names}. Leave one of them.")
    raise UsageError(
        "A runner has no postkeep, so its wheel lies in the store beside the archive: make it (pip wheel --wheel-dir wheels "
        "postkeep, or of a checkout: pip wheel --wheel-dir wheels .), copy the folder wheels into the store, and name it here: "
        "--wheel wheels. A wheel alone will do: what it needs is then had from PyPI each night."
    )


def _remote(store: str | None) -> tuple[str, bool]:
    """The store as rclone addresses it, and whether it is S3 by its URL."""
    if store is None:
        raise UsageError(
            "A runner forgets its disk, so the archive needs a private store: --store s3://BUCKET/FOLDER, or a remote of "
            "your rclone.conf, --store REMOTE:FOLDER. Artifacts and caches are no place for it: others can read them."
        )
    if match := _S3.fullmatch(store):
        return f"store:{match['path']}", True
    if match := _REMOTE.fullmatch(store):
        return match["remote"], False
    raise UsageError(
        "--store: write it as s3://BUCKET/FOLDER, or as REMOTE:FOLDER, a remote of your rclone.conf, in letters, digits and "
        "-_. alone. Keys and passwords belong into the repository's secrets, not here."
    )
