"""Who may see a repository changes only where the rows in it were judged for that, whether a commit is made or not."""

from pathlib import Path

import pytest

from tests.hub.server import HubServer
from tests.publish.archives import POSTS, Place
from tests.publish.shell import Shell

STATEMENT = "Copyright stays with the authors."
FORBIDDEN = '\n[host."careerly.co.kr"]\nterms = "forbid"\nreason = "Their terms, section 5."\n'


def publish(shell: Shell, place: Place, *options: str) -> tuple[int, str]:
    """Publish to the repository that is named after the archive's folder."""
    ran = shell.postkeep("publish", repository_of(place), "--archive", place.folder, *options)
    return ran.exit_code, ran.stdout + ran.stderr


def repository_of(place: Place) -> str:
    return f"me/{place.folder.name}"


@pytest.fixture
def place(shell: Shell, tmp_path: Path) -> Place:
    """An archive whose dataset was published in private a moment ago."""
    place = Place(tmp_path / tmp_path.name[-40:].strip("_-")).keep(*POSTS)
    assert publish(shell, place)[0] == 0
    return place


@pytest.mark.thorough
@pytest.mark.parametrize("options", [(), ("--gated",)])
def test_an_unchanged_dataset_becomes_public_only_by_what_a_new_one_needs(
    hub: HubServer, shell: Shell, place: Place, options: tuple[str, ...]
) -> None:
    exit_code, output = publish(shell, place, "--public", "--yes", *options)
    assert (exit_code, hub.repository(repository_of(place)).visibility) == (2, "private")
    assert "rights_statement" in output
    place.say(rights_statement=STATEMENT)
    exit_code, output = publish(shell, place, "--public", *options)
    assert (exit_code, hub.repository(repository_of(place)).visibility) == (2, "private")
    assert STATEMENT in output
    exit_code, output = publish(shell, place, "--public", "--dry-run", "--yes", *options)
    assert (exit_code, hub.repository(repository_of(place)).visibility) == (0, "private")
    assert "would become" in output
    assert publish(shell, place, "--public", "--yes", *options)[0] == 0
    assert hub.repository(repository_of(place)).visibility == "public"
    assert hub.repository(repository_of(place)).gated == ("manual" if options else False)


def test_no_unchanged_dataset_becomes_public_against_the_terms_of_its_host(
    hub: HubServer, shell: Shell, place: Place
) -> None:
    place.say(rights_statement=STATEMENT)
    with (place.folder / "postkeep.toml").open("a", encoding="utf-8") as settings:
        settings.write(FORBIDDEN)
    exit_code, output = publish(shell, place, "--public", "--yes")
    assert (exit_code, hub.repository(repository_of(place)).visibility) == (3, "private")
    assert "forbid it" in output
    assert not hub.repository(repository_of(place)).gated


def test_counts_that_wait_make_nothing_public_unasked(hub: HubServer, shell: Shell, place: Place) -> None:
    place.keep(POSTS[0], views=777_777)
    exit_code, output = publish(shell, place, "--public", "--yes")
    assert (exit_code, hub.repository(repository_of(place)).visibility) == (2, "private")
    assert "rights_statement" in output


@pytest.mark.thorough
def test_a_dataset_that_is_gated_later_gets_a_card_without_a_row_and_then_no_commit_more(
    hub: HubServer, shell: Shell, place: Place
) -> None:
    name = repository_of(place)
    shown = hub.read(name, "README.md").decode()
    assert "```json" in shown
    commits = len(hub.repository(name).history("main"))
    assert publish(shell, place, "--gated")[0] == 0
    assert "```json" not in hub.read(name, "README.md").decode()
    assert hub.repository(name).gated == "manual"
    assert len(hub.repository(name).history("main")) == commits + 1
    for options in (("--gated",), ()):
        assert publish(shell, place, *options)[0] == 0
        assert len(hub.repository(name).history("main")) == commits + 1
