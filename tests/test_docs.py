"""What the documentation shows is run, verbatim, against the replica; what it links to is there."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from scraper.cli.main import app
from scraper.settings import SETTINGS_FILE
from scraper.settings_file import load_settings
from tests.commands import FAST_HOSTS, POSTKEEP
from tests.conftest import REPOSITORY
from tests.fixtures.pages import v1_page, v1_post
from tests.hub.routing import Account
from tests.hub.server import HubServer
from tests.jobs.crawl_index import index_of
from tests.jobs.saved_files import page, text, write_folder, write_zip
from tests.replica import v1
from tests.replica.routes import HOSTS
from tests.replica.server import Replica

README: Final = REPOSITORY / "README.md"
DOCUMENTS: Final = (
    README,
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
    REPOSITORY / "cassettes" / "README.md",
    REPOSITORY / "schema" / "README.md",
)
# Commands that are shown and not run here, each with what runs it instead.
NOT_RUN: Final = {
    "pip wheel --constraint constraints.txt --wheel-dir wheels .": "tests/slow/test_package.py, which builds and installs the wheel",
    "pip install .": "the first `make` of a checkout installs it in the same way",
    "wb-manager init kept": "tests/slow/test_pywb_replay.py, which installs pywb",
    "wb-manager add kept archive/warc/*.warc.gz": "tests/slow/test_pywb_replay.py",
    "wb-manager add --unpack-wacz kept kept.wacz": "tests/slow/test_wacz_replay.py",
    "wayback": "tests/slow/test_pywb_replay.py",
    "hf auth login": "the token is given as HF_TOKEN, which tests/publish takes away to see what is said",
    "systemd-analyze verify units/*": "tests/schedule/test_schedule.py, which skips where there is no systemd",
    "sudo cp units/* /etc/systemd/system/": "nothing: it changes the machine",
    "sudo systemctl enable --now $(cd units && ls *.timer)": "nothing: it changes the machine",
    "crontab crontab.txt": "nothing: it changes the machine; tests/schedule/test_schedule.py runs the lines as cron does",
    **dict.fromkeys(
        (
            "postkeep record plaza https://plaza.example/talk/17-slow-bread --case topic",
            "pytest tests/sites/test_cassettes.py -k plaza",
        ),
        "tests/test_new_platform.py, which takes the walk in a checkout of its own",
    ),
    **dict.fromkeys(
        (
            "postkeep extract --from https://data.commoncrawl.org/crawl-data/CC-MAIN-2024-10/warc.paths.gz --into dataset",
            "postkeep extract --cdx https://data.commoncrawl.org/cc-index/collections/CC-MAIN-2024-10/indexes/cluster.idx --from https://data.commoncrawl.org/ --host careerly.co.kr --status 200 --mime text/html --into dataset",
        ),
        "tests/jobs/test_extract_inputs.py and test_extract_by_index.py, from a server on loopback that has files under such names",
    ),
    **dict.fromkeys(
        (
            "rclone copy --include 'postkeep-*.warc.gz' archive/warc store:my-bucket/careerly/warc",
            "rclone copy kept store:my-bucket/careerly/kept",
            "rclone copy wheels store:my-bucket/careerly/wheels",
            "rclone copy store:my-bucket/careerly/warc restored/warc",
            "rclone copy store:my-bucket/careerly/kept restored",
            "rm -f restored/backup.json",
            "postkeep check --repair --archive restored",
        ),
        "tests/slow/test_store.py, which runs the same commands out of the workflow",
    ),
}
# Commands that ask somebody else's web archive; tests/jobs/test_import_memento.py asks one on loopback.
ASKS_STRANGERS: Final = re.compile(r"postkeep import --memento ")
# The token of the account that the documents name.
PUBLISHER: Final = "hf_write_of_my_name"
# Blocks of R are run by tests/slow/test_export_readers.py, which has R.
LANGUAGES: Final = {"sh", "python", "toml", "r"}

_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_VERB: Final = re.compile(r"`(?:\$ )?postkeep ([a-z]+)")
_TARGET: Final = re.compile(r"^([a-z-]+):", re.MULTILINE)
_FIELD: Final = re.compile(r"\bPostkeep-(?:[A-Z][A-Za-z]*-?)+\b")
_LAYOUT: Final = re.compile(r"\bcareerly\.[a-z0-9]+(?:-[a-z]+)?(?=[/`])")


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block of a document."""

    language: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The commands of a shell block, comments taken off."""
        lines = (line.partition("  #")[0].strip() for line in self.text.splitlines())
        return [line for line in lines if line and not line.startswith("#")]


def examples(document: Path) -> list[Example]:
    return [Example(*found) for found in _FENCE.findall(document.read_text(encoding="utf-8"))]


def commands(document: Path) -> list[str]:
    return [line for example in examples(document) if example.language == "sh" for line in example.lines]


def runnable(line: str) -> bool:
    if line in NOT_RUN or line.startswith("make ") or ASKS_STRANGERS.match(line):
        return False
    strangers = {urlsplit(url).netloc for url in re.findall(r"https?://\S+", line)} - set(HOSTS)
    assert not strangers, f"{line}: name what runs it instead in NOT_RUN, for it would reach {strangers}"
    return True


@dataclass(frozen=True, slots=True)
class World:
    """What a reader's network leads to: the replica, and a Hub on which they have an account."""

    replica: Replica
    hub: HubServer


