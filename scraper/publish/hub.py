"""The one file that touches huggingface_hub: what we ask of the Hub, and its errors as ours.

The token is found where huggingface_hub finds it: a workflow that the Hub trusts exchanges its identity for one (HF_OIDC_RESOURCE),
else HF_TOKEN, or what ``hf auth login`` stored. It is never kept, shown or logged here.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import httpx2
import pyarrow.parquet as pq
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    HfFileSystem,
    constants,
    get_token,
)
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled, OIDCError
from huggingface_hub.hf_api import LFSFileInfo, RepoFile
from huggingface_hub.utils._http import default_client_factory, set_client_factory
from huggingface_hub.utils._validators import validate_repo_id
from huggingface_hub.utils.tqdm import disable_progress_bars

from scraper.errors import PostkeepError, RetryableError, StopError, UsageError
from scraper.publish.answers import (
    TOKENS_PAGE,
    BusyError,
    LostAnswerError,
    NameTakenError,
    NotThereError,
    Refusal,
    UnaskedError,
    explained,
)
from scraper.publish.parts import Upload, side_by_side
from scraper.publish.patience import patiently
from scraper.publish.remote import Account, RemoteCommit, RemoteFile, RemoteState
from scraper.publish.trust import OF_A_WORKFLOW, untrusted

_KIND: Final = "dataset"
_MAIN: Final = "main"
# The client of huggingface_hub waits for ever. An upload in motion may take any time; silence may not.
_SILENCE: Final = 300.0
_CONNECT: Final = 20.0
# hf_xet has one kind of error for all that it meets, and says it in words.
_XET_STATUS: Final = re.compile(r"HTTP status (?:client|server) error \((\d{3}) ")
_XET_SILENCE: Final = "error sending request for url"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Files whose bytes are on the Hub, ready for a commit."""

    operations: list[CommitOperationAdd]


