"""The exchange of a workflow's identity for a token (OIDC, RFC 8693), with the issuer of the identities, as documented for the Hub.

https://huggingface.co/docs/hub/trusted-publishers and GitHub's "OpenID Connect" give both requests. A token is for one
repository alone, and nobody can be asked whose it is.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from json import dumps
from typing import Final

from starlette.responses import JSONResponse, Response

from tests.hub.routing import Account, Asked, Holdings, HubError, Route

RUNNER_TOKEN: Final = "runner-token"
WORKFLOW: Final = {"repository": "me/nightly", "ref": "refs/heads/main", "workflow": "refresh"}
_GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
_SUBJECT: Final = "urn:ietf:params:oauth:token-type:id_token"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Whom a dataset trusts: a workflow with these claims."""

    resource: str
    claims: tuple[tuple[str, str], ...]


def environment(base: str, resource: str | None, *, may_ask: bool = True) -> dict[str, str | None]:
    """What a step of a workflow has around it; ``may_ask``: the job has the permission ``id-token: write``."""
    asking = {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{base}/actions/id-token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": RUNNER_TOKEN,
    }
    return {
        "GITHUB_ACTIONS": "true",
        "HF_OIDC_RESOURCE": resource,
        "HF_TOKEN": None,
        **(asking if may_ask else dict.fromkeys(asking)),
    }


def _identity(holdings: Holdings, asked: Asked) -> Response:
    if asked.headers.get("authorization") != f"Bearer {RUNNER_TOKEN}":
        raise HubError(401, "no runner")
    claims = {**WORKFLOW, "aud": asked.query["audience"], "iss": f"{asked.base}/actions"}
    token = f"header.{urlsafe_b64encode(dumps(claims).encode()).decode()}.signature"
    holdings.identities[token] = claims
    return JSONResponse({"value": token})


def _exchange(holdings: Holdings, asked: Asked) -> Response:
    form = asked.json
    if form.get("grant_type") != _GRANT or form.get("subject_token_type") != _SUBJECT:
        return JSONResponse({"error": "invalid_request"}, 400)
    claims = holdings.identities.get(form["subject_token"], {})
    trusted = any(
        publisher.resource == form["resource"] and dict(publisher.claims).items() <= claims.items()
        for publisher in holdings.publishers
    )
    if not trusted or claims["aud"] != asked.base:
        return JSONResponse({"error": "invalid_grant", "error_description": "No publisher matches."}, 400)
    repo = form["resource"].removeprefix("datasets/")
    token = f"hf_jwt_{len(holdings.accounts)}"
    holdings.accounts[token] = Account("[OIDC]", only=repo)
    return JSONResponse(
        {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": 3600,
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        }
    )


ROUTES: Final = (
    Route("GET", "/actions/id-token", _identity),
    Route("POST", "/oauth/token", _exchange),
)
