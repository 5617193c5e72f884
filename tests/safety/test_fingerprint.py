"""When anything that decides how the archive reads changes, every record is read again."""

import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest

from scraper.reading.fingerprint import READING_ROOMS, reading_fingerprint
from scraper.records.cleaning import Policy
from scraper.settings import HostSettings, Settings
from tests.conftest import REPOSITORY

KEY = bytes(32)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package") / "scraper"
    return shutil.copytree(REPOSITORY / "scraper", folder, ignore=shutil.ignore_patterns("__pycache__"))


@pytest.mark.parametrize("room", READING_ROOMS)
def test_one_byte_in_a_reading_room_makes_another_fingerprint(room: str, package: Path) -> None:
    before = reading_fingerprint(Settings(), KEY, package)
    assert before == reading_fingerprint(Settings(), KEY)
    changed = max((package / room).rglob("*.py"))
    code = changed.read_bytes()
    changed.write_bytes(code + b"#")
    try:
        assert reading_fingerprint(Settings(), KEY, package) != before
    finally:
        changed.write_bytes(code)


def test_code_that_reads_nothing_makes_no_other_fingerprint(package: Path) -> None:
    before = reading_fingerprint(Settings(), KEY, package)
    (package / "cli" / "more.py").write_text("")
    assert reading_fingerprint(Settings(), KEY, package) == before


def test_the_key_and_the_settings_that_shape_readings_make_another_fingerprint() -> None:
    before = reading_fingerprint(Settings(), KEY)
    assert reading_fingerprint(Settings(), bytes(31) + b"1") != before
    others = {
        "names": replace(Settings(), names="named"),
        "scrub": replace(Settings(), scrub=("email",)),
        "license": replace(Settings(), license="cc-by-4.0"),
        "zone": replace(Settings(), host={"a.example": HostSettings(zone="Asia/Seoul")}),
    }
    assert others.keys() == Settings().shaping_readings.keys()
    assert before not in {reading_fingerprint(other, KEY) for other in others.values()}
    assert reading_fingerprint(replace(Settings(), contact="me@example.org"), KEY) == before


def test_who_reads_is_given_the_settings_that_make_another_fingerprint_and_no_others() -> None:
    given = {field.name.removesuffix("s") for field in fields(Policy)} - {"people", "forgotten"}
    assert given == {name.removesuffix("s") for name in Settings().shaping_readings}
