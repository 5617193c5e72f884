"""``publish --from DIR``: what was merged goes out, less what any of its archives leaves out by the time it does."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.disk import Disk
from scraper.archive.pending import Pending, note_pending
from scraper.jobs.publication.from_folder import open_folder_source
from scraper.settings import Settings
from tests.cli.holding import held_by_another
from tests.clock import VirtualClock
from tests.fixtures.pages import v1_post
from tests.hub.server import HubServer
from tests.jobs.rows import read_rows
from tests.jobs.test_drift import World, cut_short
from tests.jobs.workplaces import workplace_at
from tests.publish.archives import POSTS, Place
from tests.publish.shell import Shell
from tests.replica.server import Replica
from tests.takedown.searching import places_of


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two archives of three posts that share a key; both have the second."""
    one = Place(tmp_path / "one").keep(*POSTS[:2])
    two = Place(tmp_path / "two").keep(*POSTS[1:])
    return one.folder, two.folder


@pytest.fixture
def merged(two: tuple[Path, Path], shell: Shell, tmp_path: Path) -> Path:
    folder = tmp_path / "merged"
    ran = shell.postkeep("merge", *two, "--into", folder)
    assert ran.exit_code == 0, ran.stderr
    return folder


def post_ids(shell: Shell, repo: str) -> set[str]:
    return {row["post_id"] for row in shell.load(repo, "posts")}


@pytest.mark.thorough
def test_a_merged_dataset_goes_out_from_whichever_archive_and_as_it_is(
    hub: HubServer, shell: Shell, two: tuple[Path, Path], merged: Path
) -> None:
    ran = shell.postkeep("publish", "me/merged", "--from", merged, "--archive", two[0])
    assert ran.exit_code == 0, ran.stderr
    files = hub.repository("me/merged").head.files
    ours = {path.relative_to(merged).as_posix() for path in merged.rglob("*.parquet")}
    assert ours <= set(files)
    for path in ours:
        assert hub.read("me/merged", path) == (merged / path).read_bytes()
    assert post_ids(shell, "me/merged") == {f"careerly:comments-{number}" for number in POSTS}
    # The archives share a key, and so a name on the Hub.
    again = shell.postkeep("publish", "me/merged", "--from", merged, "--archive", two[1], "--json")
    assert (again.exit_code, again.outcomes) == (0, ["skipped"])
    assert "No Parquet file changed" in str(again.reasons[0])
    alone = shell.postkeep("publish", "me/merged", "--archive", two[0])
    assert (alone.exit_code, "posts would fall from 3 published rows to 2" in alone.stderr) == (5, True)


@pytest.mark.thorough
def test_an_opt_out_of_any_archive_since_stays_behind(
    shell: Shell, two: tuple[Path, Path], merged: Path
) -> None:
    (two[1] / "left.txt").write_text(f"https://careerly.co.kr/comments/{POSTS[0]}\n")
    settings = two[1] / "postkeep.toml"
    settings.write_text(f'opt_out = "left.txt"\n{settings.read_text()}')
    ran = shell.postkeep("publish", "me/opted", "--from", merged, "--archive", two[0], "--json")
    assert ran.exit_code == 0, ran.stdout
    (left,) = [item for item in ran.answer["items"] if item["post_id"]]
    assert (left["post_id"], "opt-out file" in left["reason"]) == (f"careerly:comments-{POSTS[0]}", True)
    assert post_ids(shell, "me/opted") == {f"careerly:comments-{number}" for number in POSTS[1:]}


@pytest.mark.thorough
def test_a_folder_that_is_older_than_a_takedown_is_made_again_first(
    shell: Shell, two: tuple[Path, Path], merged: Path
) -> None:
    post = f"careerly:comments-{POSTS[1]}"
    forgotten = shell.postkeep("forget", post, "--reason", "Asked", "--archive", two[1])
    assert f"postkeep merge ARCHIVE... --into {merged}" in forgotten.stderr
    ran = shell.postkeep("publish", "me/late", "--from", merged, "--archive", two[0])
    assert (
        ran.exit_code,
        "made before the newest takedowns in the archives that it comes from (1)" in ran.stderr,
    ) == (2, True)
    assert shell.postkeep("merge", *two, "--into", merged).exit_code == 0
    assert shell.postkeep("publish", "me/late", "--from", merged, "--archive", two[0]).exit_code == 0
    assert post not in post_ids(shell, "me/late")


