"""``postkeep schema migrate``: an old export brought forward to the schema of today."""

from importlib.resources.abc import Traversable
from pathlib import Path

from scraper import __version__
from scraper.dataset.migrate import Migrated, migrate
from scraper.model.outcome import Item, Report
from scraper.records.contract import CURRENT


def migrate_dataset(folder: Path, target: str = CURRENT, schemas: Traversable | None = None) -> Report:
    """Migrate a dataset folder in place; one item says what was done and what only a new extraction can fill.

    Raises:
        UsageError: no export wrote the folder, or no migration leads from its schema to ``target``.
        StopError: the disk refused; the folder is as it was.
    """
    done = migrate(folder, f"postkeep {__version__}", target, schemas)
    sentence = _sentence(done)
    changed = done.origin != done.target
    item = Item(str(folder), "done" if changed else "skipped", reason=sentence)
    return Report(
        items=(item,), outputs=(str(folder),) if changed else (), summary=(f"{folder}: {sentence}",)
    )


def _sentence(done: Migrated) -> str:
    sentence = f"It went from schema {done.origin} to {done.target}."
    if done.origin == done.target:
        sentence = f"It follows schema {done.target} already, so nothing was changed."
    if not done.lacking:
        return sentence
    return (
        f"{sentence} Only a new extraction can fill {', '.join(done.lacking)}: export again from the archive."
    )
