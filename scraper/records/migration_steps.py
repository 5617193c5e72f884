"""The migrations that lie in the schema folder: ``<version>/migration.json`` is the step that leads to a version."""

import json
from importlib.resources.abc import Traversable

from scraper.errors import UsageError
from scraper.records.contract import MIGRATION, schema_folder, schema_versions
from scraper.records.migration import Step, parse_step


def steps_between(origin: str, target: str, schemas: Traversable | None = None) -> tuple[Step, ...]:
    """The steps from one version to a later one, in order; none where they are the same.

    Raises:
        UsageError: there is no such way: a version is unknown, or ``target`` is the older one.
    """
    schemas = schemas or schema_folder()
    there = schema_versions(schemas)
    for version in (origin, target):
        if version not in there:
            message = (
                f"There is no schema version {version!r} here; this postkeep knows {', '.join(there)}. "
                f"A newer postkeep may know it."
            )
            raise UsageError(message)
    if there.index(origin) > there.index(target):
        raise UsageError(f"Schema {origin} is newer than {target}; rows are only brought forward.")
    versions = there[there.index(origin) + 1 : there.index(target) + 1]
    steps = tuple(_read(schemas / version / MIGRATION) for version in versions)
    previous = (origin, *versions)
    for step, before, after in zip(steps, previous, versions, strict=False):
        if (step.origin, step.target) != (before, after):
            raise ValueError(f"the migration of {after} leads from {step.origin} to {step.target}")
    return steps


def _read(path: Traversable) -> Step:
    return parse_step(json.loads(path.read_text(encoding="utf-8")))
