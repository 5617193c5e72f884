"""What a Hub answers, each request a function; the app finds the one that a request asks for.

Every path below a repository is relative to ``/api/datasets/<owner>/<name>`` unless it says otherwise.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, unquote

import yaml
from starlette.responses import JSONResponse, Response

from tests.hub.storage import (
    Commit,
    Repository,
    StaleParentError,
    StoredFile,
    TakenError,
    UnknownEntryError,
    UnknownRevisionError,
    git_blob_id,
    is_large,
)


@dataclass(frozen=True, slots=True)
class Account:
    """Who a token belongs to. ``role`` is the token's: read, write or fineGrained."""

    name: str
    role: str = "write"
    organizations: tuple[str, ...] = ()

    def owns(self, namespace: str) -> bool:
        return namespace in {self.name, *self.organizations}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base: str

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else {}


class HubError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


@dataclass(slots=True)
class Holdings:
    """All that one Hub holds."""

    accounts: dict[str, Account]
    repositories: dict[str, Repository] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def content(self, file: StoredFile) -> bytes:
        return file.content if file.content is not None else self.blobs[file.sha256 or ""]


Answer = Callable[..., Response]
_ROUTES: Final[list[tuple[str, re.Pattern[str], Answer]]] = []
_REPO: Final = r"/api/datasets/(?P<repo>[^/]+/[^/]+)"


def _route(method: str, path: str) -> Callable[[Answer], Answer]:
    def register(answer: Answer) -> Answer:
        _ROUTES.append((method, re.compile(path), answer))
        return answer

    return register


def answer(holdings: Holdings, asked: Asked) -> Response:
    """The answer to a request. Revisions and file paths arrive quoted, so the raw path is what is matched."""
    try:
        for method, path, found in _ROUTES:
            match = path.fullmatch(asked.path)
            if match and method == asked.method:
                parts = {name: unquote(part) for name, part in match.groupdict().items() if part is not None}
                return _answer(holdings, asked, found, parts)
    except HubError as error:
        return refusal(error.status, error.message, error.code)
    return refusal(404, f"this Hub has no {asked.method} {asked.path}")


