"""Export: the records as a dataset folder that ``load_dataset`` opens.

The bytes depend on the rows, the card's context and the versions of postkeep and pyarrow alone: two exports of the
same records are identical, and no time of export stands anywhere. The rows are written first, in one pass over the posts;
the files that describe them follow, once it is known what there is to describe.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.dataset.card import ConfigCard, dataset_card
from scraper.dataset.citation import citation_file
from scraper.dataset.context import CardContext
from scraper.dataset.croissant import croissant
from scraper.dataset.features import column_names
from scraper.dataset.figures import Figures, Tally
from scraper.dataset.folder import replacing, sealed
from scraper.dataset.layout import CARD, CITATION, CROISSANT, MANIFEST, YEAR_LIMIT, month_of
from scraper.dataset.manifest import ConfigEntry, Manifest, SteadyDigest, config_entry, file_entry
from scraper.dataset.parquet import ConfigWriter
from scraper.dataset.plots import Plot, plots
from scraper.records.contract import Column, Contract
from scraper.records.history import PostRows


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an export.

    Without text the columns that hold what people wrote are left out, and so are configs of nothing else. Years
    whose file is larger than ``year_limit`` bytes are parted into months.
    """

    with_text: bool = True
    year_limit: int = YEAR_LIMIT


WHOLE: Final = Form()


@dataclass(frozen=True, slots=True)
class Data:
    """The rows of a dataset, written: what its manifest and its card say of them. ``configs`` are all of the contract's."""

    contract: Contract
    form: Form
    configs: tuple[ConfigCard, ...]
    entries: Mapping[str, ConfigEntry]
    figures: Figures
    drawn: tuple[Plot, ...]

    def manifest(self, card: CardContext) -> Manifest:
        """The manifest of these rows with this card."""
        return Manifest(self.contract.version, self.contract.digest, self.form.with_text, card, self.entries)


def export(
    posts: Iterable[PostRows], folder: Path, *, contract: Contract, card: CardContext, form: Form = WHOLE
) -> None:
    """Write the dataset of ``posts``, given by ``post_id``, replacing what an earlier export wrote there.

    Raises:
        UsageError: the folder holds something that no export wrote, or cannot be replaced.
        StopError: the disk refused. The folder is as it was.
    """
    with replacing(folder) as (built, scratch):
        describe(built, write_data(posts, built, scratch, contract=contract, form=form), card)


def write_data(
    posts: Iterable[PostRows], folder: Path, scratch: Path, *, contract: Contract, form: Form = WHOLE
) -> Data:
    """Write the Parquet files of ``posts``, given by ``post_id``, into an empty folder; ``scratch`` is one for spooled rows."""
    formed = contract if form.with_text else contract.without_content()
    tables = [_Table.of(formed, name, folder, scratch, form.year_limit) for name in formed.configs]
    tally = Tally()
    for post in posts:
        month = month_of(post.post["published_at"])
        for table in tables:
            rows = post.of(table.name)
            for row in rows:
                tally.see(table.name, row)
                table.steady.see(row)
            if rows:
                table.writer.add(month, rows)
    entries = {table.name: table.entry(folder) for table in tables}
    figures = tally.figures()
    return data_of(contract, form, entries, figures, plots(figures))


def data_of(
    contract: Contract,
    form: Form,
    entries: Mapping[str, ConfigEntry],
    figures: Figures,
    drawn: tuple[Plot, ...],
) -> Data:
    """The data that were written, of which ``drawn`` are the plots of the figures."""
    formed = contract if form.with_text else contract.without_content()
    configs = tuple(_config_card(contract, formed, name, entries.get(name)) for name in contract.configs)
    return Data(contract, form, configs, entries, figures, drawn)


def describe(folder: Path, data: Data, card: CardContext) -> None:
    """Write the files that describe the ``data`` in a folder: manifest, plots, Croissant, citation and card."""
    contract, figures = data.contract, data.figures
    _write(folder / MANIFEST, data.manifest(card).text())
    for plot in data.drawn:
        (folder / plot.path).parent.mkdir(exist_ok=True)
        (folder / plot.path).write_bytes(plot.png)
    keys = {name: contract.key(name) for name in contract.configs}
    _write(folder / CROISSANT, croissant(card, data.configs, keys, figures))
    _write(folder / CITATION, citation_file(card, figures))
    text = dataset_card(
        card, contract.version, data.configs, figures, data.drawn, is_draft=not contract.is_frozen
    )
    _write(folder / CARD, sealed(text))


@dataclass(frozen=True, slots=True)
class _Table:
    """One config while its rows are written."""

    name: str
    writer: ConfigWriter
    steady: SteadyDigest

    @classmethod
    def of(cls, contract: Contract, name: str, folder: Path, scratch: Path, year_limit: int) -> "_Table":
        columns = contract.columns(name)
        writer = ConfigWriter(name, columns, folder, scratch, year_limit)
        return cls(name, writer, SteadyDigest(columns))

    def entry(self, folder: Path) -> ConfigEntry:
        """Write the files of the rows below ``folder``."""
        files = {path.relative_to(folder).as_posix(): file_entry(path) for path in self.writer.finish()}
        return config_entry(files, self.steady.text)


def _config_card(contract: Contract, formed: Contract, name: str, entry: ConfigEntry | None) -> ConfigCard:
    columns = formed.columns(name) if name in formed.configs else ()
    return ConfigCard(
        name=name,
        description=contract.description(name),
        columns=columns,
        left_out=_missing(contract.columns(name), columns),
        digest=entry.digest if entry is not None and entry.files else None,
    )


def _missing(columns: Sequence[Column], kept: Sequence[Column]) -> tuple[str, ...]:
    if not kept:
        return ("everything",)
    names = set(column_names(kept))
    return tuple(name for name in column_names(columns) if name not in names)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
