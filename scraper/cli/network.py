"""The options that lead to a test server on loopback, read as curl reads them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from scraper.errors import UsageError
from scraper.settings import ConnectTo, Network

_CONNECT_TO: Final = re.compile(
    r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:\[\]]+):(?P<port>\d{1,5}):(?P<to_host>\[[0-9a-fA-F:.]+\]|[^:\[\]]+):(?P<to_port>\d{1,5})"
)


def read_network(
    connect_to: Sequence[str] | None, cacert: Path | None, allow_hosts: Sequence[str] | None
) -> Network:
    """The Network that ``--connect-to``, ``--cacert`` and ``--allow-host`` describe.

    Raises:
        UsageError: a value is not of its form, or the file cannot be read.
    """
    if cacert is not None and not cacert.is_file():
        raise UsageError(
            f"--cacert {cacert}: there is no such file. Name a PEM file of certificate authorities."
        )
    return Network(
        connect_to=tuple(_connect_to(value) for value in connect_to or ()),
        allow_hosts=frozenset(host.lower() for host in allow_hosts or ()),
        cacert=cacert,
    )


def _connect_to(value: str) -> ConnectTo:
    match = _CONNECT_TO.fullmatch(value)
    if match is None:
        raise UsageError(
            f"--connect-to {value}: write it as HOST1:PORT1:HOST2:PORT2, such as careerly.co.kr:443:127.0.0.1:8443."
        )
    return ConnectTo(
        match["host"].lower(), int(match["port"]), match["to_host"].strip("[]"), int(match["to_port"])
    )
