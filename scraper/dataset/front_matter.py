"""The YAML block that opens a dataset card: what the Hub and ``load_dataset`` read."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from scraper.dataset.features import card_features
from scraper.dataset.figures import Figures
from scraper.dataset.layout import SPLIT, data_files
from scraper.records.contract import Column

# The licence identifiers of the Hub that fit data; any other licence is named as the Hub asks, by license_name.
_HUB_LICENSES: Final = frozenset(
    {
        *(
            "apache-2.0",
            "mit",
            "pddl",
            "odbl",
            "odc-by",
            "cc",
            "cc0-1.0",
            "cc-by-2.0",
            "cc-by-2.5",
            "cc-by-3.0",
        ),
        *("cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0"),
        *("cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0"),
        *(
            "cc-by-nc-sa-4.0",
            "cdla-sharing-1.0",
            "cdla-permissive-1.0",
            "cdla-permissive-2.0",
            "unknown",
            "other",
        ),
    }
)
_SIZES: Final = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")


def front_matter(
    *,
    title: str,
    license_name: str | None,
    figures: Figures,
    tasks: Sequence[str],
    columns: Mapping[str, Sequence[Column]],
    digests: Mapping[str, str],
) -> str:
    """The block, without its fences.

    ``columns`` and ``digests`` are by config; a config without a digest has no files and is left out, since
    ``load_dataset`` fails on it. The digest stands in ``description`` because ``load_dataset`` keys its cache of
    a local folder on this block alone: without it, a second export to one folder would be read as the first.
    """
    block: dict[str, Any] = {
        "pretty_name": title,
        **_languages(list(figures.languages), undecided=figures.undecided),
        **_license(license_name),
        "size_categories": [_size(sum(figures.rows.values()))],
        "task_categories": list(tasks),
        "annotations_creators": ["no-annotation"],
        "language_creators": ["found"],
        "source_datasets": ["original"],
        "tags": ["postkeep", "web-archive", "discussion"],
    }
    if digests:
        block["configs"] = [_config(name, default=index == 0) for index, name in enumerate(digests)]
        block["dataset_info"] = [
            {"config_name": name, "description": digest, "features": card_features(columns[name])}
            for name, digest in digests.items()
        ]
    return yaml.safe_dump(block, sort_keys=False, allow_unicode=True, width=110).rstrip("\n")


def _config(name: str, *, default: bool) -> dict[str, Any]:
    files = [{"split": SPLIT, "path": data_files(name)}]
    return {"config_name": name, **({"default": True} if default else {}), "data_files": files}


def _languages(codes: Sequence[str], *, undecided: int) -> dict[str, list[str]]:
    """The languages by their ISO 639 codes, and whether there are several; that there is one is said only where no text is ``undecided``."""
    if not codes:
        return {}
    block = {"language": list(codes)}
    if len(codes) > 1 or not undecided:
        block["multilinguality"] = ["multilingual" if len(codes) > 1 else "monolingual"]
    return block


def _license(name: str | None) -> dict[str, str]:
    if name is None:
        return {"license": "unknown"}
    if name.lower() in _HUB_LICENSES:
        return {"license": name.lower()}
    return {
        "license": "other",
        "license_name": re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-") or "other",
    }


def _size(rows: int) -> str:
    """The Hub's word for a number of rows, as ``1K<n<10K``."""
    above = [size for power, size in enumerate(_SIZES) if rows >= 1000 * 10**power]
    if not above:
        return f"n<{_SIZES[0]}"
    upper = _SIZES[len(above) :][:1]
    return f"{above[-1]}<n<{upper[0]}" if upper else f"n>{_SIZES[-1]}"
