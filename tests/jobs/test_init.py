"""``postkeep init``: a new archive, and the contact of one that is there."""

import stat
from pathlib import Path

import pytest

from scraper.errors import ArchiveDamagedError, UsageError
from scraper.jobs.init import init
from scraper.records.people import load_or_create_key
from scraper.settings_file import load_settings


def contact_of(folder: Path) -> str | None:
    return load_settings(folder, {}).contact


def test_without_a_contact_it_says_that_one_comes_next(tmp_path: Path) -> None:
    (item,) = init(tmp_path / "kept", None).items
    assert f"postkeep init {tmp_path / 'kept'} --contact" in (item.reason or "")
    (item,) = init(tmp_path / "kept", "me@example.org").items
    assert (item.reason, contact_of(tmp_path / "kept")) == (None, "me@example.org")


@pytest.mark.parametrize(
    "settings",
    [
        'contact = "old@example.org"\ntitle = "기록"\n',
        "contact = 'old@example.org'  # mine\n",
        '\ufefftitle = "기록"\n# contact = "you@example.org"\n[host."a.kr"]\ndelay = 3\n',
        'title = "contact = 7"\n',
        '[host."a.kr"]\nreason = "contact = me"\n',
        "",
    ],
)
def test_a_second_contact_takes_the_place_of_the_first_and_nothing_else_changes(
    tmp_path: Path, settings: str
) -> None:
    path = tmp_path / "postkeep.toml"
    path.write_text(settings, encoding="utf-8")
    before = load_settings(tmp_path, {})
    init(tmp_path, "new@example.org")
    after = load_settings(tmp_path, {})
    assert after.contact == "new@example.org"
    assert (after.title, after.host) == (before.title, before.host)


def test_settings_that_are_there_are_not_written_over(tmp_path: Path) -> None:
    init(tmp_path, "me@example.org")
    with pytest.raises(UsageError, match="is there already"):
        init(tmp_path, None)
    (tmp_path / "postkeep.toml").write_text("contact = ")
    with pytest.raises(UsageError, match="line 1"):
        init(tmp_path, "me@example.org")
    assert (tmp_path / "postkeep.toml").read_text() == "contact = "


def test_a_folder_that_cannot_be_made_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"cannot be written: Not a directory\. Choose another folder"):
        init(tmp_path / "file" / "kept", "me@example.org")


def key_at(folder: Path) -> bytes:
    path = folder / "pseudonym.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_bytes()


def test_shards_share_a_key_before_any_of_them_was_at_work_and_nothing_else(tmp_path: Path) -> None:
    init(tmp_path / "one", "me@example.org")
    (item,) = init(tmp_path / "two", None, tmp_path / "one").items
    assert key_at(tmp_path / "one") == key_at(tmp_path / "two")
    assert contact_of(tmp_path / "two") is None
    assert "shares the pseudonym key" in (item.reason or "")
    assert key_at(tmp_path / "one").hex() not in repr(item)
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == ["postkeep.toml", "pseudonym.key"]
    settings = (tmp_path / "two" / "postkeep.toml").read_bytes()
    (again,) = init(tmp_path / "two", None, tmp_path / "one").items
    assert (again.outcome, (tmp_path / "two" / "postkeep.toml").read_bytes()) == ("done", settings)
    init(tmp_path / "two", "you@example.org", tmp_path / "one")
    assert contact_of(tmp_path / "two") == "you@example.org"


def test_an_archive_that_has_another_key_keeps_it(tmp_path: Path) -> None:
    keys = {}
    for name in ("one", "two"):
        init(tmp_path / name, "me@example.org")
        keys[name] = load_or_create_key(tmp_path / name / "pseudonym.key")
    with pytest.raises(UsageError, match=r"two has a pseudonym key of its own.*Nothing was changed"):
        init(tmp_path / "two", "new@example.org", tmp_path / "one")
    assert {name: key_at(tmp_path / name) for name in keys} == keys
    assert contact_of(tmp_path / "two") == "me@example.org"


@pytest.mark.parametrize("name", ["absent", "file", "plain"])
def test_a_key_is_shared_of_archives_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "plain").mkdir()
    with pytest.raises(UsageError, match=rf"--key-of .*{name}: that is no archive"):
        init(tmp_path / "new", None, tmp_path / name)
    assert not (tmp_path / "new").exists()
    assert not list((tmp_path / "plain").iterdir())


def test_an_archive_cannot_share_its_own_key(tmp_path: Path) -> None:
    init(tmp_path / "one", None)
    (tmp_path / "link").symlink_to("one")
    for same in (tmp_path / "one", tmp_path / "link", tmp_path / "one" / ".." / "one"):
        with pytest.raises(UsageError, match="the very archive"):
            init(same, "me@example.org", tmp_path / "one")
    assert not (tmp_path / "one" / "pseudonym.key").exists()


def test_a_key_that_was_lost_is_never_replaced(tmp_path: Path) -> None:
    for name in ("one", "two"):
        init(tmp_path / name, None)
        (tmp_path / name / "state.sqlite").touch()
    with pytest.raises(UsageError, match=r"one has captures and no pseudonym\.key"):
        init(tmp_path / "new", None, tmp_path / "one")
    load_or_create_key(tmp_path / "one" / "pseudonym.key")
    with pytest.raises(UsageError, match=r"two has captures and no pseudonym\.key"):
        init(tmp_path / "two", "me@example.org", tmp_path / "one")
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "pseudonym.key").symlink_to("nowhere")
    with pytest.raises(ArchiveDamagedError, match="leads nowhere"):
        init(tmp_path / "three", None, tmp_path / "one")
    (tmp_path / "one" / "pseudonym.key").write_bytes(b"short")
    with pytest.raises(ArchiveDamagedError, match="5 bytes instead of 32"):
        init(tmp_path / "four", None, tmp_path / "one")
    assert not (tmp_path / "four").exists()
