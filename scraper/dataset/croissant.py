"""croissant.json: the dataset described for machines, after Croissant 1.1 (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html).

The fields come from the schema, as everything else does. The Hub makes a description of its own; ours also has the
types of times, the meaning of each field (``equivalentProperty``) and where the rows come from (W3C PROV).
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from scraper.dataset import sections
from scraper.dataset.card import ConfigCard
from scraper.dataset.citation import TAG_DAY, bibtex
from scraper.dataset.context import CardContext
from scraper.dataset.figures import Figures
from scraper.dataset.layout import data_files
from scraper.records.contract import Column

_CONFORMS_TO: Final = "http://mlcommons.org/croissant/1.1"
# Not the registered type, but the one that Croissant and its readers know.
_PARQUET: Final = "application/x-parquet"
# The @context that the specification prescribes, with PROV and the vocabulary for responsible AI.
_CONTEXT: Final[Mapping[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{
        term: f"cr:{term}"
        for term in (
            *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field"),
            *("fileProperty", "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset"),
            *(
                "jsonPath",
                "key",
                "md5",
                "parentField",
                "path",
                "recordSet",
                "references",
                "regex",
                "repeated",
            ),
            *("replace", "samplingRate", "separator", "source", "subField", "transform"),
        )
    },
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}
_UNPUBLISHED: Final = "0.0.0"


def croissant(
    context: CardContext, configs: Sequence[ConfigCard], keys: Mapping[str, Sequence[str]], figures: Figures
) -> str:
    """The text of croissant.json. ``keys`` are the columns that name a row, by config. Configs without rows are left out."""
    present = [config for config in configs if config.digest is not None]
    published = TAG_DAY.search(context.publication.tag or "")
    entry: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _CONFORMS_TO,
        "name": sections.one_line(context.title),
        "description": sections.summary(figures),
        **({"url": context.publication.url} if context.publication.url else {}),
        "version": _version(published),
        **({"datePublished": "-".join(published.groups()[:3])} if published else {}),
        "isLiveDataset": True,
        "license": context.license or "unknown",
        "usageInfo": {
            "@type": "sc:CreativeWork",
            "name": "Rights",
            "text": sections.rights(context.license, context.rights_statement),
        },
        "citeAs": bibtex(context.title, context.software, figures.captured, context.publication)
        .strip("`\n")
        .removeprefix("bibtex\n"),
        "keywords": ["web archive", "discussion", "forum posts", "comments"],
        "inLanguage": list(figures.languages),
        **_creator(context.contact),
        **_provenance(context.software, figures),
        "rai:dataCollection": "Pages as a signed-out reader saw them, kept as WARC files and read from there.",
        "rai:personalSensitiveInformation": [
            "People appear as keyed pseudonyms. This is still personal data: the texts can be searched for."
            if context.names == "pseudonymous"
            else "People appear with the names that the sites show."
        ],
        "distribution": [_file_set(config.name) for config in present],
        "recordSet": [_record_set(config, keys[config.name]) for config in present],
    }
    return (
        json.dumps(
            {name: value for name, value in entry.items() if value != []}, ensure_ascii=False, indent=1
        )
        + "\n"
    )


def _version(published: re.Match[str] | None) -> str:
    """``<day and number>.0.0``: an edit of rows raises the major version, and each publication may hold edits."""
    if published is None:
        return _UNPUBLISHED
    *day, number = published.groups()
    return f"{''.join(day)}{int(number or 1):02}.0.0"


def _creator(contact: str | None) -> Mapping[str, Any]:
    if contact is None:
        return {}
    means = "email" if "@" in contact else "url"
    return {"creator": {"@type": "sc:Organization", "name": "The operator of the archive", means: contact}}


def _provenance(software: str, figures: Figures) -> Mapping[str, Any]:
    first, last = figures.captured or (None, None)
    times = {"prov:startedAtTime": first, "prov:endedAtTime": last} if first else {}
    activity = {
        "@type": "prov:Activity",
        "name": "Collection and extraction",
        "prov:wasAssociatedWith": {"@type": "prov:SoftwareAgent", "name": sections.one_line(software)},
        **times,
    }
    sites = [{"@type": "prov:Entity", "name": site.site} for site in figures.sites]
    return {"prov:wasGeneratedBy": activity, "prov:wasDerivedFrom": sites}


def _file_set(config: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": _files_id(config),
        "name": _files_id(config),
        "encodingFormat": _PARQUET,
        "includes": data_files(config),
    }


def _record_set(config: ConfigCard, key: Sequence[str]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": config.name,
        "name": config.name,
        "description": config.description,
        "key": [{"@id": f"{config.name}/{name}"} for name in key],
        "field": [_field(config.name, column) for column in config.columns],
    }


def _field(config: str, column: Column) -> dict[str, Any]:
    place = f"{config}/{column.name}"
    source = {"fileSet": {"@id": _files_id(config)}, "extract": {"column": column.name}}
    entry = _described(place, column)
    if not column.fields:
        return {**entry, "dataType": column.croissant_type, "source": source}
    parts = [
        {
            **_described(f"{place}/{part.name}", part),
            "dataType": part.croissant_type,
            "source": {**source, "transform": {"jsonPath": f"$.{part.name}"}},
        }
        for part in column.fields
    ]
    return {**entry, "subField": parts}


def _described(place: str, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": place,
        "name": place,
        "description": column.description,
        **({"equivalentProperty": column.same_as} if column.same_as else {}),
        **({"isArray": True, "arrayShape": "-1"} if column.is_list else {}),
    }


def _files_id(config: str) -> str:
    return f"{config}-files"
