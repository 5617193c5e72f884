"""What changes a Hub: repositories, uploads, commits, tags, and what is deleted."""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from tests.hub.routing import REPO, STORED, Asked, Holdings, HubError, Route, account_of
from tests.hub.storage import Repository, StoredFile, UnknownRevisionError, is_large

_HOUR: Final = 3600


def _create(holdings: Holdings, asked: Asked) -> Response:
    account = account_of(holdings, asked)
    if account is None:
        raise HubError(401, "Invalid username or password.")
    wanted = asked.json
    name = f"{wanted.get('organization') or account.name}/{wanted['name']}"
    if account.role == "read" or account.only or not account.owns(name):
        raise HubError(403, "You don't have the rights to create a dataset under the namespace")
    if name in holdings.repositories:
        raise HubError(409, "You already created this dataset repo")
    holdings.repositories[name] = Repository(name, wanted.get("visibility", "public"))
    return JSONResponse({"url": f"{asked.base}/datasets/{name}", "name": name})


def _settings(_holdings: Holdings, asked: Asked, repository: Repository) -> Response:
    repository.gated = asked.json.get("gated", repository.gated)
    repository.visibility = asked.json.get("visibility", repository.visibility)
    return JSONResponse({})


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


def _large_files(_holdings: Holdings, asked: Asked, repository: Repository) -> Response:
    def described(wanted: Mapping[str, Any]) -> dict[str, Any]:
        oid = wanted["oid"]
        if oid in repository.large:
            return {"oid": oid, "size": wanted["size"]}
        # These addresses need no token, as the signed ones of a real store.
        place = f"{asked.base}/lfs/{repository.name}/{oid}"
        actions = {"upload": {"href": place}, "verify": {"href": f"{place}/verify"}}
        return {"oid": oid, "size": wanted["size"], "authenticated": True, "actions": actions}

    return JSONResponse(
        {"transfer": "basic", "objects": [described(wanted) for wanted in asked.json["objects"]]}
    )


def _upload(holdings: Holdings, asked: Asked, name: str, oid: str) -> Response:
    if hashlib.sha256(asked.body).hexdigest() != oid:
        raise HubError(400, "the bytes do not have this digest")
    holdings.repositories[name].large[oid] = asked.body
    return Response(headers={"ETag": f'"{oid}"'})


def _verify(holdings: Holdings, _asked: Asked, name: str, oid: str) -> Response:
    return JSONResponse({"success": oid in holdings.repositories[name].large})


def _token(holdings: Holdings, _asked: Asked, _repository: Repository, revision: str) -> Response:
    """Where large files are brought, or fetched from, and with what token."""
    if holdings.xet is None:
        raise HubError(404, f"no Xet store for {revision}")
    said = {"accessToken": "of-the-store", "exp": int(time.time()) + _HOUR, "casUrl": holdings.xet.url}
    headers = {
        "X-Xet-Cas-Url": holdings.xet.url,
        "X-Xet-Access-Token": "of-the-store",
        "X-Xet-Token-Expiration": str(said["exp"]),
    }
    return JSONResponse(said, headers=headers)


def _take_in(holdings: Holdings, repository: Repository, oid: str, size: int) -> None:
    """See to it that a large file of a commit is among those of the repository, wherever it was brought.

    Raises:
        HubError: it was not uploaded.
    """
    if oid in repository.large:
        return
    xet_hash = holdings.xet.hash_of(oid) if holdings.xet else None
    if holdings.xet is None or xet_hash is None:
        raise HubError(400, f"the bytes of {oid} were not uploaded")
    content = holdings.xet.content(xet_hash, size)
    if hashlib.sha256(content).hexdigest() != oid:
        raise HubError(400, "the bytes do not have this digest")
    repository.large[oid] = content
    repository.xet_hashes[oid] = xet_hash


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
            _take_in(holdings, repository, value["oid"], value["size"])
            additions[value["path"]] = StoredFile(len(repository.large[value["oid"]]), sha256=value["oid"])
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


def _tag(_holdings: Holdings, asked: Asked, repository: Repository, revision: str) -> Response:
    repository.tag(asked.json["tag"], revision)
    return JSONResponse({"success": True})


def _untag(_holdings: Holdings, _asked: Asked, repository: Repository, tag: str) -> Response:
    if tag not in repository.tags:
        raise UnknownRevisionError(tag)
    del repository.tags[tag]
    return JSONResponse({"success": True})


def _squash(_holdings: Holdings, asked: Asked, repository: Repository, revision: str) -> Response:
    if revision != "main":
        raise UnknownRevisionError(revision)
    repository.squash(asked.json["message"])
    return JSONResponse({"success": True})


def _list_large_files(_holdings: Holdings, _asked: Asked, repository: Repository) -> Response:
    """Every large file that was ever stored for the repository and not deleted, referred to or not."""
    return JSONResponse(
        [
            {
                "fileOid": oid,
                "filename": "",
                "oid": oid,
                "size": len(content),
                "pushedAt": repository.head.time,
                "ref": None,
            }
            for oid, content in repository.large.items()
        ]
    )


def _delete_large_files(_holdings: Holdings, asked: Asked, repository: Repository) -> Response:
    for oid in asked.json["deletions"]["sha"]:
        repository.large.pop(oid, None)
    return JSONResponse({})


ROUTES: Final = (
    Route("POST", "/api/repos/create", _create),
    Route("PUT", rf"{REPO}/settings", _settings, writes=True),
    Route("POST", rf"{REPO}/preupload/(?P<revision>[^/]+)", _preupload, writes=True),
    Route("POST", r"/datasets/(?P<repo>[^/]+/[^/]+)\.git/info/lfs/objects/batch", _large_files, writes=True),
    Route("GET", rf"{REPO}/xet-write-token/(?P<revision>[^/]+)", _token, writes=True),
    Route("GET", rf"{REPO}/xet-read-token/(?P<revision>[^/]+)", _token),
    Route("PUT", f"/lfs/{STORED}", _upload),
    Route("POST", f"/lfs/{STORED}/verify", _verify),
    Route("POST", rf"{REPO}/commit/(?P<revision>[^/]+)", _commit, writes=True),
    Route("POST", rf"{REPO}/tag/(?P<revision>[^/]+)", _tag, writes=True),
    Route("DELETE", rf"{REPO}/tag/(?P<tag>[^/]+)", _untag, writes=True),
    Route("POST", rf"{REPO}/super-squash/(?P<revision>[^/]+)", _squash, writes=True),
    Route("GET", rf"{REPO}/lfs-files", _list_large_files),
    Route("POST", rf"{REPO}/lfs-files/batch", _delete_large_files, writes=True),
)