class Hub:
    """A dataset repository on the Hub, by its name, ``OWNER/NAME``.

    Each method raises the errors of ``answers.explained``; RetryableError where the network or the Hub failed for now
    and asking again, a bounded number of times, did not help.

    Raises:
        UsageError: the name is none that the Hub allows.
    """

    def __init__(self, repo: str) -> None:
        _require_name(repo)
        disable_progress_bars()
        set_client_factory(_patient_client)
        self.repo = repo
        self._api = HfApi(library_name="postkeep")

    @property
    def url(self) -> str:
        """The repository's page."""
        return f"{constants.ENDPOINT}/datasets/{self.repo}"

    def account(self) -> Account:
        """Whose token it is.

        Raises:
            UnaskedError: there is no token, or the Hub does not trust the workflow that runs this.
        """
        try:
            # Nothing is asked of the Hub for a token but by a workflow.
            token = self._ask("exchanging the workflow's identity for a token", get_token)
        except StopError as error:
            raise UnaskedError(untrusted(self.repo, self.url, str(error))) from error
        if token is None:
            raise UnaskedError(
                f"There is no token for the Hub, so nothing can be published to {self.repo}. Make one with write access "
                f"at {TOKENS_PAGE}, then run: hf auth login (or set HF_TOKEN)."
            )
        if token.startswith(OF_A_WORKFLOW):
            return Account("this workflow", None)
        identity = self._ask("asking whose token this is", self._api.whoami)
        access = identity.get("auth", {}).get("accessToken", {})
        return Account(identity["name"], access.get("role"))

    def state(self) -> RemoteState | None:
        """The main branch as it is now; None where there is no such repository that the token may see."""
        try:
            info = self._ask("looking at it", lambda: self._api.dataset_info(self.repo))
        except NotThereError:
            return None
        head = str(info.sha)
        refs = self._ask("reading its refs", lambda: self._api.list_repo_refs(self.repo, repo_type=_KIND))
        return RemoteState(
            head=head,
            is_private=bool(info.private),
            is_gated=bool(info.gated),
            files=self.files(head),
            tags={tag.name: tag.target_commit for tag in refs.tags},
        )

    def files(self, revision: str) -> Mapping[str, RemoteFile]:
        """All files at a revision, by path."""

        def listed() -> dict[str, RemoteFile]:
            entries = self._api.list_repo_tree(self.repo, recursive=True, revision=revision, repo_type=_KIND)
            return {
                entry.path: RemoteFile(entry.size, entry.blob_id, entry.lfs.sha256 if entry.lfs else None)
                for entry in entries
                if isinstance(entry, RepoFile)
            }

        return self._ask("listing its files", listed)

    def history(self, revision: str | None = None) -> list[RemoteCommit]:
        """The commits that lead to a revision (None: the main branch), newest first."""
        commits = self._ask(
            "reading its history",
            lambda: self._api.list_repo_commits(self.repo, repo_type=_KIND, revision=revision),
        )
        return [RemoteCommit(item.commit_id, item.created_at, item.title, item.message) for item in commits]

    @contextmanager
    def opened(self, path: str, revision: str) -> Iterator[Path]:
        """A file at a revision, on this machine for as long as the context lasts."""
        with tempfile.TemporaryDirectory(prefix="postkeep-") as folder:

            def fetch() -> str:
                return self._api.hf_hub_download(
                    self.repo, path, repo_type=_KIND, revision=revision, local_dir=folder
                )

            yield Path(self._ask(f"downloading {path}", fetch))

    def column(self, path: str, revision: str, name: str) -> frozenset[str]:
        """The values of one column of texts in a Parquet file at a revision; no more of the file is fetched than that."""

        def fetched() -> frozenset[str]:
            files = HfFileSystem(skip_instance_cache=True)
            with files.open(f"datasets/{self.repo}@{revision}/{path}", "rb") as file:
                table = pq.read_table(file, columns=[name])
            return frozenset(table.column(name).unique().to_pylist())

        return self._ask(f"reading {path}", fetched)

    def read(self, path: str, revision: str) -> bytes:
        """The bytes of a small file at a revision."""
        with self.opened(path, revision) as file:
            return file.read_bytes()

    def create(self) -> None:
        """Make the repository, private; nothing happens where it is there."""
        with suppress(NameTakenError):
            self._ask("making it", lambda: self._api.create_repo(self.repo, private=True, repo_type=_KIND))

    def upload(self, files: Sequence[Upload], uploaded: Callable[[str], None]) -> "Uploaded":
        """Bring files to the Hub, as no part of any commit yet; ``uploaded`` is told the path of each that is there."""
        operations: list[CommitOperationAdd] = []
        for part in side_by_side(files):
            added = [CommitOperationAdd(file.path, file.source) for file in part]
            self._ask("uploading to it", partial(self._upload, added))
            operations += added
            for file in part:
                uploaded(file.path)
        return Uploaded(operations)

    def commit(
        self, files: "Uploaded", deletions: Sequence[str], *, parent: str, title: str, description: str
    ) -> str:
        """Add ``files`` and delete paths in one commit on top of ``parent``; gives its id.

        It is asked for once: whoever gets LostAnswerError has to look at what stands there.

        Raises:
            StaleHeadError: the main branch is no longer at ``parent``; nothing was committed.
            LostAnswerError: the commit may or may not have been made.
        """
        deleted = [CommitOperationDelete(path, is_folder=False) for path in deletions]

        def request() -> str:
            made = self._api.create_commit(
                self.repo,
                [*files.operations, *deleted],
                commit_message=title,
                commit_description=description,
                parent_commit=parent,
                repo_type=_KIND,
            )
            return str(made.oid)

        return self._ask("committing to it", request, again=(BusyError,))

    def tag(self, name: str, commit: str) -> None:
        """Give a commit a tag.

        Raises:
            NameTakenError: there is a tag of this name, or an earlier attempt of this call made it.
        """
        self._ask(
            "tagging it",
            lambda: self._api.create_tag(self.repo, tag=name, revision=commit, repo_type=_KIND),
        )

    def delete_tag(self, name: str) -> None:
        """Take a tag away; nothing happens where there is none of this name."""
        with suppress(NotThereError):
            self._ask("deleting a tag", lambda: self._api.delete_tag(self.repo, tag=name, repo_type=_KIND))

    def squash(self, message: str) -> None:
        """Replace the main branch's history by one commit of the same files. There is no way back."""
        self._ask(
            "squashing its history",
            lambda: self._api.super_squash_history(self.repo, commit_message=message, repo_type=_KIND),
        )

    def delete_large_files(self, digests: Iterable[str]) -> None:
        """Delete stored files for good. There is no way back."""
        unwanted = frozenset(digests)
        files = [file for file in self._listed_large_files() if file.file_oid in unwanted]
        self._ask(
            "deleting stored files",
            lambda: self._api.permanently_delete_lfs_files(
                self.repo, files, rewrite_history=False, repo_type=_KIND
            ),
        )

    def other_refs(self) -> tuple[str, ...]:
        """The refs that are neither branch nor tag: conversions and pull requests, which we cannot change."""
        refs = self._ask(
            "reading its refs",
            lambda: self._api.list_repo_refs(self.repo, repo_type=_KIND, include_pull_requests=True),
        )
        return tuple(ref.ref for ref in (*refs.converts, *(refs.pull_requests or ())))

    def set_public(self) -> None:
        """Let everybody see the repository."""
        self._ask(
            "making it public",
            lambda: self._api.update_repo_settings(self.repo, private=False, repo_type=_KIND),
        )

    def set_gated(self) -> None:
        """Have those who want to read the repository ask for it, and its owners answer one by one."""
        self._ask(
            "having access requested",
            lambda: self._api.update_repo_settings(self.repo, gated="manual", repo_type=_KIND),
        )

    def _listed_large_files(self) -> list[LFSFileInfo]:
        return self._ask(
            "listing stored files", lambda: list(self._api.list_lfs_files(self.repo, repo_type=_KIND))
        )

    def _upload(self, operations: Sequence[CommitOperationAdd]) -> None:
        self._api.preupload_lfs_files(
            self.repo, operations, repo_type=_KIND, revision=_MAIN, free_memory=False
        )

    def _ask(
        self,
        doing: str,
        request: Callable[[], T],
        again: tuple[type[PostkeepError], ...] = (LostAnswerError, BusyError),
    ) -> T:
        """What ``request`` gives, asked for again, a bounded number of times, on the errors ``again``."""

        def attempt() -> T:
            with self._translated(doing):
                return request()

        return patiently(attempt, again)

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        """Turn what huggingface_hub and its HTTP client raise into errors of ours."""
        try:
            yield
        except PostkeepError:
            raise
        except OIDCError as error:
            raise StopError(f"{self.repo} on the Hub, {doing}: {error}") from error
        except (HfHubHTTPError, httpx2.HTTPError, OSError, ValueError, RuntimeError) as error:
            raise self._explained(error, doing) from error

    def _explained(self, error: BaseException, doing: str) -> PostkeepError:
        about = f"{self.repo} on the Hub, {doing}"
        if isinstance(error, HfHubHTTPError):
            return explained(_refusal(error), self.repo, doing)
        if isinstance(error, OfflineModeIsEnabled):
            return UnaskedError(f"{about}: HF_HUB_OFFLINE is set, so the Hub is not asked. Unset it.")
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return LostAnswerError(
                f"{about}: {constants.ENDPOINT} cannot be reached. Nothing was published. "
                f"Check the network, then run the same command again."
            )
        if isinstance(error, httpx2.TransportError):
            return LostAnswerError(
                f"{about}: the connection broke off ({type(error).__name__}). Run the same command again."
            )
        cause = error.__cause__
        if cause is not None:
            # An upload's own error says only which file it was.
            return self._explained(cause, f"{doing} ({_without_token(str(error))})")
        if status := _XET_STATUS.search(str(error)):
            return explained(Refusal(int(status[1]), None, ""), self.repo, doing)
        if _XET_SILENCE in str(error):
            # hf_xet has asked again for minutes by itself.
            return RetryableError(
                f"{about}: the connection broke off again and again. Run the same command again."
            )
        return StopError(
            f"{about}: {_without_token(str(error))}. Run the same command again, or please report it."
        )


