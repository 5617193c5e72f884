"""A file in any store that fsspec knows: buckets, other machines, the memory of this process."""

from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from fsspec import AbstractFileSystem
from fsspec.core import has_magic, url_to_fs
from fsspec.registry import known_implementations, registry

from scraper.archive.remote_file import LostError, without_secrets
from scraper.errors import RetryableError, SkippableError, UsageError

_STEP: Final = 1 << 22
# By which of these a store tells versions apart, the surest first.
_VERSIONS: Final = (
    "ETag",
    "etag",
    "md5Hash",
    "md5",
    "checksum",
    "sha",
    "generation",
    "mtime",
    "LastModified",
    "last_modified",
    "modified",
    "updated",
    "created",
)
_Answer = TypeVar("_Answer")


class FsspecStore:
    """One file at a URL of fsspec's, such as ``s3://bucket/file``.

    Raises:
        UsageError: there is no such scheme, or a package that it needs is not installed.
        SkippableError: it names no store that can be opened.
        RetryableError: the store cannot be reached for now.
    """

    def __init__(self, address: str, location: str) -> None:
        self.location = location
        self._address = address
        self._files, self._path = file_system(address, location)
        self._info: Mapping[str, Any] | None = None

    def size(self) -> int | None:
        """See ``Store``."""
        size = self._about().get("size")
        return int(size) if size is not None else None

    def identity(self) -> str:
        """See ``Store``."""
        about = self._about()
        version = next((about[name] for name in _VERSIONS if about.get(name)), "")
        return f"{about.get('size')} {version}".strip()

    def pieces(self, start: int, end: int | None) -> Generator[bytes, None, None]:
        """See ``Store``."""
        size = self.size()
        stop = size if end is None or size is None else min(end, size)
        at = start
        while stop is None or at < stop:
            until = at + _STEP if stop is None else min(at + _STEP, stop)
            piece = self._ask(partial(self._files.cat_file, self._path, start=at, end=until))
            if not piece:
                break
            at += len(piece)
            yield piece
        if stop is not None and at < stop:
            raise LostError(f"its store gave the bytes up to {at} only, of those up to {stop}")

    def _about(self) -> Mapping[str, Any]:
        if self._info is None:
            self._info = self._ask(lambda: self._files.info(self._path))
        if self._info.get("type") == "directory":
            raise SkippableError(f"{self.location} cannot be read: it is a folder. Name the files in it.")
        return self._info

    def _ask(self, ask: Callable[[], _Answer]) -> _Answer:
        try:
            return ask()
        except FileNotFoundError as error:
            raise SkippableError(
                f"{self.location} cannot be read: there is no such file. Check the address."
            ) from error
        except PermissionError as error:
            raise SkippableError(
                f"{self.location} cannot be read: its store does not give it to us. Check the address and your credentials."
            ) from error
        except Exception as error:
            reason = without_secrets(str(error), self._address) or type(error).__name__
            raise LostError(reason) from error


def file_system(address: str, location: str) -> tuple[AbstractFileSystem, str]:
    """The store that a URL of fsspec's names, and the path in it.

    Raises:
        UsageError: there is no such scheme, or a package that it needs is not installed.
        SkippableError: it names no store that can be opened.
        RetryableError: the store cannot be reached for now.
    """
    scheme = address.partition(":")[0]
    if scheme not in known_implementations and scheme not in registry:
        raise UsageError(f"{location}: nothing that is installed reads {scheme}://. Check the address.")
    try:
        files, path = url_to_fs(address)
    except ImportError as error:
        about = known_implementations.get(scheme, {})
        needed = about.get("err") or str(error)
        package = about.get("class", "").partition(".")[0]
        remedy = f" Run: pip install {package}" if package and package != "fsspec" else ""
        raise UsageError(
            f"{location}: {scheme}:// is read with a package that is not installed ({needed}).{remedy}"
        ) from error
    except Exception as error:
        reason = without_secrets(str(error), address) or type(error).__name__
        kind = RetryableError if _is_of_connection(error) else SkippableError
        raise kind(f"{location} cannot be opened: {reason}. Check the address.") from error
    return files, str(path)


def _is_of_connection(error: Exception) -> bool:
    return isinstance(error, OSError) and not isinstance(error, FileNotFoundError | PermissionError)


def listed(address: str, location: str) -> list[str] | None:
    """The URLs of the files that a pattern, or a folder, of a store names, in order; None where the URL names one file.

    Raises:
        UsageError: as ``file_system``.
        SkippableError: there is no such folder, or it is not shown.
        RetryableError: the store gave no list.
    """
    if "::" in address:
        return None
    files, path = file_system(address, location)
    try:
        if has_magic(path):
            paths = [each for each, about in files.glob(path, detail=True).items() if about["type"] == "file"]
        elif files.isdir(path):
            paths = list(files.find(path))
        else:
            return None
    except Exception as error:
        raise RetryableError(
            f"{location} cannot be listed: {without_secrets(str(error), address)}. Run the same command again later."
        ) from error
    scheme, _, rest = address.partition("://")
    host = rest.partition("/")[0]
    userinfo, at, name = host.rpartition("@")
    # A bucket is the beginning of a path, and a server stands before it.
    is_bucket = path.lstrip("/").startswith(name)
    beginning = f"{scheme}://{userinfo}{at}" if is_bucket else f"{scheme}://{host}/"
    return sorted(beginning + str(each).lstrip("/") for each in paths)
