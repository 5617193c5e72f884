"""The settings in force, each with where it comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, TypedDict

from scraper.settings import SETTINGS_FILE, Settings
from scraper.settings_file import setting_name

SettingSource = Literal["flag", "environment", "file", "default"]
Plain = str | int | float | bool | list[str] | None
_HOUR: Final = timedelta(hours=1)


class SettingData(TypedDict):
    """One setting: its name in postkeep.toml, its value, and the file or variable that it ``stands_in``."""

    name: str
    value: Plain
    source: SettingSource
    stands_in: str | None


def settings_in_force(archive: Path, settings: Settings, origins: Mapping[str, str]) -> list[SettingData]:
    """The archive, and every setting; ``origins`` are as ``origins_of`` gives them, that of ``archive`` among them."""
    named = [("archive", str(archive)), *_named(settings)]
    return [_setting(name, value, origins.get(name)) for name, value in named]


def _setting(name: str, value: object, origin: str | None) -> SettingData:
    source: SettingSource = "default"
    if origin is not None:
        is_flag, is_file = origin.startswith("--"), origin.endswith(SETTINGS_FILE)
        source = "flag" if is_flag else "file" if is_file else "environment"
    return {"name": name, "value": _plain(value), "source": source, "stands_in": origin}


def _named(settings: Settings) -> Iterator[tuple[str, object]]:
    """The settings by the names that they have in postkeep.toml; of a host those that are given."""
    for name, value in asdict(settings).items():
        if name == "host":
            continue
        if isinstance(value, dict):
            yield from ((f"{name}.{part}", given) for part, given in value.items())
        else:
            yield name, value
    for host, of_host in sorted(settings.host.items()):
        given = {part: value for part, value in asdict(of_host).items() if value is not None}
        yield from ((setting_name(part, host), value) for part, value in given.items())


def _plain(value: object) -> Plain:
    match value:
        case timedelta():
            hours = round(value / _HOUR)
            return f"{hours // 24}d" if hours % 24 == 0 else f"{hours}h"
        case tuple():
            return [str(each) for each in value]
        case str() | bool() | int() | float() | None:
            return value
        case _:
            return str(value)
