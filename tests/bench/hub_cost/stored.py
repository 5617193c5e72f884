"""How many bytes a Hub would store anew: hf_xet's own chunking and deduplication, into a folder instead of a server."""

import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import hf_xet

_LONG: Final = 86_400


class XetStore:
    """What the Hub holds of one repository, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True)

    def put(self, paths: Iterable[Path]) -> int:
        """Upload files; gives the bytes of the chunks that the store did not have."""
        commit = hf_xet.XetSession().new_upload_commit(
            endpoint=f"local://{self._folder}", token="none", token_expiry_unix_secs=int(time.time()) + _LONG
        )
        for path in paths:
            commit.start_upload_file(str(path))
        return int(commit.wait_to_finish().dedup_metrics.new_bytes)

    def copy(self, folder: Path) -> "XetStore":
        """Another store that holds the same."""
        other = XetStore(folder)
        shutil.copytree(self._folder, folder, dirs_exist_ok=True)
        return other
