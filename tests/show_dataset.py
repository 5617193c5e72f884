"""Open a dataset folder with ``load_dataset`` and show its posts and comments: ``python -m tests.show_dataset DIR``."""

import sys

from datasets import disable_progress_bars, load_dataset
from rich.console import Console
from rich.panel import Panel
from rich.table import Table


def main(folder: str) -> None:
    """Print each post with its comments."""
    disable_progress_bars()
    posts = load_dataset(folder, "posts", split="train")
    comments = load_dataset(folder, "comments", split="train")
    console = Console(width=110)
    console.print(
        f'\nload_dataset("{folder}", "posts"): {posts.num_rows} rows; "comments": {comments.num_rows} rows\n'
    )
    for post in posts:
        facts = f"{post['published_at']:%Y-%m-%d %H:%M} UTC · views {post['views']} · saves {post['saves']} · access {post['access']}"
        console.print(
            Panel(
                f"{shortened(post['text'])}\n\n[dim]{facts}[/dim]",
                title=f"{post['post_id']}  {post['title']}",
            )
        )
        table = Table(
            "position",
            "author",
            "text",
            title=f"comments: {post['comments_captured']} of {post['comments_declared']}",
        )
        for comment in comments:
            if comment["post_id"] == post["post_id"]:
                table.add_row(
                    str(comment["position"]), (comment["author_id"] or "")[:8], shortened(comment["text"])
                )
        console.print(table)


def shortened(text: str | None) -> str:
    """At most 160 characters, on one line."""
    line = " ".join((text or "").split())
    return line if len(line) <= 160 else line[:159] + "…"


if __name__ == "__main__":
    main(sys.argv[1])
