"""``make demo``: the main job from end to end, on a replica of Careerly that is served on loopback.

Runs the same commands a user would, then opens the dataset with ``load_dataset`` in a fresh process.
"""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.commands import command_line, environment
from tests.conftest import REPOSITORY
from tests.replica.content import SITE_HOST, load_community
from tests.replica.routes import Deployment, answer
from tests.replica.server import Replica

DEMO: Final = REPOSITORY / "build" / "demo"
# A post with a thread in which one answers another and one was deleted, and a saved page that breaks off at a prompt to sign up.
THREAD: Final = 71502
GATED: Final = 71710
# What of the thread there is room for.
_SHOWN: Final = frozenset({341001, 341002, 341010, 341011, 341016, 341017, 341018, 341022, 341023})
_NEXT: Final = """
All of it lies in build/demo/: the archive, the dataset, and its card (dataset/README.md).

Your own pages, with `. .venv/bin/activate` and three commands:
  postkeep crawl URL --contact you@example.org   # a post, thread, list, feed
  postkeep import saved-pages/                   # pages that you have
  postkeep export dataset                        # then load_dataset("dataset", "posts")\
"""


def main(folder: Path) -> None:
    """Crawl, check, export, load, and say where it all lies and how to go on."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(
        "A small community is served on this machine, and nobody else is asked.\nIt is visited as any site is, a page in two seconds.",
        flush=True,
    )
    with Replica(deployment()) as replica:
        url = f"https://{SITE_HOST}/posts/{THREAD}?utm_campaign=user-share"
        show(folder, "crawl", url, "--contact", "demo@example.org", replica=replica)
    save_page(folder / "saved-pages")
    show(folder, "import", "saved-pages/")
    show(folder, "check", "--politeness")
    show(folder, "export", "dataset")
    print(flush=True)
    offline = {
        **environment(),
        "HF_HOME": str(folder / "hf"),
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": str(REPOSITORY),
    }
    subprocess.run(
        [sys.executable, "-m", "tests.show_dataset", "dataset"], check=True, env=offline, cwd=folder
    )
    print(_NEXT)


def save_page(folder: Path) -> None:
    """The page as a browser would have saved it."""
    page = answer(deployment(), "GET", SITE_HOST, f"/comments/{GATED}", ()).body
    folder.mkdir()
    (folder / f"{GATED}.html").write_bytes(page)


def deployment() -> Deployment:
    """The replica, with the shortened thread."""
    community = load_community()
    posts = tuple(
        replace(post, comments=tuple(comment for comment in post.comments if comment.id in _SHOWN))
        if post.id == THREAD
        else post
        for post in community.posts
    )
    return Deployment(replace(community, posts=posts))


def show(folder: Path, *arguments: str, replica: Replica | None = None) -> None:
    """Run one command in ``folder`` as a user would, and say which; how the replica is reached is left out."""
    print(f"\n$ postkeep {' '.join(arguments)}", flush=True)
    subprocess.run(command_line(*arguments, replica=replica), check=True, env=environment(), cwd=folder)


if __name__ == "__main__":
    main(DEMO)
