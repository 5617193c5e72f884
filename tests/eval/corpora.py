"""The corpora of the testbed beside the repository, and the measures that it defines."""

import gzip
import hashlib
import importlib.util
import json
import os
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlsplit

from tests.conftest import REPOSITORY

SHARED: Final = Path(os.environ.get("POSTKEEP_SHARED", REPOSITORY.parent / "shared"))
CORPORA: Final = SHARED / "testbed" / "corpora"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a corpus with its truth: ``name`` is that of its files, ``url`` empty where the corpus has none."""

    corpus: str
    name: str
    url: str
    html: bytes
    truth: Mapping[str, Any]


def pages_of(corpus: str, folder: str = "html", names: Container[str] | None = None) -> list[Page]:
    """The pages of a corpus by name, or those of ``names``; ``folder`` is that of the markup."""
    pages = []
    for path in sorted((CORPORA / corpus / "truth").glob("*.json")):
        if names is not None and path.stem not in names:
            continue
        truth = json.loads(path.read_text(encoding="utf-8"))
        html = gzip.decompress((CORPORA / corpus / folder / f"{path.stem}.html.gz").read_bytes())
        url = truth.get("url") or ""
        pages.append(Page(corpus, path.stem, url if urlsplit(url).hostname else "", html, truth))
    return pages


def digest_of(corpus: str) -> str:
    """A digest of all files of a corpus: figures are compared only where it is the same."""
    digest = hashlib.sha256()
    for path in sorted(each for each in (CORPORA / corpus).rglob("*") if each.is_file()):
        digest.update(f"{path.relative_to(CORPORA)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return "sha256:" + digest.hexdigest()[:16]


def platforms() -> dict[str, str]:
    """Which software made a page of threads-ld, by the page's name."""
    return dict(json.loads((CORPORA / "PLATFORMS.json").read_text(encoding="utf-8")))


@cache
def measures() -> ModuleType:
    """The testbed's measures.py: the definition of every figure, imported from where it lies."""
    spec = importlib.util.spec_from_file_location("testbed_measures", CORPORA / "measures.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(CORPORA / "measures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
