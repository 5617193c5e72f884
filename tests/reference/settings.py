"""docs/settings.md: every key of postkeep.toml, the variable that overrules it, and its default."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import timedelta

from scraper.settings import (
    ENVIRONMENT_PREFIX,
    SETTINGS_FILE,
    HostSettings,
    PublishSettings,
    RefreshSettings,
    Settings,
)
from scraper.settings_table import HOST, PUBLISH, REFRESH, TOP, Setting
from tests.reference.markdown import WRITTEN, code, table

_HEAD = ("setting", "what it means", "example", "default")


def page() -> str:
    """The page, as Markdown."""
    return f"""\
{WRITTEN}# Every setting

Settings stand in `{SETTINGS_FILE}` in the archive's folder; `postkeep init` writes one with all of them. A flag wins over a variable, a variable
over the file. `postkeep status` lists the settings in force, and where each comes from.

## Of the archive

Each has a variable of its name, `{ENVIRONMENT_PREFIX}CONTACT` for `contact`; a list is written there with commas, URLs with spaces between them.

{table(_HEAD, _rows(TOP, Settings))}
## `[refresh]`: how often a post is looked at again, and what one run may cost

{table(_HEAD, _rows(REFRESH, RefreshSettings))}
## `[publish]`: when and how far a publication may go without anyone looking

{table(_HEAD, _rows(PUBLISH, PublishSettings))}
## `[host."example.org"]`: what you know about one host

{table(_HEAD, _rows(HOST, HostSettings))}"""


def _rows(settings: Mapping[str, Setting], holder: type) -> Iterator[tuple[str, ...]]:
    defaults = {field.name: field for field in fields(holder)}
    for key, setting in settings.items():
        yield (
            code(key),
            f"{setting.meaning} It {setting.kind.expected}.",
            code(setting.example),
            _default(defaults[key]),
        )


def _default(field: Field[object]) -> str:
    value = field.default_factory() if field.default_factory is not MISSING else field.default
    match value:
        case None | ():
            return "none"
        case bool():
            return code(str(value).lower())
        case timedelta():
            hours = int(value.total_seconds()) // 3600
            return code(f'"{hours}h"' if hours < 48 else f'"{value.days}d"')
        case tuple():
            return code("[" + ", ".join(f'"{part}"' for part in value) + "]")
        case str():
            return code(f'"{value}"')
        case _:
            return code(str(value))
