"""``make demo``: the main job from end to end, on a replica of Careerly that is served on loopback.

Runs the same commands a user would, then opens the dataset with ``load_dataset`` in a fresh process.
"""

import shutil
import subprocess
import sys
from typing import Final

from tests.commands import FAST_HOSTS, command_line, environment
from tests.conftest import REPOSITORY
from tests.replica.server import Replica

DEMO: Final = REPOSITORY / "build" / "demo"
TARGETS: Final = (
    "https://careerly.co.kr/comments/70991?utm_campaign=user-share",
    "https://careerly.co.kr/posts/73002",
)


def main() -> None:
    """Crawl, check, export, load, and say where it all lies."""
    shutil.rmtree(DEMO, ignore_errors=True)
    archive, dataset = str(DEMO / "archive"), str(DEMO / "dataset")
    with Replica() as replica:
        show("init", archive, "--contact", "demo@example.org")
        with (DEMO / "archive" / "postkeep.toml").open("a", encoding="utf-8") as settings:
            settings.write(FAST_HOSTS)
        show("crawl", *TARGETS, "--archive", archive, replica=replica)
    show("check", "--archive", archive)
    show("check", "--politeness", "--archive", archive)
    show("export", dataset, "--archive", archive)
    offline = {**environment(), "HF_HOME": str(DEMO / "hf"), "HF_HUB_OFFLINE": "1"}
    loader = [sys.executable, "-m", "tests.show_dataset", dataset]
    subprocess.run(loader, check=True, env=offline, cwd=REPOSITORY)
    place = DEMO.relative_to(REPOSITORY)
    print(
        f"\nThe archive lies in {place}/archive, the dataset in {place}/dataset; its card is README.md there."
    )


def show(*arguments: str, replica: Replica | None = None) -> None:
    """Run one command as a user would, and say which; how the replica is reached is left out."""
    print(f"\n$ postkeep {' '.join(arguments)}".replace(f"{REPOSITORY}/", ""), flush=True)
    subprocess.run(command_line(*arguments, replica=replica), check=True, env=environment())


if __name__ == "__main__":
    main()