def refusal(
    status: int, message: str, code: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """An error as the Hub words it."""
    said = {"X-Error-Message": message} | ({"X-Error-Code": code} if code else {})
    return JSONResponse({"error": message}, status, headers=said | dict(headers or {}))


def _answer(holdings: Holdings, asked: Asked, found: Answer, parts: dict[str, str]) -> Response:
    if "repo" not in parts:
        return found(holdings, asked, **parts)
    try:
        repository = _readable(holdings, asked, parts.pop("repo"))
        if found in _WRITES:
            _require_writer(holdings, asked, repository)
        return found(holdings, asked, repository, **parts)
    except UnknownRevisionError as error:
        raise HubError(404, f"Invalid rev id: {error}", "RevisionNotFound") from error
    except UnknownEntryError as error:
        raise HubError(404, f"A file with this name doesn't exist: {error}", "EntryNotFound") from error
    except StaleParentError as error:
        raise HubError(412, "A commit has happened since. Please refresh and try again.") from error
    except TakenError as error:
        raise HubError(409, f"Tag already exists: {error}") from error


def _account(holdings: Holdings, asked: Asked) -> Account | None:
    token = asked.headers.get("authorization", "").removeprefix("Bearer ")
    if token and token not in holdings.accounts:
        raise HubError(401, "Invalid credentials in Authorization header")
    return holdings.accounts.get(token)


def _readable(holdings: Holdings, asked: Asked, name: str) -> Repository:
    """The repository, where whoever asks may know that it is there."""
    account = _account(holdings, asked)
    repository = holdings.repositories.get(name)
    is_owner = account is not None and account.owns(name.split("/", maxsplit=1)[0])
    if repository is None or (repository.visibility == "private" and not is_owner):
        raise HubError(404 if account else 401, "Repository not found", "RepoNotFound")
    return repository


def _require_writer(holdings: Holdings, asked: Asked, repository: Repository) -> None:
    account = _account(holdings, asked)
    if account is None:
        raise HubError(401, "Invalid username or password.")
    if account.role == "read" or not account.owns(repository.name.split("/")[0]):
        raise HubError(403, "you must use a write token to upload to a repository.")


@_route("GET", "/api/whoami-v2")
def _whoami(holdings: Holdings, asked: Asked) -> Response:
    account = _account(holdings, asked)
    if account is None:
        raise HubError(401, "Invalid username or password.")
    return JSONResponse(
        {
            "type": "user",
            "name": account.name,
            "orgs": [{"name": name, "roleInOrg": "write"} for name in account.organizations],
            "auth": {"type": "access_token", "accessToken": {"displayName": "test", "role": account.role}},
        }
    )


@_route("POST", "/api/repos/create")
def _create(holdings: Holdings, asked: Asked) -> Response:
    account = _account(holdings, asked)
    if account is None:
        raise HubError(401, "Invalid username or password.")
    wanted = asked.json
    name = f"{wanted.get('organization') or account.name}/{wanted['name']}"
    if account.role == "read" or not account.owns(name.split("/", maxsplit=1)[0]):
        raise HubError(403, "You don't have the rights to create a dataset under the namespace")
    if name in holdings.repositories:
        raise HubError(409, "You already created this dataset repo")
    holdings.repositories[name] = Repository(name, wanted.get("visibility", "public"))
    return JSONResponse({"url": f"{asked.base}/datasets/{name}", "name": name})


@_route("POST", "/api/validate-yaml")
def _validate_yaml(_holdings: Holdings, _asked: Asked) -> Response:
    return JSONResponse({"errors": [], "warnings": []})


@_route("GET", rf"{_REPO}(?:/revision/(?P<revision>[^/]+))?")
def _information(
    holdings: Holdings, asked: Asked, repository: Repository, revision: str = "main"
) -> Response:
    commit = repository.resolve(revision)
    return JSONResponse(
        {
            "_id": "0" * 24,
            "id": repository.name,
            "author": repository.name.split("/")[0],
            "sha": commit.oid,
            "lastModified": _time(commit),
            "createdAt": _time(commit),
            "private": repository.visibility == "private",
            "gated": repository.gated,
            "disabled": False,
            "downloads": 0,
            "likes": 0,
            "tags": [],
            "cardData": _card(commit),
            "siblings": [{"rfilename": path} for path in commit.files],
        }
    )


@_route("PUT", rf"{_REPO}/settings")
def _settings(_holdings: Holdings, asked: Asked, repository: Repository) -> Response:
    repository.gated = asked.json.get("gated", repository.gated)
    repository.visibility = asked.json.get("visibility", repository.visibility)
    return JSONResponse({})


@_route("POST", rf"{_REPO}/preupload/(?P<revision>[^/]+)")
def _preupload(_holdings: Holdings, asked: Asked, repository: Repository, revision: str) -> Response:
    present = repository.resolve(revision).files
    return JSONResponse(
        {
            "files": [
                {
                    "path": file["path"],
                    "uploadMode": "lfs" if is_large(file["path"], file["size"]) else "regular",
                    "shouldIgnore": False,
                    **(
                        {"oid": present[file["path"]].sha256 or present[file["path"]].blob_id}
                        if file["path"] in present
                        else {}
                    ),
                }
                for file in asked.json["files"]
            ]
        }
    )


@_route("POST", r"/datasets/(?P<repo>[^/]+/[^/]+)\.git/info/lfs/objects/batch")
def _large_files(holdings: Holdings, asked: Asked, _repository: Repository) -> Response:
    def described(wanted: Mapping[str, Any]) -> dict[str, Any]:
        oid = wanted["oid"]
        if oid in holdings.blobs:
            return {"oid": oid, "size": wanted["size"]}
        actions = {
            "upload": {"href": f"{asked.base}/lfs-upload/{oid}"},
            "verify": {"href": f"{asked.base}/lfs-verify"},
        }
        return {"oid": oid, "size": wanted["size"], "authenticated": True, "actions": actions}

    return JSONResponse(
        {"transfer": "basic", "objects": [described(wanted) for wanted in asked.json["objects"]]}
    )


@_route("PUT", "/lfs-upload/(?P<oid>[0-9a-f]{64})")
def _upload(holdings: Holdings, asked: Asked, oid: str) -> Response:
    if hashlib.sha256(asked.body).hexdigest() != oid:
        raise HubError(400, "the bytes do not have this digest")
    holdings.blobs[oid] = asked.body
    return Response(headers={"ETag": f'"{oid}"'})


@_route("POST", "/lfs-verify")
def _verify(holdings: Holdings, asked: Asked) -> Response:
    return JSONResponse({"success": asked.json["oid"] in holdings.blobs})


@_route("POST", rf"{_REPO}/commit/(?P<revision>[^/]+)")
def _commit(holdings: Holdings, asked: Asked, repository: Repository, revision: str) -> Response:
    if revision != "main":
        raise UnknownRevisionError(revision)
    header, *operations = (json.loads(line) for line in asked.body.splitlines())
    additions: dict[str, StoredFile] = {}
    deletions: list[str] = []
    for operation in operations:
        value = operation["value"]
        if operation["key"] == "file":
            additions[value["path"]] = StoredFile.of(base64.b64decode(value["content"]))
        elif operation["key"] == "lfsFile":
            if value["oid"] not in holdings.blobs:
                raise HubError(400, f"the bytes of {value['path']} were not uploaded")
            additions[value["path"]] = StoredFile(len(holdings.blobs[value["oid"]]), sha256=value["oid"])
        elif operation["key"] == "deletedFile":
            deletions.append(value["path"])
    told = header["value"]
    made = repository.commit(
        additions,
        deletions,
        title=told["summary"],
        description=told.get("description", ""),
        parent=told.get("parentCommit"),
    )
    url = f"{asked.base}/datasets/{repository.name}/commit/{made.oid}"
    return JSONResponse({"success": True, "commitOid": made.oid, "commitUrl": url})


@_route("POST", rf"{_REPO}/tag/(?P<revision>[^/]+)")
def _tag(_holdings: Holdings, asked: Asked, repository: Repository, revision: str) -> Response:
    repository.tag(asked.json["tag"], revision)
    return JSONResponse({"success": True})


@_route("DELETE", rf"{_REPO}/tag/(?P<tag>[^/]+)")
def _untag(_holdings: Holdings, _asked: Asked, repository: Repository, tag: str) -> Response:
    if tag not in repository.tags:
        raise UnknownRevisionError(tag)
    del repository.tags[tag]
    return JSONResponse({"success": True})


@_route("POST", rf"{_REPO}/super-squash/(?P<revision>[^/]+)")
def _squash(_holdings: Holdings, asked: Asked, repository: Repository, revision: str) -> Response:
    if revision != "main":
        raise UnknownRevisionError(revision)
    repository.squash(asked.json["message"])
    return JSONResponse({"success": True})


@_route("GET", rf"{_REPO}/lfs-files")
def _list_large_files(holdings: Holdings, asked: Asked, repository: Repository) -> Response:
    """Every large file that was ever stored for the repository and not deleted, referred to or not."""
    return JSONResponse(
        [
            {
                "fileOid": oid,
                "filename": "",
                "oid": oid,
                "size": len(content),
                "pushedAt": _time(repository.head),
                "ref": None,
            }
            for oid, content in holdings.blobs.items()
        ]
    )


@_route("POST", rf"{_REPO}/lfs-files/batch")
def _delete_large_files(holdings: Holdings, asked: Asked, _repository: Repository) -> Response:
    for oid in asked.json["deletions"]["sha"]:
        holdings.blobs.pop(oid, None)
    return JSONResponse({})


@_route("GET", rf"{_REPO}/refs")
def _refs(_holdings: Holdings, asked: Asked, repository: Repository) -> Response:
    def named(kind: str, refs: Mapping[str, str]) -> list[dict[str, str]]:
        return [
            {
                "name": name.removeprefix("refs/"),
                "ref": name if name.startswith("refs/") else f"refs/{kind}/{name}",
                "targetCommit": oid,
            }
            for name, oid in refs.items()
        ]

    found = {
        "branches": named("heads", repository.branches),
        "tags": named("tags", repository.tags),
        "converts": named("convert", repository.converts),
    }
    if asked.query.get("include_prs"):
        found["pullRequests"] = named("pr", repository.pulls)
    return JSONResponse(found)


@_route("GET", rf"{_REPO}/commits/(?P<revision>[^/]+)")
def _commits(_holdings: Holdings, _asked: Asked, repository: Repository, revision: str) -> Response:
    return JSONResponse(
        [
            {
                "id": commit.oid,
                "title": commit.title,
                "message": commit.description,
                "authors": [{"user": repository.name.split("/")[0]}],
                "date": _time(commit),
            }
            for commit in repository.history(revision)
        ]
    )


@_route("GET", rf"{_REPO}/tree/(?P<revision>[^/]+)(?:/(?P<below>.*))?")
def _tree(
    _holdings: Holdings, asked: Asked, repository: Repository, revision: str, below: str = ""
) -> Response:
    files = repository.resolve(revision).files
    recursive = asked.query.get("recursive", "").lower() in {"true", "1"}
    prefix = f"{below}/" if below else ""
    found = [path for path in _with_folders(files) if path.startswith(prefix)]
    if below and not found:
        raise UnknownEntryError(below)
    shown = [path for path in found if recursive or "/" not in path[len(prefix) :]]
    return JSONResponse([_entry(path, files.get(path)) for path in shown])


@_route("POST", rf"{_REPO}/paths-info/(?P<revision>[^/]+)")
def _paths(_holdings: Holdings, asked: Asked, repository: Repository, revision: str) -> Response:
    files = repository.resolve(revision).files
    is_json = "json" in asked.headers.get("content-type", "")
    wanted = asked.json["paths"] if is_json else parse_qs(asked.body.decode()).get("paths", [])
    known = set(_with_folders(files))
    return JSONResponse([_entry(path, files.get(path)) for path in wanted if path in known])


@_route("GET", r"/datasets/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)")
@_route("HEAD", r"/datasets/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)")
def _resolve(holdings: Holdings, asked: Asked, repository: Repository, revision: str, path: str) -> Response:
    commit = repository.resolve(revision)
    if path not in commit.files:
        missing = refusal(404, "Entry not found", "EntryNotFound")
        missing.headers["X-Repo-Commit"] = commit.oid
        return missing
    file = commit.files[path]
    headers = {"X-Repo-Commit": commit.oid, "Accept-Ranges": "bytes"}
    if file.content is not None:
        return _bytes(asked, file.content, git_blob_id(file.content), headers)
    # Clients follow a redirect within one host and then miss the headers of this answer, hence another name.
    store = asked.base.replace("127.0.0.1", "localhost")
    linked = {"X-Linked-Etag": f'"{file.sha256}"', "X-Linked-Size": str(file.size)}
    return Response(
        status_code=302, headers=headers | linked | {"Location": f"{store}/lfs-download/{file.sha256}"}
    )


@_route("GET", "/lfs-download/(?P<oid>[0-9a-f]{64})")
@_route("HEAD", "/lfs-download/(?P<oid>[0-9a-f]{64})")
def _download(holdings: Holdings, asked: Asked, oid: str) -> Response:
    if oid not in holdings.blobs:
        raise HubError(404, "this file was deleted")
    return _bytes(asked, holdings.blobs[oid], oid, {})


_WRITES: Final = frozenset(
    {_settings, _preupload, _large_files, _commit, _tag, _untag, _squash, _delete_large_files}
)


def _bytes(asked: Asked, content: bytes, etag: str, headers: Mapping[str, str]) -> Response:
    said = {
        **headers,
        "ETag": f'"{etag}"',
        "Accept-Ranges": "bytes",
        "Content-Type": "application/octet-stream",
    }
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", asked.headers.get("range", ""))
    if wanted is None:
        if asked.method == "HEAD":
            return Response(headers={**said, "Content-Length": str(len(content))})
        return Response(content, headers=said)
    first, last = wanted.groups()
    start = int(first) if first else max(0, len(content) - int(last))
    end = min(int(last), len(content) - 1) if first and last else len(content) - 1
    if start >= len(content):
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(content)}"})
    said["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    return Response(content[start : end + 1], 206, headers=said)


def _with_folders(files: Mapping[str, StoredFile]) -> list[str]:
    parents = {"/".join(path.split("/")[:depth]) for path in files for depth in range(1, path.count("/") + 1)}
    return sorted({*files, *parents})


def _entry(path: str, file: StoredFile | None) -> dict[str, Any]:
    if file is None:
        return {"type": "directory", "oid": hashlib.sha1(path.encode()).hexdigest(), "size": 0, "path": path}
    entry: dict[str, Any] = {"type": "file", "oid": file.blob_id, "size": file.size, "path": path}
    if file.sha256 is not None:
        entry["lfs"] = {"oid": file.sha256, "size": file.size, "pointerSize": 130}
    return entry


def _card(commit: Commit) -> Any:
    card = commit.files.get("README.md")
    block = re.match(r"---\n(.*?)\n---", (card.content or b"").decode(), re.DOTALL) if card else None
    return yaml.safe_load(block[1]) if block else None


def _time(commit: Commit) -> str:
    return commit.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
