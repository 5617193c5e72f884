"""docs/schema.md: every column of the newest schema, with its type and what it means."""

from collections.abc import Iterator

from scraper.jobs.describe import type_name
from scraper.records.contract import Column, Contract
from tests.reference.markdown import WRITTEN, code, table


def page() -> str:
    """The page, as Markdown."""
    contract = Contract.load()
    tables = "\n".join(
        f"## `{config}`\n\n{contract.description(config)}\n\n"
        + table(("column", "type", "null", "what it means"), _rows(contract.columns(config)))
        for config in contract.configs
    )
    return f"""\
{WRITTEN}# Schema {contract.version}

Four tables; times are UTC, ids are text, unknown is null. `postkeep schema` prints the same; [the tables, files and versions of a
dataset](dataset.md) says how they belong together.

{tables}
:::{{include}} ../schema/README.md
:start-after: "<!-- why -->"
:::
"""


def _rows(columns: tuple[Column, ...], prefix: str = "") -> Iterator[tuple[str, ...]]:
    for column in columns:
        yield (
            code(prefix + column.name),
            code(type_name(column)),
            "yes" if column.nullable else "",
            column.description,
        )
        yield from _rows(column.fields, f"{prefix}{column.name}.")
