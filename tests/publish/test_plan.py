"""What a publication changes on the Hub: every file that an export writes is its own, and no other."""

from pathlib import Path

from scraper.dataset.export import export
from scraper.dataset.layout import PLOTS
from scraper.publish.folder import DatasetFolder
from scraper.publish.plan import plan
from scraper.publish.remote import RemoteFile
from tests.dataset.exporting import FULL, ROWS
from tests.dataset.rows import CONTRACT, Rows


def test_whatever_an_export_wrote_goes_when_the_next_has_it_no_more(tmp_path: Path) -> None:
    export(ROWS, tmp_path / "full", contract=CONTRACT, card=FULL)
    export(Rows(), tmp_path / "bare", contract=CONTRACT, card=FULL)
    before, after = DatasetFolder.read(tmp_path / "full"), DatasetFolder.read(tmp_path / "bare")
    remote = {path: RemoteFile(file.size, file.blob_id, file.sha256) for path, file in before.files.items()}
    others = {name: RemoteFile(1, "blob", None) for name in ("LICENSE", "NOTES.md", "plots/mine.png")}
    gone = set(plan(after.files, remote | others).deletions)
    assert gone == before.files.keys() - after.files.keys()
    assert gone >= set(PLOTS)
    assert plan(before.files, remote | others).deletions == ()
