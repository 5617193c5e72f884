"""What changed between two exports, read from their manifests, as sentences for the card's changelog."""

from collections.abc import Iterator

from scraper.dataset.manifest import ConfigEntry, Manifest


def changes_between(old: Manifest, new: Manifest) -> tuple[str, ...]:
    """The changes from ``old`` to ``new``, most important first; empty where no file changed."""
    return tuple(_changes(old, new))


def _changes(old: Manifest, new: Manifest) -> Iterator[str]:
    if old.schema_version != new.schema_version:
        yield f"The schema went from {old.schema_version} to {new.schema_version}."
    elif old.schema_digest != new.schema_digest:
        yield f"Schema {new.schema_version}, a draft until then, changed."
    if old.with_text != new.with_text:
        yield (
            "The texts were added."
            if new.with_text
            else "The texts were left out: this is the form without text."
        )
    if taken := len(new.takedowns) - len(old.takedowns):
        yield f"Takedowns that are honoured: {len(new.takedowns):,} ({taken:+,})."
    for name in dict.fromkeys((*new.configs, *old.configs)):
        yield from _of_config(name, old.configs.get(name), new.configs.get(name))


def _of_config(name: str, old: ConfigEntry | None, new: ConfigEntry | None) -> Iterator[str]:
    if new is None or old is None:
        yield f"`{name}` was {'added' if old is None else 'left out'}."
    elif old.digest != new.digest:
        rows = f"{old.rows:,} → {new.rows:,} rows" if old.rows != new.rows else f"{new.rows:,} rows as before"
        anew = sum(old.files.get(path) != entry for path, entry in new.files.items())
        only = "; only counts moved" if old.steady_digest == new.steady_digest else ""
        yield f"`{name}`: {rows}, {anew:,} of {len(new.files):,} files new or changed{only}."
