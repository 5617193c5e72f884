"""An export of an older schema brought forward in place, without its archive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path

from scraper.dataset.context import Migration, Publication, PublishedVersion
from scraper.dataset.export import Form, export
from scraper.dataset.manifest import Manifest
from scraper.dataset.read import FolderRows, by_post, open_export
from scraper.errors import StopError, UsageError
from scraper.records.contract import Contract, Row
from scraper.records.history import PostRows
from scraper.records.migration import Step, lacking, migrated, steps_between


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
    contract = Contract.load(target, schemas)
    held = contract if manifest.with_text else contract.without_content()
    left = _held_by(held, lacking(steps, before.lacking if before else ()))
    if not steps:
        return Migrated(origin, target, left)
    migration = Migration(before.origin if before else origin, left)
    publication = _moved_on(manifest, migration.origin, target)
    card = replace(manifest.card, software=software, migration=migration, publication=publication)
    posts = _migrated_posts(source, steps, contract, held)
    export(posts, folder, contract=contract, card=card, form=Form(with_text=manifest.with_text))
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


def _held_by(contract: Contract, paths: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns, as ``posts.column``, that the contract has."""
    columns = {
        f"{config}.{column.name}" for config in contract.configs for column in contract.columns(config)
    }
    return tuple(path for path in paths if ".".join(path.split(".")[:2]) in columns)


def _migrated_posts(
    source: FolderRows, steps: Sequence[Step], contract: Contract, held: Contract
) -> Iterator[PostRows]:
    """The posts of an export after the steps, each row checked by ``held``: the contract in the form that the export has."""
    return by_post(
        {
            name: _migrated_rows(name, source, steps, contract, held)
            for name in contract.configs
            if name in source.manifest.configs
        }
    )


def _migrated_rows(
    config: str, source: FolderRows, steps: Sequence[Step], contract: Contract, held: Contract
) -> Iterator[Row]:
    # An export takes whole rows, whatever its form leaves out; a step may add what it leaves out.
    nothing: Row = {column.name: None for column in contract.columns(config)}
    left_out = nothing.keys() - {column.name for column in held.columns(config)}
    for old in source.rows(config):
        row = {name: value for name, value in migrated(config, old, steps).items() if name not in left_out}
        if problems := held.problems(config, row):
            raise StopError(
                f"Migrated to schema {contract.version}, a row of {config} breaks it, so nothing was changed: "
                f"{' '.join(problems)} Export the dataset again from its archive."
            )
        yield {**nothing, **row}
