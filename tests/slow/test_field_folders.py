"""The small inputs of trouble in the field, each by the script of its own folder: what it prints is what is right."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import environment
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.slow

BOTH_PAGES = "[done] https://gang.example/2024/willow/ gang.example:posts-7 :: None\n   [done] https://gang.example/2024/{}/"
TAKEN_IN = "[done] a.html gang.example:posts-7 :: None"
DATE = "-> ('2024-03-05T14:22:11+09:00', '2024-03-05 05:22:11+00:00')"
NO_CLOSING = r"^(?!.*failed)(?!.*mistake in postkeep)"

# folder: what the script prints, as patterns
RIGHT = {
    "02-members-not-records": [NO_CLOSING, r"(?s)(== [^\n]*\nrc=0.*){6}", r"(?s)(comments: \['첫째', '둘째'\].*){2}"],
    "03-lower-case-fields": [NO_CLOSING, re.escape(BOTH_PAGES.format("reed"))],
    "05-brotli-zstd": [NO_CLOSING, re.escape(BOTH_PAGES.format("reed"))],
    "06-wacz-backslash": [NO_CLOSING, r"(?s)'done': 1.*The archive has this very capture already"],
    "07-file-name-cp949": [r'"done": 1, "failed": 0'],
    "08-bom-in-toml": [NO_CLOSING, re.escape(TAKEN_IN)],
    "09-location-raw-utf8": [NO_CLOSING, re.escape("'/?p=7', '/%EB%B2%84%EB%93%A4/'")],
    "11-header-line-that-is-none": [NO_CLOSING, r"(?s)('done': 1\}.*'/robots\.txt', '/2024/willow/', '/\.well-known/tdmrep\.json'\].*){2}"],
    "12-resolve-double-slash": [r"(?s)^(same[^\n]*\n){4}$"],
    "13-query-in-page-charset": [r"^\('https://gang\.example/list\?cat=%B0%F8%C1%F6&page=2',\)$"],
    "14-sitemap-gz-text": [re.escape("pages=('https://gang.example/1', 'https://gang.example/2')"), "problem=None"],
    "15-sitemap-gz-members": [re.escape("pages=('https://gang.example/1', 'https://gang.example/2')"), "problem=None"],
    "16-sitemap-prefixed-root": [re.escape("pages=('https://gang.example/1',)"), "problem=None"],
    "17-atom-xml-base": [r"^\('https://gang\.example/blog/2024/willow',\)$"],
    "19-feed-not-well-formed": [
        r"(?s)(pages=\('https://gang\.example/1', 'https://gang\.example/2'\).*){2}",
        r"pages=\('https://gang\.example/\?p=1', 'https://gang\.example/\?a=1&b=2', 'https://gang\.example/\?p=3'\)",
    ],
    "21-ixdtf": [r"datetime\(2024, 3, 5, 5, 22, 11, tzinfo=datetime\.timezone\.utc\)"],
    "22-json-ld-not-strict": [rf"(?s)({re.escape(DATE)}.*){{5}}"],
    "24-lazy-images": [r"^\('https://gang\.example/a\.jpg',\)$"],
    "25-base-href": [re.escape("('https://gang.example/blog/reed/',) ('https://gang.example/blog/img/a.jpg',)")],
    "26-declared-counts": [
        r"(?s)^(?!.* full$)", r"(?m)^1\u202f234 réponses .*value=1234.* partial$", r"(?m)^1\.234 .*value=1234.* partial$",
        r"(?m)^댓글 1\.2만개 .*value=12000.* partial$", r"(?m)^댓글 99\+ .*value=None, raw='99\+'.* (partial|unknown)$",
    ],
    "28-gb2312-label": [r"gb18030 '价格€20 㐀'"],
    "29-utf16-saved-page": [NO_CLOSING, re.escape(TAKEN_IN)],
    "30-trailing-padding": [NO_CLOSING, r"(?s)('done': 1\}.*){2}"],
}  # fmt: skip


@pytest.mark.parametrize("folder", RIGHT)
def test_the_script_of_a_folder_prints_what_is_right(folder: str, shared: Path, tmp_path: Path) -> None:
    field = shared / "testbed" / "field"
    shutil.copy(field / "kit.py", tmp_path)
    shutil.copytree(field / folder, tmp_path / folder)
    (tmp_path / "postkeep-field").mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "tests.slow.former_names", str(tmp_path / folder / "run.py")],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=environment() | {"POSTKEEP": str(Path(sys.executable).with_name("postkeep")), "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    for pattern in RIGHT[folder]:
        assert re.search(pattern, ran.stdout), ran.stdout


def test_no_folder_is_left_out(shared: Path) -> None:
    folders = {path.parent.name for path in (shared / "testbed" / "field").glob("*/run.py")}
    assert folders == set(RIGHT)