@pytest.mark.thorough
def test_a_folder_with_what_the_settings_take_out_by_now_is_made_again_first(
    shell: Shell, two: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, settings = tmp_path / "merged", [each / "postkeep.toml" for each in two]
    as_they_were = [each.read_text() for each in settings]
    for path, text in zip(settings, as_they_were, strict=True):
        path.write_text(re.sub(r"(?m)^scrub = .*$", "scrub = []", text))
    assert shell.postkeep("merge", *two, "--into", folder).exit_code == 0
    for path, text in zip(settings, as_they_were, strict=True):
        path.write_text(text)
    ran = shell.postkeep("publish", "me/unscrubbed", "--from", folder, "--archive", two[0])
    assert (ran.exit_code, "was made with another `scrub`" in ran.stderr) == (2, True)


@pytest.mark.thorough
def test_the_texts_of_what_was_deleted_stay_behind_once_the_settings_say_so(
    shell: Shell, tmp_path: Path
) -> None:
    first, *others = v1_post(POSTS[0]).comments
    place = Place(tmp_path / "one").keep(POSTS[0])
    place.keep(POSTS[0], comments=(replace(first, deleted=True), *others))
    folder, settings = tmp_path / "merged", place.folder / "postkeep.toml"
    as_it_was = settings.read_text()
    settings.write_text(f"keep_deleted_text = true\n{as_it_was}")
    assert shell.postkeep("merge", place.folder, "--into", folder).exit_code == 0
    assert first.text in {row["text"] for row in read_rows(folder)["revisions"]}
    settings.write_text(as_it_was)
    ran = shell.postkeep("publish", "me/deleted", "--from", folder, "--archive", place.folder)
    assert ran.exit_code == 0, ran.stderr
    assert first.text not in {row["text"] for row in shell.load("me/deleted", "revisions")}


@pytest.mark.thorough
def test_only_an_archive_that_made_the_folder_publishes_it(
    shell: Shell, two: tuple[Path, Path], merged: Path, tmp_path: Path
) -> None:
    other = Place(tmp_path / "other").keep(POSTS[0]).folder
    copied = Path(shutil.copytree(merged, tmp_path / "copied"))
    for folder, archive in ((merged, other), (copied, two[0])):
        ran = shell.postkeep("publish", "me/none", "--from", folder, "--archive", archive)
        assert (ran.exit_code, "was not made from" in ran.stderr) == (2, True)
    assert shell.postkeep("export", merged, "--archive", other).exit_code == 0
    ran = shell.postkeep("publish", "me/none", "--from", merged, "--archive", two[0])
    assert (ran.exit_code, "was not made from" in ran.stderr) == (2, True)
    for absent in (tmp_path / "absent", two[0]):
        ran = shell.postkeep("publish", "me/none", "--from", absent, "--archive", two[0])
        assert ran.exit_code == 2, ran.stderr
    file = next(merged.rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1])
    ran = shell.postkeep("publish", "me/none", "--from", merged, "--archive", other)
    assert (ran.exit_code, "was changed since its export" in ran.stderr) == (2, True)


@pytest.mark.thorough
def test_all_archives_of_the_folder_must_be_there(
    shell: Shell, two: tuple[Path, Path], merged: Path, tmp_path: Path
) -> None:
    two[1].rename(tmp_path / "moved")
    ran = shell.postkeep("publish", "me/none", "--from", merged, "--archive", two[0])
    assert (ran.exit_code, f"was made from {two[1]} too, which is not there" in ran.stderr) == (2, True)


@pytest.mark.thorough
def test_without_text_texts_stay_and_a_folder_without_them_is_refused(
    hub: HubServer, shell: Shell, two: tuple[Path, Path], merged: Path, tmp_path: Path
) -> None:
    ran = shell.postkeep("publish", "me/bare", "--from", merged, "--archive", two[0], "--without", "text")
    assert ran.exit_code == 0, ran.stderr
    assert not [path for path in hub.repository("me/bare").head.files if path.startswith("data/revisions")]
    bare = tmp_path / "bare"
    assert shell.postkeep("export", bare, "--without", "text", "--archive", two[0]).exit_code == 0
    ran = shell.postkeep("publish", "me/none", "--from", bare, "--archive", two[0])
    assert (ran.exit_code, "was written without texts" in ran.stderr) == (2, True)