def run(example: Example, folder: Path, world: World) -> None:
    """Run one block as a reader would: in a shell, in their folder; settings are read as they stand."""
    replica = world.replica
    env = {
        **world.hub.environment(folder / "hf", PUBLISHER),
        "PATH": f"{POSTKEEP.parent}{os.pathsep}{os.environ['PATH']}",
        "POSTKEEP_CONNECT_TO": " ".join(replica.connect_to),
        "POSTKEEP_CACERT": str(replica.cacert),
    }
    if example.language == "toml":
        (folder / "shown").mkdir()
        (folder / "shown" / SETTINGS_FILE).write_text(example.text, encoding="utf-8")
        load_settings(folder / "shown", {})
        shutil.rmtree(folder / "shown")
        return
    if example.language == "r":
        return
    if example.language == "python":
        lines = [[sys.executable, "-W", "error", "-c", example.text]]
    else:
        lines = [["bash", "-c", line] for line in example.lines if runnable(line)]
    for line in lines:
        done = subprocess.run(line, check=False, cwd=folder, env=env, capture_output=True, text=True)
        assert done.returncode == 0, f"{line[-1]}\n{done.stdout}\n{done.stderr}"
        hurry(folder / "archive" / SETTINGS_FILE)


def hurry(settings: Path) -> None:
    """Once there is an archive: the replica is ours, so nobody waits for the pace that a real host is owed."""
    if settings.is_file() and FAST_HOSTS not in (text := settings.read_text(encoding="utf-8")):
        settings.write_text(text + FAST_HOSTS, encoding="utf-8")


def save_what_others_crawled(folder: Path, world: World) -> None:
    """WARC and WACZ files with a page of the first site, under the names that the documents give them."""
    run(Example("sh", "postkeep crawl https://careerly.co.kr/comments/72260"), folder, world)
    *_, warc = sorted((folder / "archive" / "warc").iterdir())
    (folder / "crawl").mkdir()
    for name in ("crawl.warc.gz", "CC-MAIN-00000.warc.gz", "crawl/first.warc.gz", "crawl/second.warc.gz"):
        shutil.copyfile(warc, folder / name)
    index = index_of(sorted((folder / "crawl").iterdir()))
    (folder / "crawl" / "index.cdxj").write_text(index, encoding="utf-8")
    with zipfile.ZipFile(folder / "collection.wacz", "w") as package:
        package.write(warc, "archive/data.warc.gz")


