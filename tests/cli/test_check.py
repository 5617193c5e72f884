"""``postkeep check`` on archives to which something happened."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import Ran, postkeep


def check(archive: Path, *options: str) -> Ran:
    return postkeep("check", *options, "--archive", archive, "--json")


def warc_of(archive: Path) -> Path:
    (path,) = (archive / "warc").iterdir()
    return path


def lose_the_index(archive: Path) -> None:
    for path in archive.glob("state.sqlite*"):
        path.unlink()


def ruin_the_index(archive: Path) -> None:
    lose_the_index(archive)
    (archive / "state.sqlite").write_bytes(b"this is no database" * 100)


def show_the_key(archive: Path) -> None:
    (archive / "pseudonym.key").chmod(0o644)


def tear_the_ledger(archive: Path) -> None:
    (path, *_) = (archive / "ledger").iterdir()
    with path.open("ab") as ledger:
        ledger.write(b'{"event": "ans')


def leave_a_file_open(archive: Path) -> None:
    warc = warc_of(archive)
    warc.rename(warc.with_name(warc.name + ".open"))


def flip_bytes(archive: Path) -> None:
    warc = warc_of(archive)
    content = bytearray(warc.read_bytes())
    for tenth in range(1, 10):
        content[len(content) * tenth // 10] ^= 0xFF
    warc.write_bytes(content)


def lose_the_warc(archive: Path) -> None:
    warc_of(archive).unlink()


Damage = Callable[[Path], None]


def test_a_whole_archive_is_0(crawled: Path) -> None:
    ran = check(crawled)
    assert (ran.exit_code, ran.outcomes) == (0, ["done"])
    assert "whole" in str(ran.reasons[0])


@pytest.mark.thorough
@pytest.mark.parametrize("damage", [lose_the_index, ruin_the_index, show_the_key, tear_the_ledger])
def test_what_can_be_mended_is_said_and_mended(damage: Damage, crawled: Path) -> None:
    damage(crawled)
    found = check(crawled)
    assert (found.exit_code, found.outcomes) == (1, ["failed"])
    assert "postkeep check --repair" in str(found.reasons[0])
    mended = check(crawled, "--repair")
    assert (mended.exit_code, mended.outcomes) == (0, ["done"])
    assert str(mended.reasons[0]).startswith("Mended: ")
    assert check(crawled).exit_code == 0
    assert postkeep("extract", "--archive", crawled, "--json").answer["counts"]["done"] == 3


@pytest.mark.thorough
@pytest.mark.parametrize("damage", [flip_bytes, lose_the_warc])
def test_what_is_lost_is_named_and_the_rest_goes_on(damage: Damage, crawled: Path, tmp_path: Path) -> None:
    warc = warc_of(crawled)
    damage(crawled)
    ran = check(crawled)
    assert ran.exit_code == 1
    assert any(warc.name in str(item["target"]) for item in ran.answer["items"])
    assert all("backup" in str(reason) for reason in ran.reasons)
    extracted = postkeep("extract", "--archive", crawled, "--json")
    assert extracted.exit_code == 1
    assert "failed" in extracted.outcomes
    assert check(crawled, "--repair").exit_code == 1
    assert postkeep("export", tmp_path / "dataset", "--archive", crawled).exit_code in {0, 1}


def test_each_remedy_is_said_once(crawled: Path) -> None:
    lose_the_index(crawled)
    assert str(check(crawled).reasons[0]).count("--repair") == 1


def test_a_look_changes_nothing(crawled: Path) -> None:
    flip_bytes(crawled)
    before = warc_of(crawled).read_bytes()
    check(crawled)
    assert warc_of(crawled).read_bytes() == before


def test_a_key_of_another_length_is_named_as_what_would_stop_every_reading(crawled: Path) -> None:
    (crawled / "pseudonym.key").write_bytes(b"k")
    ran = check(crawled, "--repair")
    assert ran.exit_code == 1
    (item,) = ran.answer["items"]
    assert Path(item["target"]).name == "pseudonym.key"
    assert "has 1 bytes instead of 32. Restore it from a backup" in item["reason"]
    assert (crawled / "pseudonym.key").read_bytes() == b"k"