@pytest.mark.thorough
def test_a_dry_run_says_what_would_go_out(shell: Shell, two: tuple[Path, Path], merged: Path) -> None:
    ran = shell.postkeep("publish", "me/dry", "--from", merged, "--archive", two[0], "--dry-run", "--json")
    assert ran.exit_code == 0, ran.stdout
    assert any(item["target"].startswith("data/posts/") for item in ran.answer["items"])
    assert (two[0] / "publication-preview" / "README.md").is_file()


@pytest.mark.thorough
def test_what_was_extracted_under_an_archive_goes_out_and_what_was_without_one_does_not(
    shell: Shell, two: tuple[Path, Path], tmp_path: Path
) -> None:
    owner, own, alone = tmp_path / "owner", tmp_path / "own", tmp_path / "alone"
    assert shell.postkeep("init", owner, "--contact", "me@example.org").exit_code == 0
    for into, under in ((own, (owner,)), (alone, ())):
        options = [word for archive in under for word in ("--archive", str(archive))]
        ran = shell.postkeep("extract", "--from", two[0] / "warc", "--into", into, *options)
        assert ran.exit_code == 0, ran.stderr
    ran = shell.postkeep("publish", "me/extracted", "--from", own, "--archive", owner)
    assert ran.exit_code == 0, ran.stderr
    assert post_ids(shell, "me/extracted") == {f"careerly:comments-{number}" for number in POSTS[:2]}
    for archive in (owner, two[0]):
        ran = shell.postkeep("publish", "me/alone", "--from", alone, "--archive", archive)
        assert (ran.exit_code, "was not made from" in ran.stderr) == (2, True)


@pytest.mark.thorough
def test_who_opted_out_since_by_the_bare_id_of_a_person_stays_behind_on_hosts_that_the_archive_has_not_seen(
    shell: Shell, two: tuple[Path, Path], tmp_path: Path
) -> None:
    owner, folder = tmp_path / "owner", tmp_path / "extracted"
    assert shell.postkeep("init", owner, "--contact", "me@example.org").exit_code == 0
    ran = shell.postkeep("extract", "--from", two[0] / "warc", "--into", folder, "--archive", owner)
    assert ran.exit_code == 0, ran.stderr
    author = v1_post(POSTS[0]).by
    assert author is not None
    (owner / "left.txt").write_text(f"{author.profile_id}\n")
    settings = owner / "postkeep.toml"
    settings.write_text(f'opt_out = "left.txt"\n{settings.read_text()}')
    ran = shell.postkeep("publish", "me/named", "--from", folder, "--archive", owner)
    assert ran.exit_code == 0, ran.stderr
    assert post_ids(shell, "me/named") == {f"careerly:comments-{POSTS[1]}"}


@pytest.mark.thorough
def test_no_run_may_be_at_work_in_any_of_the_archives(
    shell: Shell, two: tuple[Path, Path], merged: Path
) -> None:
    with held_by_another(two[1]):
        ran = shell.postkeep("publish", "me/none", "--from", merged, "--archive", two[0])
        assert (ran.exit_code, f"{two[1]} is being written by another run" in ran.stderr) == (4, True)
        dry = shell.postkeep("publish", "me/none", "--from", merged, "--archive", two[0], "--dry-run")
        assert dry.exit_code == 0, dry.stderr


@pytest.mark.slow
def test_drift_in_any_of_the_archives_stops_it(hub: HubServer, shell: Shell, tmp_path: Path) -> None:
    with Replica() as replica:
        world = World(tmp_path / "A", replica)
        world.night()
        world.night(cut_short)
    other, merged = tmp_path / "other", tmp_path / "merged"
    drifting = world.workplace.folder
    assert shell.postkeep("init", other, "--key-of", drifting).exit_code == 0
    (other / "postkeep.toml").write_bytes((drifting / "postkeep.toml").read_bytes())
    ran = shell.postkeep("merge", drifting, other, "--into", merged)
    assert ran.exit_code == 0, ran.stderr
    ran = shell.postkeep("publish", "me/held-back", "--from", merged, "--archive", other)
    assert (ran.exit_code, "postkeep drift" in ran.stderr) == (5, True)


