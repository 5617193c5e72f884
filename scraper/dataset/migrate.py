"""An export of an older schema brought forward in place, without its archive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from scraper.dataset.context import Migration, Publication, PublishedVersion
from scraper.dataset.export import Form, export
from scraper.dataset.manifest import Manifest
from scraper.dataset.read import FolderRows, open_export
from scraper.errors import StopError, UsageError
from scraper.records.contract import Contract, Row
from scraper.records.migration import Step, lacking, migrated
from scraper.records.migration_steps import steps_between


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a migration did. ``lacking`` names the columns, as ``posts.column``, that only a new extraction can fill.

    Where ``origin`` is ``target`` nothing was touched.
    """

    origin: str
    target: str
    lacking: tuple[str, ...]


def migrate(folder: Path, software: str, target: str, schemas: Traversable | None = None) -> Migrated:
    """Bring a dataset folder forward to the schema version ``target``, replacing it in one step.

    ``software`` is what the new files say wrote them; ``schemas`` the folder of all schema versions.

    Raises:
        UsageError: no export wrote the folder, it was changed since, or no steps lead from its version to ``target``.
        StopError: the migrated rows break the schema, or the disk refused. The folder is as it was.
    """
    source = open_export(folder)
    manifest = source.manifest
    origin = manifest.schema_version
    steps = steps_between(origin, target, schemas)
    _refuse_other_draft(source, Contract.load(origin, schemas))
    before = manifest.card.migration
    left = lacking(steps, before.lacking if before else ())
    if not steps:
        return Migrated(origin, target, left)
    migration = Migration(before.origin if before else origin, left)
    publication = _moved_on(manifest, migration.origin, target)
    card = replace(manifest.card, software=software, migration=migration, publication=publication)
    contract = Contract.load(target, schemas)
    rows = _MigratedRows(source, steps, contract)
    export(rows, folder, contract=contract, card=card, form=Form(with_text=manifest.with_text))
    return Migrated(origin, target, left)


def _moved_on(old: Manifest, origin: str, target: str) -> Publication:
    """Where the migrated folder stands: it has no tag of its own, and what had one is now an earlier version."""
    published = old.card.publication
    versions = published.versions
    if published.tag is not None:
        rows = {name: entry.rows for name, entry in old.configs.items() if entry.rows}
        versions = (PublishedVersion(published.tag, old.schema_version, rows), *versions)
    changes = (f"The schema went from {origin} to {target}; the rows are the same.",) if versions else ()
    return Publication(None, versions, changes)


def _refuse_other_draft(source: FolderRows, contract: Contract) -> None:
    if source.manifest.schema_digest != contract.digest:
        message = (
            f"{source.folder} was exported under another draft of schema {contract.version}, to which no migration "
            f"leads back. Export the dataset again from its archive."
        )
        raise UsageError(message)


@dataclass(frozen=True, slots=True)
class _MigratedRows:
    """The rows of an export after the steps, each held against the contract that it then has to keep."""

    source: FolderRows
    steps: Sequence[Step]
    contract: Contract

    def rows(self, config: str) -> Iterator[Row]:
        with_text = self.source.manifest.with_text
        formed = self.contract if with_text else self.contract.without_content()
        # An export takes whole rows, whatever its form leaves out.
        nothing: dict[str, Any] = {column.name: None for column in self.contract.columns(config)}
        for old in self.source.rows(config):
            row = migrated(config, old, self.steps)
            if problems := formed.problems(config, row):
                message = (
                    f"Migrated to schema {self.contract.version}, a row of {config} breaks it, so nothing was changed: "
                    f"{' '.join(problems)} Export the dataset again from its archive."
                )
                raise StopError(message)
            yield nothing | row
