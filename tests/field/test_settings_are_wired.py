"""Every setting that is accepted does something: the file with it and the file without it make two observable worlds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from scraper import settings_table
from scraper.jobs.crawl.job import crawl
from scraper.jobs.imports.files import import_files
from scraper.jobs.publication.export import export
from scraper.jobs.refresh.job import refresh
from scraper.jobs.refresh.plan import plan
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.settings import Settings
from scraper.settings_file import _SETTINGS, load_settings
from tests.clock import VirtualClock
from tests.field import pages
from tests.fixtures.pages import v1_page
from tests.hub.server import HubServer
from tests.jobs.rows import exported_rows
from tests.jobs.workplaces import workplace_at
from tests.publish.archives import POSTS, Place
from tests.publish.shell import Shell
from tests.replica.routes import Answer, Deployment
from tests.replica.server import Replica

HOST: Final = "careerly.co.kr"
URLS: Final = tuple(f"https://{HOST}/comments/{number}" for number in POSTS)
LIST: Final = f"https://{HOST}/list"
HTML: Final = (("content-type", "text/html; charset=utf-8"),)
DAY: Final = 86_400
ODD: Final = pages.Odd(
    text="<p>편지는 mail@gang.example 로 보내 주세요.</p>",
    time=pages.TIME.replace("+09:00", ""),
    comments=pages.comment(1, "좋은 글입니다."),
    heading="댓글 1개",
)
# Of one host of the network, for whichever table a case sets; its own lines come first.
CALM: Final = "delay = 0\n"


@dataclass(frozen=True, slots=True)
class World:
    """An archive under the settings of a file, and the network that it reaches."""

    workplace: Workplace
    replica: Replica
    clock: VirtualClock
    folder: Path

    def crawl(self, *urls: str) -> Report:
        return crawl(urls or URLS[:1], self.workplace)

    def serve(self, path: str, answer: Answer) -> None:
        self.replica.deployment = replace(
            self.replica.deployment, instead={**self.replica.deployment.instead, (HOST, path): answer}
        )

    def card(self) -> str:
        self.take_in()
        export(self.folder / "dataset", self.workplace)
        return (self.folder / "dataset" / "README.md").read_text(encoding="utf-8")

    def column(self, config: str, column: str) -> object:
        self.take_in()
        rows = exported_rows(self.workplace, self.folder / "dataset").get(config, [])
        return [row[column] for row in rows]

    def take_in(self) -> None:
        page = self.folder / "page.html"
        page.write_text(str(ODD), encoding="utf-8")
        at = datetime(2024, 3, 10, tzinfo=UTC)
        assert import_files([page], self.workplace, url=pages.URL, captured_at=at).exit_code in {0, 3}


def outcomes(report: Report) -> object:
    return [item.outcome for item in report.items]


def title(world: World) -> object:
    return next(line for line in world.card().splitlines() if line.startswith("# "))


def statement(world: World) -> object:
    return "Rights stay with their authors." in world.card()


def has_contact(world: World) -> object:
    world.crawl()
    return {dict(request.headers)["user-agent"] for request in world.replica.log}


def without_the_opted_out(world: World) -> object:
    (world.workplace.folder / "out.txt").write_text(f"{URLS[0]}\n", encoding="utf-8")
    return outcomes(world.crawl())


def of_no_archive(world: World) -> object:
    world.replica.deployment = Deployment(x_robots_tag={HOST: "noarchive"})
    return outcomes(world.crawl())


def revisions_of_the_deleted(world: World) -> object:
    path = URLS[0].partition(HOST)[2]
    world.crawl()
    for answer in (
        Answer(200, HTML, v1_page(POSTS[0], text="고쳐 쓴 글").encode()),
        Answer(410, HTML, b"gone"),
    ):
        world.serve(path, answer)
        world.clock.advance(400 * DAY)
        refresh(world.workplace)
    rows = exported_rows(world.workplace, world.folder / "dataset")
    assert [row["text"] for row in rows["posts"]] == [None]
    return len([row for row in rows.get("revisions", []) if row["text"]])


def pages_of_a_list(world: World) -> object:
    for number, url in enumerate(URLS):
        body = f'<!doctype html><body><a href="{url}">글</a><a rel="next" href="/list/{number + 1}">다음</a>'
        world.serve(f"/list/{number}", Answer(200, HTML, body.encode()))
    world.crawl(f"{LIST}/0")
    return [request.target for request in world.replica.log if request.target.startswith("/list")]


def looked_at_again(world: World) -> object:
    world.crawl()
    world.serve("/list", Answer(200, HTML, f'<!doctype html><body><a href="{URLS[1]}">글</a>'.encode()))
    refresh(world.workplace)
    return {request.target for request in world.replica.log}


def rhythm(world: World) -> object:
    world.crawl()
    world.clock.advance(4000 * DAY)
    return plan(world.workplace).items[0].reason


def visits_of_a_run(world: World) -> object:
    world.crawl(*URLS)
    world.clock.advance(400 * DAY)
    return [item.outcome for item in refresh(world.workplace).items]


def time_of_a_crawl(world: World) -> object:
    before = world.clock.now()
    world.crawl()
    return (world.clock.now() - before) // timedelta(seconds=30)


def visited(world: World) -> object:
    return outcomes(world.crawl())


@dataclass(frozen=True, slots=True)
class Column:
    """A look at a column of the dataset."""

    config: str
    name: str

    def __call__(self, world: World) -> object:
        return world.column(self.config, self.name)


# key: the file without the setting, the one with it, and what is looked at
CASES: Final[dict[str, tuple[str, str, Callable[[World], object]]]] = {
    "contact": ("", 'contact = "other@example.org"', has_contact),
    "title": ("", 'title = "강가의 글"', title),
    "names": ("", 'names = "named"', Column("comments", "author_name")),
    "scrub": ("", "scrub = []", Column("posts", "text")),
    "rights_statement": ("", 'rights_statement = "Rights stay with their authors."', statement),
    "license": ("", 'license = "cc-by-4.0"', Column("posts", "license")),
    "keep_noarchive": ("", "keep_noarchive = true", of_no_archive),
    "keep_deleted_text": ("", "keep_deleted_text = true", revisions_of_the_deleted),
    "listing_pages": ("", "listing_pages = 2", pages_of_a_list),
    "opt_out": ("", 'opt_out = "out.txt"', without_the_opted_out),
    "follow": ("", f'follow = ["{LIST}"]', looked_at_again),
    "refresh.shortest": ('[refresh]\nlongest = "3000d"', '[refresh]\nlongest = "3000d"\nshortest = "3000d"', rhythm),
    "refresh.longest": ("", '[refresh]\nlongest = "12h"', rhythm),
    "refresh.requests": ("", "[refresh]\nrequests = 2", visits_of_a_run),
    "refresh.bytes": ("", "[refresh]\nbytes = 800", visits_of_a_run),
    "refresh.minutes": (f'[host."{HOST}"]\ndelay = 50', f'[refresh]\nminutes = 1\n[host."{HOST}"]\ndelay = 50', visits_of_a_run),
    "host.delay": (f'[host."{HOST}"]\ndelay = 0', f'[host."{HOST}"]\ndelay = 90', time_of_a_crawl),
    "host.zone": ("", '[host."gang.example"]\nzone = "America/New_York"', Column("posts", "published_at")),
    "host.terms": (f'[host."{HOST}"]\n{CALM}', f'[host."{HOST}"]\n{CALM}terms = "forbid"', visited),
    "host.reason": (
        f'[host."{HOST}"]\n{CALM}terms = "forbid"',
        f'[host."{HOST}"]\n{CALM}terms = "forbid"\nreason = "written leave"',
        visited,
    ),
    "host.keep_noarchive": (f'[host."{HOST}"]\n{CALM}', f'[host."{HOST}"]\n{CALM}keep_noarchive = true', of_no_archive),
}  # fmt: skip
TABLES: Final = {
    "refresh": settings_table.REFRESH,
    "host": settings_table.HOST,
    "publish": settings_table.PUBLISH,
}
# What is seen at a publication alone has its own tests below.
PUBLISHED: Final = {f"publish.{key}" for key in ("metrics_every_days", "largest_fall")}


def seen(text: str, look: Callable[[World], object], folder: Path) -> object:
    """What a look shows in a world of its own whose postkeep.toml has these lines."""
    clock = VirtualClock()
    with Replica() as replica:
        workplace = workplace_at(folder / "archive", clock, replica)
        contact = "" if "contact" in text else 'contact = "test@example.org"\n'
        calm = "" if HOST in text.partition("[host")[2] else f'\n[host."{HOST}"]\n{CALM}'
        (workplace.folder / "postkeep.toml").write_text(f"{contact}{text}\n{calm}", encoding="utf-8")
        workplace = replace(workplace, settings=load_settings(workplace.folder, {}))
        return look(World(workplace, replica, clock, folder))


def test_what_makes_other_rows_is_among_the_settings_that_shape_them() -> None:
    of_rows = {
        key
        for key, (_, _, look) in CASES.items()
        if isinstance(look, Column) or look is revisions_of_the_deleted
    }
    assert {key.removeprefix("host.") for key in of_rows} == Settings().shaping.keys()


def test_every_key_has_a_case() -> None:
    keys = {key for key in _SETTINGS if key not in TABLES}
    keys |= {f"{name}.{key}" for name, table in TABLES.items() for key in table}
    assert keys == CASES.keys() | PUBLISHED


@pytest.mark.thorough
@pytest.mark.parametrize("key", CASES)
def test_a_setting_makes_a_difference(key: str, tmp_path: Path) -> None:
    without, with_it, look = CASES[key]
    worlds = [tmp_path / name for name in ("without", "again", "with")]
    for world in worlds:
        world.mkdir()
    plain, again, other = (
        seen(text, look, world) for text, world in zip((without, without, with_it), worlds, strict=True)
    )
    assert plain == again
    assert plain != other


@pytest.fixture(scope="module")
def hub() -> Iterator[HubServer]:
    with HubServer() as serving:
        yield serving


@pytest.fixture(scope="module")
def shell(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with Shell(hub, tmp_path_factory.mktemp("hf-home")) as process:
        yield process


@pytest.mark.thorough
def test_the_days_between_counts_make_a_difference(hub: HubServer, shell: Shell, tmp_path: Path) -> None:
    mine = Place(tmp_path / "archive").keep(*POSTS)
    command = ("publish", "me/days", "--archive", mine.folder)
    assert shell.postkeep(*command).exit_code == 0
    hub.repository("me/days").now = datetime.now(UTC) - timedelta(days=3)
    mine.keep(POSTS[0], text="고쳐 쓴 글입니다.")
    assert shell.postkeep(*command).exit_code == 0
    commits = len(hub.repository("me/days").commits)
    mine.keep(POSTS[0], text="고쳐 쓴 글입니다.", views=99_999)
    assert shell.postkeep(*command).exit_code == 0
    assert len(hub.repository("me/days").commits) == commits
    mine.set_publish("metrics_every_days = 0")
    assert shell.postkeep(*command).exit_code == 0
    assert len(hub.repository("me/days").commits) > commits


@pytest.mark.thorough
def test_the_largest_fall_makes_a_difference(shell: Shell, tmp_path: Path) -> None:
    mine = Place(tmp_path / "archive").keep(*POSTS)
    command = ("publish", "me/falls", "--archive")
    assert shell.postkeep(*command, mine.folder).exit_code == 0
    old = Place(tmp_path / "old").keep(POSTS[0])
    assert shell.postkeep(*command, old.folder).exit_code == 5
    old.set_publish("largest_fall = 1.0")
    assert shell.postkeep(*command, old.folder).exit_code != 5
