"""The job as a workflow of GitHub Actions, with the archive in private storage of the owner's own.

A runner's disk is gone after each run, and artifacts and caches are no place for an archive: they can be read by whoever
can read the repository, and they expire. rclone speaks to S3 and to some seventy other stores, and checks what it copied.
"""

import json
import re
from typing import Final

from scraper.errors import UsageError
from scraper.jobs.schedule.plan import FRESH, Plan

_S3: Final = re.compile(r"s3://(?P<path>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9_.-]+)*)/?")
# A remote of rclone.conf and a path on it; a connection string, which could hold a secret, is none.
_REMOTE: Final = re.compile(r"(?P<remote>[A-Za-z0-9_][A-Za-z0-9_-]+:[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)/?")

_S3_ENVIRONMENT: Final = """\
  RCLONE_CONFIG_STORE_TYPE: s3
  RCLONE_CONFIG_STORE_ACL: private
  RCLONE_CONFIG_STORE_ENV_AUTH: "true"
  RCLONE_CONFIG_STORE_NO_CHECK_BUCKET: "true"
  # Variables of the repository; leave them unset for Amazon's own S3 in us-east-1.
  RCLONE_CONFIG_STORE_PROVIDER: ${{ vars.S3_PROVIDER || 'AWS' }}
  RCLONE_CONFIG_STORE_REGION: ${{ vars.S3_REGION }}
  RCLONE_CONFIG_STORE_ENDPOINT: ${{ vars.S3_ENDPOINT }}
"""
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
          HF_TOKEN: ${{ secrets.HF_TOKEN }}
"""

_WORKFLOW: Final = """\
# Keeps an archive of postkeep fresh. It stands in a private copy of postkeep's own repository, and the archive in a private
# store. Nothing of it goes into artifacts, caches or this log: what a run says is kept in the store, under log/.
name: @NAME@
on:
  schedule:
    - cron: "@MINUTE@ @HOUR@ * * *" # in UTC
  workflow_dispatch:
permissions:
  contents: read
# One run at a time; the one at work is never cancelled.
concurrency:
  group: @NAME@
  cancel-in-progress: false
env:
  STORE: @STORE@
@ENVIRONMENT@jobs:
  refresh:
    runs-on: ubuntu-24.04
    timeout-minutes: 350
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.12"
      - name: Install postkeep and rclone
        run: |
          set -euo pipefail
          sudo apt-get update -qq
          sudo apt-get install -qq rclone > /dev/null
          python -m pip install --quiet --constraint constraints.txt .
      - name: Restore
        id: restore
@SECRETS@        run: |
          set -euo pipefail
@WRITE_CONF@          archive="$RUNNER_TEMP/archive"
          rclone copy "$STORE/warc" "$archive/warc"
          rclone copy "$STORE/kept" "$archive"
          if [ ! -f "$archive/postkeep.toml" ]; then
            echo "The store holds no archive. Bring yours there first, as docs/unattended.md shows." >&2
            exit 1
          fi
          rm -f "$archive/backup.json"
          rclone check --one-way "$STORE/warc" "$archive/warc"
          # Indexes what was stored after the state was, and stops here where anything is lost.
          postkeep check --repair --archive "$archive" --json > "$RUNNER_TEMP/restored.json"
      - name: Refresh
@HUB@        run: |
          set -euo pipefail
          code=0
          timeout --preserve-status --signal=INT --kill-after=10m 300m \\
            postkeep refresh --archive "$RUNNER_TEMP/archive" --log-format json@PUBLISH@ \\
            > /dev/null 2> "$RUNNER_TEMP/refresh.jsonl" || code=$?
          echo "postkeep refresh ended with exit code $code"
          # 1: some posts failed, and are tried again another night. 130: its time was up, and the next run goes on.
          case $code in 0|1|130) ;; *) exit "$code" ;; esac
      - name: Save
        if: always() && steps.restore.outcome == 'success'
@SECRETS@        run: |
          set -euo pipefail
@WRITE_CONF@          archive="$RUNNER_TEMP/archive"
          warc=(--include 'postkeep-*.warc.gz')
          if [ -f "$RUNNER_TEMP/refresh.jsonl" ]; then
            rclone copyto "$RUNNER_TEMP/refresh.jsonl" "$STORE/log/$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT.jsonl"
          fi
          # Closes the file that a run which was cut off left open.
          if ! postkeep check --repair --archive "$archive" --json > "$RUNNER_TEMP/saved.json"; then
            rclone copy --ignore-existing "${warc[@]}" "$archive/warc" "$STORE/warc"
            echo "The archive came to harm in this run. What was new is in the store, what was there is as it was." >&2
            exit 1
          fi
          postkeep backup "$RUNNER_TEMP/kept" --archive "$archive" --json > /dev/null
          # Captures first: cut off anywhere, the state in the store speaks of nothing that is not there.
          rclone copy "${warc[@]}" "$archive/warc" "$STORE/warc"
          rclone check --one-way "${warc[@]}" "$archive/warc" "$STORE/warc"
          rclone copy "$RUNNER_TEMP/kept" "$STORE/kept"
          rclone check --one-way "$RUNNER_TEMP/kept" "$STORE/kept"
          # What a takedown removed leaves the store last, now that all else is safe there.
          rclone sync "${warc[@]}" "$archive/warc" "$STORE/warc"
      - name: Is it alive?
        if: always() && steps.restore.outcome == 'success'
        run: postkeep check --fresh @FRESH@ --archive "$RUNNER_TEMP/archive"
"""


def workflow(plan: Plan) -> str:
    """The workflow of a plan.

    Raises:
        UsageError: no store is named, or it is none that we can keep an archive in.
    """
    remote, is_s3 = _remote(plan.store)
    values = {
        "NAME": plan.name,
        "MINUTE": str(plan.minute),
        "HOUR": str(plan.hour),
        "STORE": json.dumps(remote),
        "ENVIRONMENT": _S3_ENVIRONMENT if is_s3 else _REMOTE_ENVIRONMENT,
        "SECRETS": _S3_SECRETS if is_s3 else _REMOTE_SECRETS,
        "WRITE_CONF": "" if is_s3 else _WRITE_CONF,
        "HUB": _HUB if plan.publish else "",
        "PUBLISH": f" --publish {plan.publish}" if plan.publish else "",
        "FRESH": FRESH,
    }
    return re.sub(r"@([A-Z_]+)@", lambda match: values[match[1]], _WORKFLOW)


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
