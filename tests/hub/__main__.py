"""``python -m tests.hub``: a Hub to try things on, until Ctrl-C."""

import threading

from tests.hub.server import WRITER, HubServer

if __name__ == "__main__":
    with HubServer() as hub:
        print(
            f"export HF_ENDPOINT={hub.url} HF_TOKEN={WRITER} HF_HUB_DISABLE_XET=1 HF_HOME=$(mktemp -d)",
            flush=True,
        )
        threading.Event().wait()
