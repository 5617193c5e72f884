"""The last check before a release: every row is looked at on its way into a publication, and nothing goes out that must not.

What is looked for was taken out long before; this is for the day on which something upstream is broken. Names are not
kept anywhere to compare with: in a pseudonymous archive no name column may hold anything, and masking the URLs of a row
once more must change nothing.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from scraper.dataset.manifest import Manifest
from scraper.errors import DriftError, StopError
from scraper.page.flat import read_flattened
from scraper.page.gates import GateRule, find_gates
from scraper.records.contract import Column, Contract, Row
from scraper.records.history import PostRows
from scraper.records.masking import Mask
from scraper.records.people import Pseudonyms
from scraper.settings import NamePolicy

# The columns whose values a takedown can name; what belongs to a post or a comment goes and comes with it.
_NAMING: Final = {"posts": ("post_id", "author_id"), "comments": ("comment_id", "author_id")}
_SHOWN: Final = 5
_CHUNK: Final = 1 << 20
# The last characters of padded base64 depend on what follows, so they are not looked for.
_BASE64_DIGITS: Final = 42


@dataclass
class ReleaseCheck:
    """What a publication is held against while its rows pass by; what is wrong stops it once it is to go out.

    ``contract`` is that of the form that is published, ``key`` the archive's pseudonym key, ``rules`` the sites' prompts.
    ``forgotten`` are the digests of takedowns that the Hub honours and this archive does not know; ``former_ids`` gives for an id
    those that readers before this one gave the same.
    """

    contract: Contract
    key: bytes = field(repr=False)
    names: NamePolicy
    rules: tuple[GateRule, ...]
    forgotten: frozenset[str] = frozenset()
    former_ids: Callable[[str], frozenset[str]] = lambda _: frozenset()
    _fault: str | None = None
    _returned: set[str] = field(default_factory=set)

    def posts(self, outgoing: Iterable[PostRows]) -> Iterator[PostRows]:
        """The posts as they come, each looked at. Rows are taken to keep the contract."""
        for post in outgoing:
            for config in self.contract.configs:
                for row in post.of(config):
                    self._see(config, row)
            yield post

    def require_clear(self, repo: str, folder: Path) -> None:
        """See to it that the posts that passed may go out to ``repo``, in the files of ``folder``.

        A publication says in its manifest, by keyed digests, which takedowns it honours: so what was taken down does not
        come back from an archive that has lost the decision, restored from an older backup, say.

        Raises:
            StopError: something must not go out; the message names the row and what is wrong, never the secret itself.
        """
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            self._require_no_key(path, path.relative_to(folder).as_posix())
        if self._fault is not None:
            raise StopError(self._fault)
        if self._returned:
            returned = sorted(self._returned)
            shown = ", ".join(returned[:_SHOWN]) + (
                f" and {len(returned) - _SHOWN} more" if len(returned) > _SHOWN else ""
            )
            raise StopError(
                f"{repo} on the Hub honours takedowns that this archive does not know, and this publication would bring "
                f"back what they took down: {shown}. Nothing was published. Is the archive an older copy? Take down each of "
                f"them here too (postkeep forget ID --reason ...), then publish again."
            )

    def _see(self, config: str, row: Row) -> None:
        if self._fault is None and (problem := self._problem(row, self.contract.columns(config))):
            self._fault = (
                f"The row {_named(row)} of {config} {problem}, so nothing was published. "
                f"Run `postkeep extract` and publish again; if this comes back, please report it."
            )
        if self.forgotten:
            subjects = {row[name] for name in _NAMING.get(config, ()) if row[name] is not None}
            self._returned |= {each for each in subjects if self._is_forgotten(each)}

    def _is_forgotten(self, subject: str) -> bool:
        people = Pseudonyms(self.key)
        return any(people.takedown(each) in self.forgotten for each in (subject, *self.former_ids(subject)))

    def _problem(self, row: Row, columns: Sequence[Column]) -> str | None:
        text = "\n".join(_strings(row, columns))
        if any(form in text for form in self._key_forms):
            return "holds the pseudonym key"
        present = {column.name for column in columns}
        if self.names == "pseudonymous":
            if "author_name" in present and row["author_name"] is not None:
                return "holds a name in author_name"
            if self._mask.urls(text) != text:
                return "holds a URL that names a person"
        written = row["text"] if "text" in present else None
        rule = next((rule for rule in self.rules if ends_in_prompt(written, rule)), None)
        return f"ends in a sign-up prompt ({rule.name})" if rule else None

    def _require_no_key(self, path: Path, name: str) -> None:
        forms = (self.key, *(form.encode() for form in self._key_forms))
        before = b""
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                window = before + chunk
                if any(form in window for form in forms):
                    raise StopError(
                        f"The file {name} holds the pseudonym key, so nothing was published. Please report it."
                    )
                before = chunk[-2 * len(self.key) :]

    @cached_property
    def _mask(self) -> Mask:
        return Mask(Pseudonyms(self.key), "", "", {})

    @cached_property
    def _key_forms(self) -> tuple[str, ...]:
        plain, safe = base64.b64encode(self.key).decode(), base64.urlsafe_b64encode(self.key).decode()
        return (self.key.hex(), self.key.hex().upper(), plain[:_BASE64_DIGITS], safe[:_BASE64_DIGITS])


def ends_in_prompt(text: str | None, rule: GateRule) -> bool:
    """Whether a text has a prompt where a gate has it: as its last blocks, or with its buttons. Quoting one is no prompt."""
    if not text:
        return False
    blocks = read_flattened(text).blocks
    return any(gate.offered or gate.end == len(blocks) for gate in find_gates(blocks, rule))


def require_no_fall(before: Manifest, after: Manifest, largest: float) -> None:
    """See to it that no table has lost more than the share ``largest`` of its published rows.

    Raises:
        DriftError: one has.
    """
    for name, config in before.configs.items():
        now = after.configs[name].rows if name in after.configs else 0
        if name in after.configs and config.rows and (config.rows - now) / config.rows > largest:
            raise DriftError(
                f"{name} would fall from {config.rows:,} published rows to {now:,}, which is more than the share of "
                f"{largest:.0%} that the settings allow, so nothing was published. Look for the reason "
                f"(postkeep extract lists what is rejected); if it is right, raise largest_fall in [publish] for once."
            )


def only_removes(before: Manifest, after: Manifest) -> bool:
    """Whether a publication honours new takedowns and has more rows in no table."""
    return after.takedowns > before.takedowns and all(
        config.rows <= before.configs[name].rows if name in before.configs else not config.rows
        for name, config in after.configs.items()
    )


def _strings(row: Row, columns: Sequence[Column]) -> Iterator[str]:
    """Every text in the columns of a row, those of their fields among them."""
    for column in columns:
        value = row[column.name]
        values = (value or ()) if column.is_list else (value,)
        if column.fields:
            for each in values:
                yield from _strings(each, column.fields)
        elif column.type in {"string", "timestamp"}:
            yield from (each for each in values if each is not None)


def _named(row: Row) -> str:
    name: str = row.get("comment_id") or row.get("item_id") or row["post_id"]
    return name
