"""``postkeep init``: a new archive, and the contact of one that is there."""

from pathlib import Path

import pytest

from scraper.errors import UsageError
from scraper.jobs.init import init
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
