"""Joining a Ray cluster, or starting one of our own on this machine that nobody else reaches."""

import json
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from scraper.errors import StopError, UsageError

LOCAL: Final = "local"
AUTO: Final = "auto"
_CLIENT: Final = "ray://"

# Bytes of shared memory for what goes between tasks; ours hand over names of files. Ray takes no less.
_OBJECT_STORE: Final = 80_000_000
# Seconds until a host must have taken a connection, and until a cluster must have let us in.
_CONNECT_SECONDS: Final = 10
_JOIN_SECONDS: Final = 60
# Ray is told by the environment alone: to listen on the loopback address (its name for that is of another platform that needed it), to
# take calls from who has the token alone, and to report nothing.
_OWN_ENVIRONMENT: Final = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
}
# What goes on in a cluster it would print among our results; a task that is lost says why.
_QUIET_ENVIRONMENT: Final = {"RAY_DEDUP_LOGS": "1", "RAY_DEDUP_LOGS_SKIP_REGEX": "."}

# Joins a cluster and leaves it. What Ray does with an address that is none of a cluster differs: it waits for minutes, or ends the process.
_JOIN: Final = """
import json, sys
import ray
try:
    ray.init(address=sys.argv[1], log_to_driver=False, logging_level="ERROR")
    ray.cluster_resources()
except Exception as error:
    print(json.dumps(str(error)))
else:
    print(json.dumps(""))
"""


@contextmanager
def joined(address: str, workers: int | None, environment: MutableMapping[str, str]) -> Iterator[Any]:
    """The module ``ray``, part of the cluster at ``address``: ``local``, ``auto``, HOST:PORT or ray://HOST:PORT.

    ``local`` starts a Ray with ``workers`` processors on this machine and ends it afterwards. ``environment`` is that of this process,
    which Ray reads.

    Raises:
        UsageError: Ray is not installed, or ``address`` has none of these forms.
        StopError: no cluster is there, it does not let us in, or none can be started.
    """
    _check_form(address)
    with _with_settings(environment, _QUIET_ENVIRONMENT | (_own_settings() if address == LOCAL else {})):
        ray = _ray_module()
        if address == LOCAL:
            with _started(ray, workers):
                yield ray
        else:
            _check_cluster(address)
            with _initialised(ray, address, address=address):
                yield ray


def _own_settings() -> dict[str, str]:
    return _OWN_ENVIRONMENT | {"RAY_AUTH_TOKEN": secrets.token_hex(32)}


@contextmanager
def _with_settings(environment: MutableMapping[str, str], settings: dict[str, str]) -> Iterator[None]:
    before = {name: environment.get(name) for name in settings}
    environment.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = value


def _ray_module() -> Any:
    try:
        import ray  # noqa: PLC0415 - of an extra that few install
    except ImportError as error:
        message = f"--ray needs Ray, which cannot be imported here ({error}). Install it: pip install 'postkeep[scale]'"
        raise UsageError(message) from error
    return ray


@contextmanager
def _started(ray: Any, workers: int | None) -> Iterator[None]:
    # A folder of our own, for others may look into the one that Ray takes.
    with tempfile.TemporaryDirectory(prefix="postkeep-ray-", ignore_cleanup_errors=True) as folder:
        options = {
            "address": LOCAL,
            "num_cpus": workers,
            "include_dashboard": False,
            "object_store_memory": _OBJECT_STORE,
            "_temp_dir": folder,
        }
        with _initialised(ray, "this machine", **options):
            for node in ray.nodes():
                if not ip_address(node["NodeManagerAddress"]).is_loopback:
                    raise StopError("Ray would listen beyond this machine, so it was ended. Use --workers N.")
            yield


@contextmanager
def _initialised(ray: Any, where: str, **options: Any) -> Iterator[None]:
    handler = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(log_to_driver=False, logging_level="ERROR", configure_logging=False, **options)
    except Exception as error:
        # Ray raises plain ones too, as where a node does not start in time.
        ray.shutdown()
        raise _refused(where, str(error)) from error
    finally:
        if threading.current_thread() is threading.main_thread():
            # Ray puts one of its own there.
            signal.signal(signal.SIGTERM, handler)
    try:
        yield
    finally:
        ray.shutdown()


def _check_form(address: str) -> None:
    if address in {LOCAL, AUTO}:
        return
    try:
        parts = urlsplit(address if address.startswith(_CLIENT) else f"//{address}")
        if parts.hostname and parts.port and not (parts.path or parts.query or parts.fragment):
            return
    except ValueError:
        pass
    raise UsageError(
        f"{address!r} is no address of a Ray cluster. Write local, auto, HOST:PORT or ray://HOST:PORT."
    )


def _check_cluster(address: str) -> None:
    """See that a cluster is there and lets us in, within bounded time."""
    if address != AUTO:
        parts = urlsplit(address if address.startswith(_CLIENT) else f"//{address}")
        try:
            socket.create_connection((parts.hostname or "", parts.port or 0), _CONNECT_SECONDS).close()
        except OSError as error:
            raise _refused(address, str(error)) from error
    try:
        trial = subprocess.run(  # noqa: S603 - the address is a string among Python's arguments
            [sys.executable, "-c", _JOIN, address],
            capture_output=True,
            check=False,
            timeout=_JOIN_SECONDS,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        reason: str = json.loads(trial.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        raise _refused(address, f"it does not answer as Ray within {_JOIN_SECONDS} seconds") from error
    except (ValueError, IndexError) as error:
        raise _refused(address, "it does not answer as Ray") from error
    if reason:
        raise _refused(address, reason)


def _refused(where: str, reason: str) -> StopError:
    short = " ".join(reason.split())[:400].rstrip(".")
    return StopError(
        f"Ray cannot be used on {where}: {short}. See that the cluster runs (ray status) with the same Ray and Python as here, or use "
        "--workers N."
    )