@pytest.mark.thorough
@pytest.mark.parametrize("named", ["name", "profile"])
def test_a_person_who_opted_out_of_another_archive_since_stays_behind(
    shell: Shell, two: tuple[Path, Path], merged: Path, named: str
) -> None:
    author = v1_post(POSTS[0]).by
    assert author is not None
    line = author.name if named == "name" else f"https://careerly.co.kr/profiles/{author.profile_id}"
    (two[1] / "left.txt").write_text(f"{line}\n")
    settings = two[1] / "postkeep.toml"
    settings.write_text(f'opt_out = "left.txt"\n{settings.read_text()}')
    repo = f"me/opted-by-{named}"
    ran = shell.postkeep("publish", repo, "--from", merged, "--archive", two[0])
    assert ran.exit_code == 0, ran.stderr
    assert f"careerly:comments-{POSTS[0]}" not in post_ids(shell, repo)


@pytest.mark.thorough
def test_a_takedown_takes_what_dry_runs_in_other_archives_wrote_to_be_looked_at(
    shell: Shell, two: tuple[Path, Path], merged: Path
) -> None:
    ran = shell.postkeep("publish", "me/dry", "--from", merged, "--archive", two[0], "--dry-run")
    assert (ran.exit_code, (two[0] / "publication-preview").is_dir()) == (0, True)
    post = f"careerly:comments-{POSTS[2]}"
    assert shell.postkeep("forget", post, "--reason", "Asked", "--archive", two[1]).exit_code == 0
    assert not (two[0] / "publication-preview").exists()


@pytest.mark.thorough
def test_a_takedown_that_any_of_the_archives_has_begun_is_seen(two: tuple[Path, Path], merged: Path) -> None:
    clock = VirtualClock()
    place, other = (workplace_at(folder, clock) for folder in two)
    place, other = (replace(each, settings=Settings()) for each in (place, other))
    with open_folder_source(merged, place, lambda _: other, exclusively=False) as source:
        assert not source.is_taking_down()
        note_pending(two[1], [Pending(f"careerly:comments-{POSTS[2]}", "asked")], Disk())
        assert source.is_taking_down()


@pytest.mark.thorough
def test_a_post_that_only_an_extraction_has_is_taken_down_by_its_address_and_goes_off_the_hub(
    hub: HubServer, shell: Shell, two: tuple[Path, Path], tmp_path: Path
) -> None:
    owner, folder = tmp_path / "owner", tmp_path / "extracted"
    assert shell.postkeep("init", owner, "--contact", "me@example.org").exit_code == 0
    making = ("extract", "--from", two[0] / "warc", "--into", folder, "--archive", owner)
    publishing = ("publish", "me/asked", "--from", folder, "--archive", owner)
    for words in (making, publishing):
        assert shell.postkeep(*words).exit_code == 0
    line = max(v1_post(POSTS[0]).text.split("\n"), key=len)
    ran = shell.postkeep(
        "forget", f"https://careerly.co.kr/comments/{POSTS[0]}", "--reason", "Asked", "--archive", owner
    )
    assert (ran.exit_code, "were taken out of the dataset" in ran.stderr) == (0, True), ran.stderr
    ran = shell.postkeep(*publishing)
    assert ran.exit_code == 0, ran.stderr
    assert post_ids(shell, "me/asked") == {f"careerly:comments-{POSTS[1]}"}
    for place in (owner, folder, folder.with_name("extracted.work")):
        assert not places_of(place, line)
    for name in hub.repository("me/asked").head.files:
        assert line.encode() not in hub.read("me/asked", name)
    again = shell.postkeep(*making, "--json")
    assert "refused" in again.outcomes
    assert shell.postkeep(*publishing).exit_code == 0
    assert post_ids(shell, "me/asked") == {f"careerly:comments-{POSTS[1]}"}