def save_pages(folder: Path) -> None:
    """The files of which README and docs/files.md tell."""
    write_folder(folder / "saved-pages", {"72260.html": page(72260)})
    write_folder(folder / "saved", {"72260.html": page(72260), "72260_files/a.css": b""})
    write_folder(folder / "texts", {"71655.txt": text(71655)})
    write_zip(folder / "pages.zip", {"saved/72260.html": page(72260)})
    row = f"texts/71655.txt,{v1_post(71655).url('v1')},2023-05-01T09:00:00+09:00"
    table = f"file,url,captured_at\n{row}\nsaved/72260.html,,\n"
    (folder / "posts.csv").write_text(table, encoding="cp949")
    (folder / "wheels").mkdir()
    (folder / "wheels" / "postkeep-0.1.0-py3-none-any.whl").write_bytes(b"")
    saved = Path(__file__).parent / "jobs" / "saved"
    shutil.copyfile(saved / "chrome.mhtml", folder / "letter.mhtml")
    shutil.copyfile(saved / "playwright.har", folder / "session.har")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with Replica() as replica, HubServer() as hub:
        hub.holdings.accounts[PUBLISHER] = Account("my-name")
        yield World(replica, hub)
        assert not replica.violations


@pytest.fixture(scope="module")
def used(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder after all that README shows, with the pages and WARC files that they had of others."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "saved-page.html").write_text(v1_page(72260), encoding="utf-8")
    (folder / "flattened.txt").write_text(v1.flattened_page(v1_post(71655)), encoding="utf-8")
    save_pages(folder)
    for example in examples(README):
        run(example, folder, world)
    save_what_others_crawled(folder, world)
    return folder


@pytest.mark.thorough
def test_the_first_archive_of_readme_is_made_as_it_shows(world: World, tmp_path: Path) -> None:
    (first,) = [example for example in examples(README) if "--contact" in example.text]
    run(first, tmp_path, world)
    assert list((tmp_path / "dataset" / "data" / "posts").iterdir())


@pytest.mark.thorough
def test_what_readme_shows_works_in_its_order(used: Path) -> None:
    card = (used / "dataset" / "README.md").read_text(encoding="utf-8")
    assert "configs:" in card
    assert list((used / "dataset" / "data" / "posts").iterdir())


@pytest.mark.thorough
@pytest.mark.parametrize("document", DOCUMENTS[1:], ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_what_the_other_documents_show_works_after_it(
    document: Path, used: Path, world: World, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(used, tmp_path / "reader"))
    for example in examples(document):
        run(example, folder, world)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_every_example_says_its_language_and_every_make_target_exists(document: Path) -> None:
    assert {example.language for example in examples(document)} <= LANGUAGES
    targets = set(_TARGET.findall((REPOSITORY / "Makefile").read_text(encoding="utf-8")))
    named = {word for line in commands(document) if line.startswith("make ") for word in line.split()[1:]}
    named |= set(re.findall(r"`make ([a-z-]+)`", document.read_text(encoding="utf-8")))
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_lead_to_files_that_are_there(document: Path) -> None:
    links = _LINK.findall(document.read_text(encoding="utf-8"))
    broken = [
        link for link in links if "://" not in link and not (document.parent / link.split("#")[0]).exists()
    ]
    assert not broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_the_verbs_that_are_named_exist(document: Path) -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    shown = {shlex.split(line)[1] for line in commands(document) if line.startswith("postkeep ")}
    assert shown | set(_VERB.findall(document.read_text(encoding="utf-8"))) <= set(group.commands)


def test_nothing_is_left_unrun_that_is_not_shown() -> None:
    shown = {line for document in DOCUMENTS for line in commands(document)}
    assert NOT_RUN.keys() <= shown


def test_every_field_of_our_own_in_a_warc_file_is_explained() -> None:
    writer = (REPOSITORY / "scraper" / "archive" / "compose.py").read_text(encoding="utf-8")
    explained = (REPOSITORY / "docs" / "archive.md").read_text(encoding="utf-8")
    assert set(_FIELD.findall(writer)) == set(_FIELD.findall(explained))


def test_the_layouts_of_careerly_that_are_named_are_those_of_its_adapter() -> None:
    adapter = (REPOSITORY / "scraper" / "sites" / "careerly").glob("*.py")
    texts = [path.read_text(encoding="utf-8").replace("{NAME}", "careerly") for path in adapter]
    layouts = {layout for text in texts for layout in _LAYOUT.findall(text)}
    assert layouts == set(_LAYOUT.findall((REPOSITORY / "docs" / "careerly.md").read_text(encoding="utf-8")))
