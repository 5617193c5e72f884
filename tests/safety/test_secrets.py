"""Secrets are planted where a run can see them, and everything that it writes is searched for them."""

import base64
import gzip
import logging
import subprocess
from pathlib import Path
from typing import Final

import pyarrow.parquet
import pytest

from scraper.errors import RefusedError
from scraper.fetch.client import WireClient
from scraper.model.exchange import Request
from scraper.settings import Limits, Network
from tests.cli.terminal import make_archive, postkeep
from tests.clock import VirtualClock
from tests.commands import command_line, environment
from tests.conftest import REPOSITORY
from tests.examples import few_of
from tests.fixtures.pages import v1_page
from tests.safety.hostile import HOST, head, hostile
from tests.takedown.searching import packed_in

TOKEN: Final = "hf_PlantedTokenOfTheHub0123456789"
PROXY: Final = "planted-proxy-password"
COOKIE: Final = "planted-session-cookie"
KEY: Final = b"planted-pseudonym-key-32-bytes!!"
TARGETS: Final = (f"https://{HOST}/comments/70991", f"https://{HOST}/comments/71204")


def spellings(secret: bytes) -> list[bytes]:
    """A secret as it may be written: as it is, in hex, in base64."""
    return [secret, secret.hex().encode(), base64.b64encode(secret).rstrip(b"=")]


SECRETS: Final = [
    spelling
    for secret in (TOKEN.encode(), PROXY.encode(), COOKIE.encode(), KEY)
    for spelling in spellings(secret)
]


