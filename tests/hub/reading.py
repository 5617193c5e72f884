"""What a Hub tells: whose token it is, what a repository holds, and the bytes of its files."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

import yaml
from starlette.responses import JSONResponse, Response

from tests.hub.routing import REPO, STORED, Asked, Holdings, HubError, Route, account_of, refusal
from tests.hub.storage import Commit, Repository, StoredFile, UnknownEntryError, git_blob_id


def _whoami(holdings: Holdings, asked: Asked) -> Response:
    account = account_of(holdings, asked)
    if account is None or account.only:
        raise HubError(401, "Invalid username or password.")
    return JSONResponse(
        {
            "type": "user",
            "name": account.name,
            "orgs": [{"name": name, "roleInOrg": "write"} for name in account.organizations],
            "auth": {"type": "access_token", "accessToken": {"displayName": "test", "role": account.role}},
        }
    )


def _validate_yaml(_holdings: Holdings, _asked: Asked) -> Response:
    return JSONResponse({"errors": [], "warnings": []})


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
            "lastModified": commit.time,
            "createdAt": commit.time,
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


def _commits(_holdings: Holdings, _asked: Asked, repository: Repository, revision: str) -> Response:
    return JSONResponse(
        [
            {
                "id": commit.oid,
                "title": commit.title,
                "message": commit.description,
                "authors": [{"user": repository.name.split("/")[0]}],
                "date": commit.time,
            }
            for commit in repository.history(revision)
        ]
    )


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


def _paths(_holdings: Holdings, asked: Asked, repository: Repository, revision: str) -> Response:
    files = repository.resolve(revision).files
    is_json = "json" in asked.headers.get("content-type", "")
    wanted = asked.json["paths"] if is_json else parse_qs(asked.body.decode()).get("paths", [])
    known = set(_with_folders(files))
    return JSONResponse([_entry(path, files.get(path)) for path in wanted if path in known])


def _resolve(_holdings: Holdings, asked: Asked, repository: Repository, revision: str, path: str) -> Response:
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
    if xet_hash := repository.xet_hashes.get(file.sha256 or ""):
        token = f"{asked.base}/api/datasets/{repository.name}/xet-read-token/{commit.oid}"
        linked |= {"X-Xet-Hash": xet_hash, "Link": f'<{token}>; rel="xet-auth"'}
    return Response(
        status_code=302,
        headers=headers | linked | {"Location": f"{store}/lfs/{repository.name}/{file.sha256}"},
    )


def _download(holdings: Holdings, asked: Asked, name: str, oid: str) -> Response:
    stored = holdings.repositories[name].large
    if oid not in stored:
        raise HubError(404, "this file was deleted")
    return _bytes(asked, stored[oid], oid, {})


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


ROUTES: Final = (
    Route("GET", "/api/whoami-v2", _whoami),
    Route("POST", "/api/validate-yaml", _validate_yaml),
    Route("GET", rf"{REPO}(?:/revision/(?P<revision>[^/]+))?", _information),
    Route("GET", rf"{REPO}/refs", _refs),
    Route("GET", rf"{REPO}/commits/(?P<revision>[^/]+)", _commits),
    Route("GET", rf"{REPO}/tree/(?P<revision>[^/]+)(?:/(?P<below>.*))?", _tree),
    Route("POST", rf"{REPO}/paths-info/(?P<revision>[^/]+)", _paths),
    Route("GET", r"/datasets/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)", _resolve),
    Route("HEAD", r"/datasets/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)", _resolve),
    Route("GET", f"/lfs/{STORED}", _download),
    Route("HEAD", f"/lfs/{STORED}", _download),
)
