"""``postkeep publish`` against a Hub on loopback, through the real clients."""

import json
import re
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.dataset.layout import PLOTS
from scraper.records.contract import CURRENT
from tests.commands import command_line
from tests.hub.server import HubServer
from tests.publish.archives import Place
from tests.publish.shell import Shell


def today(number: int = 1) -> str:
    """The tag of the day's ``number``-th publication."""
    return f"v{CURRENT.rpartition('.')[0]}-{datetime.now(UTC):%Y%m%d}" + (f".{number}" if number > 1 else "")


@pytest.fixture(scope="module")
def whole(shell: Shell, place: Place) -> str:
    """A repository with one publication."""
    ran = shell.postkeep("publish", "me/whole", "--archive", place.folder)
    assert ran.exit_code == 0, ran.stderr
    assert re.search(r"done +plots/posts-by-month\.png: [\d,]+ bytes, 0\.0 MB left", ran.stderr)
    return "me/whole"


def test_a_publication_is_one_commit_and_a_tag_and_loads(hub: HubServer, shell: Shell, whole: str) -> None:
    published = hub.repository(whole)
    assert published.visibility == "private"
    assert [commit.title for commit in published.history("main")] == [f"Publish {today()}", "initial commit"]
    assert published.tags == {today(): published.head.oid}
    assert {"README.md", "manifest.json", "croissant.json", *PLOTS} < set(published.head.files)
    for streaming in (False, True):
        rows = shell.load(whole, "posts", today(), streaming=streaming)
        assert len(rows) == 3


def test_card_and_croissant_on_the_hub_name_their_repository(hub: HubServer, whole: str) -> None:
    card = hub.read(whole, "README.md").decode()
    assert f'load_dataset("{whole}", "posts", split="train")' in card
    assert f'load_dataset("{whole}", "posts", revision="{today()}")' in card
    page = f"{hub.url}/datasets/{whole}"
    assert f"  url = {{{page}}},\n" in card
    assert "\n# Posts and comments from careerly\n" in card
    assert "  author = {{me}},\n" in card
    assert f"  year = {{{datetime.now(UTC):%Y}}},\n" in card
    assert "OWNER/NAME" not in card
    assert "or the folder" not in card
    described = json.loads(hub.read(whole, "croissant.json"))
    assert described["url"] == page
    assert page in described["citeAs"]


def test_the_second_publication_of_the_same_rows_makes_nothing(
    hub: HubServer, shell: Shell, place: Place, whole: str
) -> None:
    ran = shell.postkeep("publish", whole, "--archive", place.folder, "--json")
    assert ran.exit_code == 0, ran.stderr
    [item] = ran.answer["items"]
    assert item["outcome"] == "skipped"
    assert "No Parquet file changed" in item["reason"]
    assert len(hub.repository(whole).history("main")) == 2
    assert len(hub.repository(whole).tags) == 1


def test_a_dry_run_lists_files_bytes_and_rows_and_changes_nothing(
    hub: HubServer, shell: Shell, place: Place
) -> None:
    ran = shell.postkeep("publish", "me/dry", "--archive", place.folder, "--dry-run")
    assert ran.exit_code == 0, ran.stderr
    assert "data/posts/2022.parquet: " in ran.stdout
    assert "bytes, " in ran.stdout
    assert " rows" in ran.stdout
    assert "me/dry" not in hub.holdings.repositories


def test_a_dry_run_without_a_token_tells_what_is_local(shell: Shell, place: Place) -> None:
    ran = shell.postkeep("publish", "me/dry", "--archive", place.folder, "--dry-run", "--json", HF_TOKEN=None)
    assert ran.exit_code == 0, ran.stderr
    first, *files = ran.answer["items"]
    assert "The Hub was not looked at" in first["reason"]
    assert "There is no token" in first["reason"]
    assert "data/posts/2022.parquet" in {item["target"] for item in files}


@pytest.mark.thorough
def test_a_dry_run_goes_on_where_the_hub_cannot_be_reached(
    hub: HubServer, place: Place, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    said = {"HF_ENDPOINT": nobody}
    publish = command_line("publish", "me/dry", "--archive", str(place.folder))
    environment = hub.environment(tmp_path) | said
    dry = subprocess.run(
        [*publish, "--dry-run"], check=False, capture_output=True, text=True, env=environment
    )
    assert dry.returncode == 0, dry.stderr
    assert f"{nobody} cannot be reached" in " ".join(dry.stderr.split())
    assert "data/posts/2022.parquet: " in dry.stdout
    real = subprocess.run(publish, check=False, capture_output=True, text=True, env=environment)
    assert (real.returncode, real.stdout) == (1, "")