def _patient_client() -> httpx2.Client:
    client = default_client_factory()
    client.timeout = httpx2.Timeout(_SILENCE, connect=_CONNECT)
    return client


def _require_name(repo: str) -> None:
    """Raise UsageError where ``repo`` is not ``OWNER/NAME`` as the Hub allows it."""
    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        problem = str(error).rstrip(".")
    else:
        if repo.count("/") == 1:
            return
        problem = "it names no owner"
    raise UsageError(
        f"{repo!r} is no name of a dataset on the Hub: {problem}. Write OWNER/NAME, of letters, digits, "
        f"'-', '_' and '.', such as my-name/careerly-posts."
    )


def _refusal(error: HfHubHTTPError) -> Refusal:
    headers = error.response.headers
    message = error.server_message or headers.get("X-Error-Message") or ""
    return Refusal(
        status=error.response.status_code,
        code=headers.get("X-Error-Code"),
        message=_without_token(" ".join(message.split())),
        seconds=_seconds(headers.get("Retry-After")),
    )


def _seconds(value: str | None) -> float | None:
    return float(value) if value is not None and value.isdecimal() else None


def _without_token(text: str) -> str:
    """A text without the token; an exchange for one that fails has no token to show."""
    with suppress(HfHubHTTPError, httpx2.HTTPError, OSError, ValueError, OIDCError):
        if token := get_token():
            return text.replace(token, "⟨token⟩")
    return text
