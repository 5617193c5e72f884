"""Processes as the tests of engines look at them."""

import os
import select
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path


def gone(process: int) -> bool:
    """Whether the process ends, or is gone already; a minute is waited at most."""
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(process)
        try:
            watch = select.poll()
            watch.register(handle, select.POLLIN)
            return bool(watch.poll(60_000))
        finally:
            os.close(handle)
    return True


def children_of(process: int) -> set[int]:
    """The processes that ``process`` started, and those that they did, and so on."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            # proc(5): the name, which may hold anything, is in parentheses; the second field after it is the parent.
            parents[int(entry.name)] = int((entry / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in {process, *found}} - found:
        found |= more
    return found


def listening_addresses(processes: set[int]) -> list[IPv4Address | IPv6Address]:
    """The addresses that these processes take TCP connections on."""
    sockets: set[str] = set()
    for process in processes:
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            with suppress(OSError):
                sockets.add(str(descriptor.readlink()))
    addresses: list[IPv4Address | IPv6Address] = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text("utf-8").splitlines()[1:]:
            fields = line.split()
            # State 0A is listening; an address stands there as words in the order of the machine.
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                words = bytes.fromhex(fields[1].partition(":")[0])
                packed = b"".join(words[i : i + 4][::-1] for i in range(0, len(words), 4))
                address = ip_address(packed)
                addresses.append((isinstance(address, IPv6Address) and address.ipv4_mapped) or address)
    return addresses
