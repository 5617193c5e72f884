"""The posts as JSON lines (https://jsonlines.org): a post a line, with its thread, its metrics and its revisions in it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from scraper.dataset.features import projected_row
from scraper.dataset.layout import JSON_LINES
from scraper.dataset.threads import Answered, nested
from scraper.model.closable import Closable
from scraper.records.contract import Contract, Row
from scraper.records.history import PostRows

# Of a revision and of a metric what the place where they stand says already.
_OF_PLACE: Final = frozenset({"item_id", "item_type", "post_id"})


class JsonLines(Closable):
    """The file in ``folder``, while it is written; ``contract`` says which columns go into it."""

    def __init__(self, contract: Contract, folder: Path) -> None:
        self._columns = {config: contract.columns(config) for config in contract.configs}
        self._encode = msgspec.json.Encoder().encode
        self._file: BinaryIO = (folder / JSON_LINES).open("wb")

    def add(self, post: PostRows) -> None:
        """Write the next post."""
        revisions: dict[str, list[Row]] = {}
        for row in self._rows(post, "revisions"):
            revisions.setdefault(row["item_id"], []).append(row)

        def told(row: Row, answered: Answered) -> dict[str, Any]:
            return {
                **projected_row(row, self._columns["comments"]),
                "parent": answered,
                **self._listed("revisions", revisions.get(row["comment_id"], ())),
            }

        line = {
            **projected_row(post.post, self._columns["posts"]),
            "comments": nested(post.comments, told),
            **self._listed("metrics", self._rows(post, "metrics")),
            **self._listed("revisions", revisions.get(post.post["post_id"], ())),
        }
        self._file.write(self._encode(line) + b"\n")

    def finish(self) -> tuple[str, ...]:
        """Finish the file; there is nothing to remark."""
        self.close()
        return ()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _rows(self, post: PostRows, config: str) -> Sequence[Row]:
        return post.of(config) if config in self._columns else ()

    def _listed(self, config: str, rows: Sequence[Row]) -> dict[str, Any]:
        """The rows of a config under its name; nothing where the form has none."""
        if config not in self._columns:
            return {}
        columns = [column for column in self._columns[config] if column.name not in _OF_PLACE]
        return {config: [projected_row(row, columns) for row in rows]}
