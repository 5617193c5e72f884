"""Publishing without a stored token: the Hub trusts a workflow by its identity (https://huggingface.co/docs/hub/trusted-publishers).

The exchange itself (OIDC; RFC 8693 at ``/oauth/token``) is huggingface_hub's, where HF_OIDC_RESOURCE is set; here is what is said of it.
"""

from typing import Final

# A token that the Hub gives a workflow, for one repository; nobody can be asked whose it is.
OF_A_WORKFLOW: Final = "hf_jwt_"


def untrusted(repo: str, url: str, error: str) -> str:
    """Why a workflow got no token, and how it is named as a publisher, in sentences."""
    return (
        f"The Hub gave this workflow no token for {repo}. Name it as a trusted publisher on {url}/settings, with its repository, "
        f"branch and file, let the job have the permission id-token: write, and set HF_OIDC_RESOURCE to datasets/{repo}; or unset "
        f"that and give a token in HF_TOKEN. What was said: {error}"
    )
