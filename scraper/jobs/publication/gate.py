"""The last gate: the finished files are read again, and nothing goes out that must not.

What is looked for was taken out long before; this is for the day on which something upstream is broken. Names are not
kept anywhere to compare with: in a pseudonymous archive no name column may hold anything, and masking the URLs of a row
once more must change nothing.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scraper.dataset.manifest import Manifest
from scraper.dataset.read import open_export
from scraper.errors import DriftError, StopError
from scraper.page.flat import read_flattened
from scraper.page.gates import GateRule, find_gates
from scraper.records.contract import Contract, Row
from scraper.records.masking import Mask
from scraper.records.people import Pseudonyms
from scraper.settings import NamePolicy

# The columns whose values a takedown can name; what belongs to a post or a comment goes and comes with it.
_NAMING: Final = {"posts": ("post_id", "author_id"), "comments": ("comment_id", "author_id")}
_SHOWN: Final = 5
_CHUNK: Final = 1 << 20
# The last characters of padded base64 depend on what follows, so they are not looked for.
_BASE64_DIGITS: Final = 42


@dataclass(frozen=True, slots=True)
class Gate:
    """What a publication is held against. ``key`` is the archive's pseudonym key, ``rules`` the sites' prompts."""

    contract: Contract
    key: bytes = field(repr=False)
    names: NamePolicy
    rules: tuple[GateRule, ...]

    def inspect(self, folder: Path) -> None:
        """Read every file of a dataset folder.

        Raises:
            StopError: something must not go out; the message names the row and what is wrong, never the secret itself.
        """
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            self._require_no_key(path, path.relative_to(folder).as_posix())
        export = open_export(folder)
        mask = Mask(Pseudonyms(self.key), "", "", {})
        contract = self.contract if export.manifest.with_text else self.contract.without_content()
        for config in export.manifest.configs:
            for row in export.rows(config):
                problem = self._problem(config, row, mask, contract)
                if problem is not None:
                    raise StopError(
                        f"The row {_named(row)} of {config} {problem}, so nothing was published. "
                        f"Run `postkeep extract` and publish again; if this comes back, please report it."
                    )

    def _problem(self, config: str, row: Row, mask: Mask, contract: Contract) -> str | None:
        text = "\n".join(_strings(row))
        if any(form in text for form in self._key_forms()):
            return "holds the pseudonym key"
        if self.names == "pseudonymous":
            if row.get("author_name") is not None:
                return "holds a name in author_name"
            if mask.urls(text) != text:
                return "holds a URL that names a person"
        problems = contract.problems(config, row)
        if problems:
            return f"breaks the schema ({' '.join(problems)})"
        rule = next((rule for rule in self.rules if ends_in_prompt(row.get("text"), rule)), None)
        return f"ends in a sign-up prompt ({rule.name})" if rule else None

    def _require_no_key(self, path: Path, name: str) -> None:
        forms = (self.key, *(form.encode() for form in self._key_forms()))
        before = b""
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                window = before + chunk
                if any(form in window for form in forms):
                    raise StopError(
                        f"The file {name} holds the pseudonym key, so nothing was published. Please report it."
                    )
                before = chunk[-2 * len(self.key) :]

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


def require_honoured(repo: str, folder: Path, people: Pseudonyms, forgotten: frozenset[str]) -> None:
    """See to it that the dataset in ``folder`` has nothing of the takedowns whose digests are ``forgotten``.

    A publication says in its manifest, by keyed digests, which takedowns it honours: so what was taken down does not come
    back from an archive that has lost the decision, restored from an older backup, say.

    Raises:
        StopError: it has.
    """
    if not forgotten:
        return
    returned = sorted({subject for subject in _subjects(folder) if people.takedown(subject) in forgotten})
    if returned:
        shown = ", ".join(returned[:_SHOWN]) + (
            f" and {len(returned) - _SHOWN} more" if len(returned) > _SHOWN else ""
        )
        raise StopError(
            f"{repo} on the Hub honours takedowns that this archive does not know, and this publication would bring "
            f"back what they took down: {shown}. Nothing was published. Is the archive an older copy? Take down each of "
            f"them here too (postkeep forget ID --reason ...), then publish again."
        )


def _subjects(folder: Path) -> Iterator[str]:
    export = open_export(folder)
    for config, names in _NAMING.items():
        for row in export.rows(config):
            yield from (row[name] for name in names if row[name] is not None)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _named(row: Row) -> str:
    name: str = row.get("comment_id") or row.get("item_id") or row["post_id"]
    return name
