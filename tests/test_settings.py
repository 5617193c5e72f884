"""Settings: what a file and the environment may say, and how each mistake is answered."""

from datetime import timedelta
from pathlib import Path

import pytest

from scraper.errors import UsageError
from scraper.settings import HostSettings, RefreshSettings, Settings
from scraper.settings_file import load_settings


def written(folder: Path, text: str) -> Path:
    (folder / "postkeep.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_without_a_file_has_the_careful_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings == Settings()
    assert (settings.names, settings.scrub) == ("pseudonymous", ("email", "phone", "id-number"))


def test_a_file_in_place_of_the_folder_has_them_too_for_it_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "pages.warc").touch()
    assert load_settings(tmp_path / "pages.warc", {}) == load_settings(tmp_path, {})


def test_every_setting_of_the_file_is_read(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        'contact = "https://example.org/bot"\ntitle = "A title"\nnames = "named"\nscrub = ["phone"]\nrights_statement = "ours"\n'
        'license = "cc0-1.0"\nkeep_deleted_text = true\nfollow = ["https://a.kr/feed"]\n'
        '[refresh]\nshortest = "24h"\nlongest = "2w"\nrequests = 500\nbytes = 9\nminutes = 0\n[host."Example.org"]\ndelay = 3\nzone = "Asia/Seoul"\nterms = "forbid"\nreason = "asked"\n',
    )
    assert load_settings(folder, {}) == Settings(
        contact="https://example.org/bot",
        title="A title",
        names="named",
        scrub=("phone",),
        rights_statement="ours",
        license="cc0-1.0",
        keep_deleted_text=True,
        follow=("https://a.kr/feed",),
        refresh=RefreshSettings(timedelta(hours=24), timedelta(days=14), 500, 9, None),
        host={"example.org": HostSettings(3.0, "Asia/Seoul", "forbid", "asked")},
    )


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    folder = written(tmp_path, 'contact = "a@example.org"\nscrub = []\n')
    settings = load_settings(folder, {"POSTKEEP_CONTACT": "b@example.org", "POSTKEEP_SCRUB": "email, phone"})
    assert (settings.contact, settings.scrub) == ("b@example.org", ("email", "phone"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('contct = "a@example.org"', "there is no setting 'contct'. Did you mean 'contact'?"),
        ('contact = "me"', "contact must be an e-mail address or an http(s) URL, not 'me'."),
        ("contact = 7", "contact must be an e-mail address or an http(s) URL, not 7."),
        ('names = "full"', "names must be one of pseudonymous, named, not 'full'."),
        ('scrub = ["ssn"]', "scrub must be a list of email, phone, id-number, not ['ssn']."),
        ("license = 1", "license must be text in quotes, not 1."),
        ("follow = 1", "follow must be a list of http(s) URLs, not 1."),
        ('follow = ["ftp://a.kr"]', "follow must be a list of http(s) URLs, not ['ftp://a.kr']."),
        ("refresh = 1", "refresh settings are written as a table, [refresh]."),
        ("[refresh]\nrequest = 1", "[refresh]: there is no setting 'request'. Did you mean 'requests'?"),
        ("[refresh]\nrequests = -1", "requests must be a whole number from 1 up, or 0 for no bound, not -1."),
        ('[refresh]\nshortest = "soon"', 'must be hours, days or weeks such as "36h", "90d" or "2w", not'),
        (
            '[refresh]\nshortest = "5w"\nlongest = "1w"',
            "shortest must be 1h or more and no more than longest",
        ),
        ("host = 1", 'host settings are written as a table, [host."example.org"].'),
        (
            '[host."a.kr"]\ndelay = "x"',
            "[host.\"a.kr\"]: delay must be a number of seconds from 0 to 86400, not 'x'.",
        ),
        ('[host."a.kr"]\ndelay = -1', "delay must be a number of seconds from 0 to 86400, not -1."),
        ('[host."a.kr"]\ndelay = inf', "delay must be a number of seconds from 0 to 86400, not inf."),
        ('[host."a.kr"]\ndelay = nan', "delay must be a number of seconds from 0 to 86400, not nan."),
        ('[host."a.kr"]\nterms = "allow"', '[host."a.kr"]: terms can only be "forbid", not \'allow\'.'),
        ('[host."a.kr"]\ndely = 1', "[host.\"a.kr\"]: there is no setting 'dely'. Did you mean 'delay'?"),
        ("contact = ", "cannot be read"),
        (
            'title = "a"\ncontact = me@example.org',
            "line 2 is 'contact = me@example.org'. Text stands in quotes",
        ),
        (
            "contact you@example.org",
            "line 1 is 'contact you@example.org'. A line is a key, an equals sign and a value",
        ),
        ('title = "a"\ntitle = "b"', "line 2 is 'title = \"b\"'. This setting was given before"),
        ('[host."a.kr"]\n[host."a.kr"]', "This table was opened before"),
        ('follow = ["https://a.kr",', "A list that begins with [ ends with ]."),
        ('title = "a\n', "Text that begins with a quote ends with one"),
        ('[host."a.kr"]\nzone = "Asia/Soul"', "zone must be the name of a time zone"),
        ('[host."a.kr"]\nzone = "+09:00"', "zone must be the name of a time zone"),
        (
            '[host."https://a.kr/board"]\ndelay = 3',
            'is not named after a host, such as "example.org". Write [host."a.kr"].',
        ),
        ('[host."a.kr:8080"]\ndelay = 3', 'Write [host."a.kr"].'),
        ('[host."a b"]\ndelay = 3', "is not named after a host"),
    ],
)
def test_a_mistake_is_answered_by_a_sentence_that_names_it(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_settings(written(tmp_path, text), {})
    assert says in str(raised.value)
    assert str(tmp_path / "postkeep.toml") in str(raised.value)


def test_a_mistake_in_the_environment_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^POSTKEEP_NAMES: names must be one of"):
        load_settings(written(tmp_path, 'names = "named"'), {"POSTKEEP_NAMES": "full"})


def test_no_contact_means_no_visit() -> None:
    with pytest.raises(UsageError, match="No contact is set"):
        Settings().require_contact()


@pytest.mark.parametrize(
    ("contact", "email"), [("a@example.org", "a@example.org"), ("https://example.org", None)]
)
def test_only_an_email_contact_goes_into_the_from_header(contact: str, email: str | None) -> None:
    assert Settings(contact=contact).contact_email == email


@pytest.mark.parametrize("text", ["listing_pages = true", "keep_noarchive = 1", "[refresh]\nminutes = true"])
def test_a_truth_is_no_number_and_a_number_no_truth(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="must be"):
        load_settings(written(tmp_path, text), {})


def test_a_value_of_the_file_that_a_variable_overrules_is_not_read(tmp_path: Path) -> None:
    folder = written(tmp_path, "listing_pages = 0\n")
    assert load_settings(folder, {"POSTKEEP_LISTING_PAGES": "3"}).listing_pages == 3


def test_a_byte_order_mark_before_the_settings_is_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "postkeep.toml").write_bytes(b"\xef\xbb\xbflisting_pages = 3\n")
    assert load_settings(tmp_path, {}).listing_pages == 3


def test_a_file_in_another_encoding_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "postkeep.toml").write_bytes('title = "기록"'.encode("cp949"))
    with pytest.raises(UsageError, match="no UTF-8 text"):
        load_settings(tmp_path, {})
