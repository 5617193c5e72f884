"""``postkeep sites`` and ``postkeep schema``: what can be read, and what the dataset holds."""

from scraper.model.outcome import Item, Report
from scraper.records.contract import Column, Contract
from scraper.sites.registry import installed_sites


def describe_sites() -> Report:
    """One item a site, its platform as the reason; the outputs are the lines a person reads."""
    sites = sorted(installed_sites(), key=lambda site: site.name)
    return Report(
        items=tuple(Item(site.name, "done", reason=f"platform {site.platform}") for site in sites),
        outputs=tuple(f"{site.name:<12} platform {site.platform}" for site in sites),
    )


def describe_schema() -> Report:
    """One item a table; the outputs are the lines a person reads: each column with its type and description."""
    contract = Contract.load()
    lines = [f"schema {contract.version}"]
    for config in contract.configs:
        lines += ["", f"{config}: {contract.description(config)}"]
        lines += [
            f"  {column.name:<22} {type_name(column):<20} {column.description}"
            for column in contract.columns(config)
        ]
    return Report(
        items=tuple(Item(config, "done", reason=f"schema {contract.version}") for config in contract.configs),
        outputs=tuple(lines),
    )


def type_name(column: Column) -> str:
    """The type as the design writes it: ``list<string>``, ``list<{name, raw}>``, ``timestamp``."""
    inner = "{" + ", ".join(part.name for part in column.fields) + "}" if column.fields else column.type
    return f"list<{inner}>" if column.is_list else inner
