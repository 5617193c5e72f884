"""The posts as a corpus of ConvoKit (https://convokit.cornell.edu/documentation/data_format.html): a post is a conversation.

Its files are ASCII, for ConvoKit opens them in whatever encoding the machine prefers. All columns are metadata: those of a
post of its conversation, those that comments have too of each utterance.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Final, TextIO

from scraper.dataset.features import projected_row
from scraper.dataset.layout import CONVERSATIONS, CORPUS, INDEX, SPEAKERS, UTTERANCES
from scraper.dataset.threads import Answered, answered, parents_of
from scraper.model.closable import Closable
from scraper.records.contract import Column, Contract, Row
from scraper.records.history import PostRows
from scraper.records.times import parse_time

# What an utterance says in fields of its own.
_IN_FIELDS: Final = frozenset({"comment_id", "post_id", "text"})
_CLASSES: Final[Mapping[str, type]] = {"string": str, "timestamp": str, "int64": int, "bool": bool}


class ConvoKitCorpus(Closable):
    """The corpus in ``folder``, while it is written; ``scratch`` is a folder for the speakers met so far."""

    def __init__(self, contract: Contract, folder: Path, scratch: Path) -> None:
        self._columns = {config: contract.columns(config) for config in contract.configs}
        self._in_utterances = _except(_IN_FIELDS, self._columns["comments"])
        self._in_conversations = _except({"text"}, self._columns["posts"])
        self._in_metrics = _except({"post_id"}, self._columns["metrics"])
        self._in_revisions = _except({"item_id", "item_type"}, self._columns.get("revisions", ()))
        self._folder = folder
        self._about = {"schema_version": contract.version, "schema_digest": contract.digest}
        self._conversations = 0
        with ExitStack() as opened:
            self._speakers = opened.enter_context(closing(sqlite3.connect(scratch / "speakers.sqlite")))
            self._speakers.execute("CREATE TABLE speakers (id TEXT PRIMARY KEY, meta TEXT) WITHOUT ROWID")
            self._utterance_file = opened.enter_context(_ascii(folder / UTTERANCES))
            self._conversation_file = opened.enter_context(_ascii(folder / CONVERSATIONS))
            self._opened = opened.pop_all()

    def add(self, post: PostRows) -> None:
        """Write the next post: its conversation, and an utterance for itself and for each comment."""
        post_id = post.post["post_id"]
        self._add_conversation(post_id, post)
        revisions: dict[str, list[dict[str, Any]]] = {}
        for row in post.of("revisions") if self._in_revisions else ():
            revisions.setdefault(row["item_id"], []).append(projected_row(row, self._in_revisions))
        parents = parents_of(post.comments)
        self._add_utterance(post.post, post.post, None, None, revisions)
        for row in post.of("comments"):
            parent = parents[row["comment_id"]]
            self._add_utterance(row, post.post, parent or post_id, answered(row, parent), revisions)

    def finish(self) -> tuple[str, ...]:
        """Finish the corpus; there is nothing to remark."""
        self._conversation_file.write("}\n" if self._conversations else "{}\n")
        with _ascii(self._folder / SPEAKERS) as file:
            lines = self._speakers.execute("SELECT id, meta FROM speakers ORDER BY id")
            entries = (f"{json.dumps(speaker)}: {meta}" for speaker, meta in lines)
            file.write("{")
            file.writelines(f"{',' if place else ''}\n{entry}" for place, entry in enumerate(entries))
            file.write("}\n")
        _write(self._folder / CORPUS, self._about)
        _write(self._folder / INDEX, self._index())
        self.close()
        return ()

    def close(self) -> None:
        """Let go of the files."""
        self._opened.close()

    def _add_conversation(self, post_id: str, post: PostRows) -> None:
        metrics = [projected_row(row, self._in_metrics) for row in post.metrics]
        meta = {**projected_row(post.post, self._in_conversations), "metrics": metrics}
        entry = f"{json.dumps(post_id)}: {json.dumps({'meta': meta, 'vectors': []})}"
        self._conversation_file.write((",\n" if self._conversations else "{\n") + entry)
        self._conversations += 1

    def _add_utterance(
        self,
        row: Row,
        post: Row,
        reply_to: str | None,
        parent: Answered | None,
        revisions: Mapping[str, list[dict[str, Any]]],
    ) -> None:
        """Write an utterance; a post answers nothing, and has no ``parent``."""
        utterance_id = row["comment_id"] if parent else row["post_id"]
        meta = {
            "item_type": "comment" if parent else "post",
            "parent": parent,
            **{column.name: row.get(column.name) for column in self._in_utterances},
        }
        meta |= projected_row(meta, self._in_utterances)
        if self._in_revisions:
            meta["revisions"] = revisions.get(utterance_id, [])
        fields = {
            "id": utterance_id,
            "conversation_id": post["post_id"],
            "text": (row["text"] or "") if self._has_text else "",
            "speaker": self._speaker(row, utterance_id, post["site"]),
            "meta": meta,
            "reply-to": reply_to,
            "timestamp": _seconds(row["published_at"]),
            "vectors": [],
        }
        self._utterance_file.write(json.dumps(fields) + "\n")

    @property
    def _has_text(self) -> bool:
        return any(column.name == "text" for column in self._columns["comments"])

    def _speaker(self, row: Row, utterance_id: str, site: str) -> str:
        """The id of who wrote an utterance; of one that nobody knows, somebody of its own."""
        known = row["author_id"] is not None
        speaker = row["author_id"] if known else f"unknown:{utterance_id}"
        meta: dict[str, Any] = {
            "known": known,
            "site": site,
            "author_id_basis": row["author_id_basis"],
        }
        if any(column.name == "author_name" for column in self._in_utterances):
            meta["author_name"] = row["author_name"]
        entry = (speaker, json.dumps({"meta": meta, "vectors": []}))
        self._speakers.execute("INSERT OR IGNORE INTO speakers VALUES (?, ?)", entry)
        return str(speaker)

    def _index(self) -> dict[str, Any]:
        """Of which class each metadata attribute is."""
        item = {"item_type": str, "parent": str} | ({"revisions": list} if self._in_revisions else {})
        speaker = {"known": bool, "site": str, "author_id_basis": str}
        if any(column.name == "author_name" for column in self._in_utterances):
            speaker["author_name"] = str
        return {
            "utterances-index": _classes(item | _column_classes(self._in_utterances)),
            "speakers-index": _classes(speaker),
            "conversations-index": _classes(_column_classes(self._in_conversations) | {"metrics": list}),
            "overall-index": _classes(dict.fromkeys(self._about, str)),
            "version": 1,
            "vectors": [],
        }


def _except(names: Iterable[str], columns: Iterable[Column]) -> tuple[Column, ...]:
    left_out = frozenset(names)
    return tuple(column for column in columns if column.name not in left_out)


def _seconds(time: str | None) -> int | float | None:
    """A time as rows carry it, in seconds since 1970."""
    if time is None:
        return None
    seconds = parse_time(time).timestamp()
    return int(seconds) if seconds.is_integer() else seconds


def _column_classes(columns: Iterable[Column]) -> dict[str, type]:
    return {column.name: list if column.is_list else _CLASSES[column.type] for column in columns}


def _classes(by_name: Mapping[str, type]) -> dict[str, list[str]]:
    return {name: [str(kind)] for name, kind in by_name.items()}


def _ascii(path: Path) -> TextIO:
    return path.open("w", encoding="ascii", newline="\n")


def _write(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="ascii", newline="\n")
