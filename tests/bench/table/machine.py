"""The machine that figures are from, and the versions of what was measured on it."""

import os
import platform
import re
from importlib import metadata
from pathlib import Path
from typing import Any, Final

# Ours and those beside which we are measured; what is not installed is left out.
_PACKAGES: Final = (
    "postkeep", "datasets", "datatrove", "fastwarc", "httpx", "pyarrow", "ray", "resiliparse", "scrapy", "selectolax",
    "trafilatura", "warcio", "zstandard",
)  # fmt: skip
_MODEL: Final = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)


def this_machine() -> dict[str, Any]:
    """Processor, cores, memory in GB, system, Python and the versions of packages."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": _versions(),
    }


def _processor() -> str:
    try:
        model = _MODEL.search(Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        model = None
    return model[1] if model else platform.processor() or platform.machine()


def _versions() -> dict[str, str]:
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
