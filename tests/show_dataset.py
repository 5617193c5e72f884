"""Open a dataset folder with ``load_dataset`` and show its posts, each with its thread: ``python -m tests.show_dataset DIR``."""

import sys
from collections import defaultdict
from typing import Any, Final

from datasets import disable_progress_bars, load_dataset
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

_WIDTH: Final = 80
Row = dict[str, Any]


def main(folder: str) -> None:
    """Print each post with its comments, as they answer each other."""
    disable_progress_bars()
    posts = load_dataset(folder, "posts", split="train")
    comments = load_dataset(folder, "comments", split="train")
    answers: defaultdict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for comment in comments:
        answers[comment["post_id"], comment["parent_id"]].append(comment)
    console = Console(width=_WIDTH, highlight=False)
    console.print(
        f'load_dataset("{folder}", "posts"): {posts.num_rows} rows; "comments": {comments.num_rows}'
    )
    for post in posts:
        console.print()
        console.print(Text(f"{post['post_id']}  {post['title']}", style="bold"))
        console.print(Text(_fitted(post["text"], 2 * _WIDTH)))
        console.print(
            Text(
                f"{post['published_at']:%Y-%m-%d %H:%M} UTC · views {post['views']:,} · saves {post['saves']:,}",
                "dim",
            )
        )
        for line in _access(post):
            console.print(Text(line, style="yellow"))
        thread = Tree(
            Text(f"{post['comments_captured']} of {post['comments_declared']} comments"), guide_style="dim"
        )
        _grow(thread, post["post_id"], None, answers, _WIDTH - 4)
        console.print(thread)


def _access(post: Row) -> list[str]:
    """What a signed-out reader had of the post, and what of the page is no part of its text."""
    signs = [sign["detail"] for sign in post["access_evidence"] if sign["kind"] != "comments"]
    lines = [f"access: {post['access']}. {signs[0] if signs else ''}".rstrip()]
    if post["removed"]:
        words = " ".join(removed["text"] for removed in post["removed"])
        lines.append(_fitted(f"the gate, left out of the text: “{' '.join(words.split())}", _WIDTH - 1) + "”")
    return lines


def _grow(
    branch: Tree,
    post_id: str,
    parent: str | None,
    answers: dict[tuple[str, str | None], list[Row]],
    room: int,
) -> None:
    for comment in answers.get((post_id, parent), ()):
        author = (comment["author_id"] or "unknown")[:8]
        text = Text(f"{author}  ", style="cyan").append(_fitted(comment["text"], room - 10), style="default")
        if comment["status"] == "placeholder":
            text = Text("(deleted: only its place is left)", style="red")
        _grow(branch.add(text), post_id, comment["comment_id"], answers, room - 4)


def _fitted(text: str | None, cells: int) -> str:
    """``text`` on one line of at most so many cells."""
    line = " ".join((text or "").split())
    return line if cell_len(line) <= cells else f"{set_cell_size(line, cells - 1).rstrip()}…"


if __name__ == "__main__":
    main(sys.argv[1])
