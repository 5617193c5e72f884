"""A real WordPress on loopback (Debian packages), from the testbed beside the repository: start it, change it, stop it.

The testbed's script installs the packages as root, seeds 14 posts and writes down what it seeded. Its state goes into a
folder of the test's, so nothing in the testbed is written.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import httpx
import pytest

from tests.conftest import REPOSITORY

Theme = Literal["twentytwentyone", "twentytwentythree"]

_SCRIPT: Final = Path("testbed", "servers", "wordpress", "start.sh")
_PORTS: Final[dict[Theme, int]] = {"twentytwentyone": 8801, "twentytwentythree": 8811}
_LOADED: Final = "define('WP_USE_THEMES', false); require '/usr/share/wordpress/wp-load.php'; "

# A server that caches paths looks again after two minutes.
_MOST_LOOKS: Final = 150


@dataclass(frozen=True, slots=True)
class WordPress:
    """A WordPress that is up. Post and comment ids are those of ``truth``; each change is there when its call returns."""

    folder: Path
    theme: Theme
    port: int
    script: Path

    @property
    def site(self) -> str:
        """Where it stands, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def authority(self) -> str:
        """Host and port, as in ``--connect-to 127.0.0.1:8801:127.0.0.1:8801``."""
        return self.site.removeprefix("http://")

    @property
    def reaching(self) -> list[str]:
        """The options of ``postkeep crawl`` and ``postkeep refresh`` that let it reach this server."""
        return ["--connect-to", f"{self.authority}:{self.authority}", "--allow-host", "127.0.0.1"]

    @property
    def truth(self) -> list[dict[str, Any]]:
        """The posts as they were seeded, with their comments; later changes do not show."""
        posts: list[dict[str, Any]] = json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))[
            "posts"
        ]
        return posts

    def add_post(self, title: str, content: str, published: datetime) -> int:
        """Publish a post; gives its id."""
        fields = {
            "post_title": title,
            "post_content": content,
            "post_status": "publish",
            "comment_status": "open",
            "post_date_gmt": published.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        }
        code = (
            "$post = json_decode($argv[1], true); "
            "echo wp_insert_post($post + ['post_date' => get_date_from_gmt($post['post_date_gmt'])]);"
        )
        return int(self._php(code, json.dumps(fields)))

    def edit_post(self, post_id: int, content: str) -> None:
        """Give a post another text, as HTML, with a new date of change."""
        self._update_post(post_id, {"post_content": content})

    def set_password(self, post_id: int, password: str) -> None:
        """Lock a post behind a password; an empty one opens it again."""
        self._update_post(post_id, {"post_password": password})

    def trash_post(self, post_id: int) -> None:
        """Move a post to the trash: its URL answers 404 from now on."""
        self._php("wp_trash_post($argv[1]);", post_id)

    def trash_comment(self, comment_id: int) -> None:
        """Move a comment to the trash: it is shown no more, nor are replies to it."""
        self._php("wp_trash_comment($argv[1]);", comment_id)

    def edit_comment(self, comment_id: int, content: str) -> None:
        """Give a comment another text."""
        self._php(
            "wp_update_comment(['comment_ID' => $argv[1], 'comment_content' => $argv[2]]);",
            comment_id,
            content,
        )

    def add_comment(
        self,
        post_id: int,
        author: str,
        content: str,
        parent: int = 0,
        fields: Mapping[str, str] | None = None,
    ) -> int:
        """Add an approved comment; gives its id. ``fields`` are further ones of ``wp_insert_comment``."""
        comment = {
            "comment_author": author,
            # Without one, the avatar has another host on each page that is asked for.
            "comment_author_email": "somebody@example.test",
            "comment_content": content,
            "comment_approved": "1",
        }
        code = (
            "echo wp_insert_comment(json_decode($argv[3], true) + "
            "['comment_post_ID' => $argv[1], 'comment_parent' => $argv[2]]);"
        )
        return int(self._php(code, post_id, parent, json.dumps(comment | dict(fields or {}))))

    def add_reader(self, login: str, name: str, email: str) -> int:
        """Register somebody who may comment; gives the account's id."""
        code = (
            "echo wp_insert_user(['user_login' => $argv[1], 'display_name' => $argv[2], "
            "'user_email' => $argv[3], 'user_pass' => 'no-secret', 'role' => 'subscriber']);"
        )
        return int(self._php(code, login, name, email))

    def set_option(self, name: str, value: str) -> None:
        """Change a setting of the site."""
        self._php("update_option($argv[1], $argv[2]);", name, value)

    @contextmanager
    def in_maintenance(self) -> Iterator[None]:
        """As during an update of WordPress: every URL answers 503 with a page about it (``wp_maintenance``)."""
        mark = Path("/usr/share/wordpress/.maintenance")
        # All that run from these files see it; the others are to go on.
        mark.write_text(
            f"<?php $upgrading = ($_SERVER['HTTP_HOST'] ?? '') === '{self.authority}' ? time() : 0;"
        )
        try:
            yield
        finally:
            mark.unlink()

    @contextmanager
    def with_plugin(self, code: str) -> Iterator[None]:
        """With a plugin of a few lines in force, for this WordPress alone."""
        plugins = self.folder / "plugins"
        plugins.mkdir(exist_ok=True)
        (plugins / "plugin.php").write_text(f"<?php {code}", encoding="utf-8")
        config = Path("/etc/wordpress", f"config-{self._config}.php")
        before = config.read_text(encoding="utf-8")
        config.write_text(f"{before}define('WPMU_PLUGIN_DIR', '{plugins}');", encoding="utf-8")
        try:
            yield
        finally:
            config.write_text(before, encoding="utf-8")

    @contextmanager
    def in_theme(self, themes: Path, name: str) -> Iterator[None]:
        """In a theme that lies in a folder of themes, which is copied so that the server may read it."""
        copied = self.folder / "themes"
        shutil.copytree(themes, copied, copy_function=shutil.copyfile, dirs_exist_ok=True)
        for path in (copied, *copied.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        with self.with_plugin(f"register_theme_directory('{copied}');"):
            self._php("switch_theme($argv[1]);", name)
            self._wait_for_pages()
            try:
                yield
            finally:
                self._php("switch_theme($argv[1]);", self.theme)

    def _wait_for_pages(self) -> None:
        """Until the server sees a folder that it looked for before it was there: it answers with empty pages till then."""
        for _ in range(_MOST_LOOKS):
            if httpx.get(f"http://127.0.0.1:{self.port}/", follow_redirects=True, timeout=60).content.strip():
                return
            time.sleep(1)
        raise RuntimeError("the testbed's WordPress shows empty pages in the theme")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """With nobody answering at the port."""
        self.control("stop")
        try:
            yield
        finally:
            self.control("start")

    def control(self, verb: Literal["start", "stop"]) -> subprocess.CompletedProcess[str]:
        """Start or stop it, by the testbed's script; what was seeded and changed stays."""
        settings = {
            "TESTBED_STATE": str(self.folder),
            "TRUTH": str(self.folder / "truth.json"),
            "WP_THEME": self.theme,
            "WP_PORT": str(self.port),
        }
        return subprocess.run(
            ["bash", str(self.script), verb],
            env=os.environ | settings,
            cwd=REPOSITORY,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def _state(self) -> Path:
        return self.folder / "wordpress"

    @property
    def _config(self) -> str:
        return f"testbed-{self.theme}-{self.port}"

    def _update_post(self, post_id: int, fields: dict[str, str]) -> None:
        code = "wp_update_post(['ID' => $argv[1]] + json_decode($argv[2], true));"
        self._php(code, post_id, json.dumps(fields))

    def _php(self, code: str, *arguments: object) -> str:
        """What PHP prints for a piece of code within this WordPress."""
        settings = {"WORDPRESS_CONFIG": self._config, "WP_HOST": self.authority}
        prepended = self._state / "prepend.php"
        command = ["php", "-d", f"auto_prepend_file={prepended}", "-d", "sendmail_path=/bin/true"]
        # As from a signed-in editor: what the public sees of it is asked for over HTTP alone.
        loaded = f"$_SERVER['HTTP_HOST'] = getenv('WP_HOST'); {_LOADED} wp_set_current_user(1); {code}"
        ran = subprocess.run(
            [*command, "-r", loaded, "--", *map(str, arguments)],
            env=os.environ | settings,
            check=False,
            capture_output=True,
            text=True,
        )
        if ran.returncode:
            raise RuntimeError(f"PHP within WordPress failed: {ran.stderr or ran.stdout}")
        return ran.stdout


@contextmanager
def serving(shared: Path, theme: Theme = "twentytwentyone", port: int | None = None) -> Iterator[WordPress]:
    """A freshly seeded WordPress, stopped and removed at the end; a test that cannot have one is skipped.

    Tests that run beside others name a ``port`` of their own.
    """
    script = shared / _SCRIPT
    if not script.is_file():
        pytest.skip(f"needs {_SCRIPT} of the testbed beside the repository, which is not there")
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip("the testbed installs WordPress with apt-get as root, which cannot run here")
    # Not pytest's own folder, which the database's user may not enter.
    with tempfile.TemporaryDirectory(prefix="postkeep-wordpress-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = WordPress(folder, theme, port or _PORTS[theme], script)
        started = server.control("start")
        try:
            if started.returncode:
                pytest.skip(f"the testbed's WordPress did not start: {started.stdout[-400:]}")
            yield server
        finally:
            server.control("stop")