def written(folder: Path) -> dict[str, bytes]:
    """All that lies in a folder, Parquet files as the text of their rows too, and databases with what is packed in them."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in folder.rglob("*.parquet"):
        found[f"{path.name} rows"] = repr(pyarrow.parquet.read_table(path).to_pylist()).encode()
    for path in folder.rglob("*.sqlite"):
        found[f"{path.name} unpacked"] = b"\0".join(packed_in(path))
    return found


@pytest.mark.thorough
def test_no_secret_is_in_anything_that_a_run_writes(tmp_path: Path) -> None:
    folder, out = tmp_path / "archive", tmp_path / "dataset"
    place = {
        **environment(),
        "HF_TOKEN": TOKEN,
        "HUGGING_FACE_HUB_TOKEN": TOKEN,
        "HTTPS_PROXY": f"http://user:{PROXY}@127.0.0.1:9",
    }
    said = b""

    def run(*arguments: str) -> None:
        nonlocal said
        done = subprocess.run(command_line(*arguments), check=False, capture_output=True, env=place)
        said += done.stdout + done.stderr
        assert done.returncode == 0, done.stderr.decode()

    make_archive(folder)
    (folder / "pseudonym.key").write_bytes(KEY)
    (folder / "pseudonym.key").chmod(0o600)
    answers = {
        f"/comments/{number}": lambda send, number=number: send(
            head(f"Set-Cookie: session={COOKIE}; Path=/") + v1_page(number).encode()
        )
        for number in (70991, 71204)
    }
    with hostile(answers, tmp_path) as server:
        (entry,) = server.network.connect_to
        reach = (
            "--connect-to",
            f"{HOST}:443:127.0.0.1:{entry.to_port}",
            "--cacert",
            str(server.network.cacert),
        )
        run("crawl", *TARGETS, "--archive", str(folder), *reach)
    said += postkeep("crawl", "--help", env=place, expect=0).stdout.encode()
    run("check", "--archive", str(folder), "--json")
    run("export", str(out), "--archive", str(folder))
    shard, merged = tmp_path / "shard", tmp_path / "merged"
    run("init", str(shard), "--key-of", str(folder), "--contact", "test@example.org")
    run("merge", str(shard), str(folder), "--into", str(merged), "-v")

    assert len([path for path in server.paths if path.startswith("/comments")]) == 2
    assert not [
        head for head in server.heads if "cookie:" in head.lower() or "authorization:" in head.lower()
    ]
    everything = (
        {"said": said}
        | written(out)
        | {f"merged {name}": data for name, data in written(merged).items()}
        | {
            name: data
            for name, data in written(folder).items()
            # What the site sent stands in the private WARC as it came, and the key in its own file.
            if not name.startswith("warc/") and name != "pseudonym.key"
        }
    )
    assert b"post_id" in everything["records.sqlite unpacked"]
    assert any(name.endswith("rows") for name in everything)
    assert [(name, secret) for name, data in everything.items() for secret in SECRETS if secret in data] == []


async def test_a_secret_that_a_caller_hands_in_is_neither_sent_nor_repeated(
    clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with WireClient("postkeep/test", None, Network(), Limits(), clock) as client:
        for name in ("Authorization", "Cookie", "Proxy-Authorization"):
            with pytest.raises(RefusedError) as refusal:
                await client.get(Request(f"https://{HOST}/", ((name, TOKEN),)))
            assert TOKEN not in str(refusal.value)
    assert TOKEN not in caplog.text


def test_no_cassette_holds_a_cookie_or_a_credential() -> None:
    cassettes = [
        path for path in (REPOSITORY / "cassettes").rglob("*") if path.suffix in {".yaml", ".yml", ".json"}
    ]
    for path in cassettes:
        text = path.read_text(encoding="utf-8").lower()
        assert not [word for word in ("set-cookie", "authorization:", "cookie:", "hf_") if word in text], path


@pytest.mark.thorough
@pytest.mark.parametrize("verb", few_of(["crawl", "import", "import --memento"], 1))
def test_credentials_in_a_url_that_was_typed_are_nowhere(tmp_path: Path, verb: str) -> None:
    folder, listed = tmp_path / "archive", tmp_path / "list.txt"
    said = b""
    typed = [
        f"https://me:{PROXY}@{path}" for path in (f"{HOST}/comments/70991", f"{HOST}/", "example.org/", ":x/")
    ]
    typed += [f"me:{PROXY}@{HOST}/comments/1", f"ftp://me:{PROXY}@{HOST}/comments/2"]
    listed.write_text("\n".join(typed), encoding="utf-8")
    saved = tmp_path / "page.html"
    saved.write_bytes(v1_page(70991).encode())
    with hostile(
        {"/comments/70991": lambda send: send(head() + v1_page(70991).encode())}, tmp_path
    ) as server:
        (entry,) = server.network.connect_to
        reach = (f"--connect-to={HOST}:443:127.0.0.1:{entry.to_port}", f"--cacert={server.network.cacert}")
        commands: dict[str, list[tuple[str, ...]]] = {
            "crawl": [("crawl", *typed, *reach), ("crawl", "--from", str(listed), "--json", *reach)],
            "import": [
                ("import", str(saved), "--url", typed[0]),
                ("import", str(saved), "--url", typed[-1], "--json"),
                ("import", typed[0]),
            ],
            "import --memento": [
                ("import", "--memento", f"https://me:{PROXY}@{HOST}/web/cdx", *typed, "--json", *reach),
                ("import", "--memento", f"https://me:{PROXY}@{HOST}/elsewhere", typed[0]),
            ],
        }
        make_archive(folder)
        for command in commands[verb]:
            ran = postkeep(*command, "--archive", folder)
            said += (ran.stdout + ran.stderr).encode()
            assert "Traceback" not in ran.stderr
    assert not [head for head in server.heads if PROXY in head or "authorization:" in head.lower()]
    everything = {"said": said} | written(folder)
    for path in (folder / "warc").iterdir():
        everything[f"{path.name} inflated"] = gzip.decompress(path.read_bytes())
    secrets = spellings(PROXY.encode()) + spellings(f"me:{PROXY}".encode())
    assert [(name, secret) for name, data in everything.items() for secret in secrets if secret in data] == []
    assert said
