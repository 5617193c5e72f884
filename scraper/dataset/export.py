"""Export: the records as a dataset folder that ``load_dataset`` opens.

The bytes depend on the rows, the card's context and the versions of postkeep and pyarrow alone: two exports of the
same records are identical, and no time of export stands anywhere.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final, Protocol

from scraper.dataset.card import ConfigCard, dataset_card
from scraper.dataset.context import CardContext, Publication
from scraper.dataset.croissant import croissant
from scraper.dataset.features import Row, arrow_schema, column_names, without_counts
from scraper.dataset.figures import Tally
from scraper.dataset.folder import replacing, sealed
from scraper.dataset.layout import CARD, CROISSANT, MANIFEST, YEAR_LIMIT, PostMonths, month_of
from scraper.dataset.manifest import ConfigEntry, Manifest, SteadyDigest, config_entry
from scraper.dataset.parquet import ConfigWriter
from scraper.dataset.plots import plots
from scraper.records.contract import Column, Contract


class RowSource(Protocol):
    """Where rows come from: ``records.store.RecordStore``."""

    def rows(self, config: str) -> Iterator[Row]:
        """All rows of a config in the order of its key, each keeping the contract."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an export.

    Without text the columns that hold what people wrote are left out, and so are configs of nothing else. Years
    whose file is larger than ``year_limit`` bytes are parted into months.
    """

    with_text: bool = True
    year_limit: int = YEAR_LIMIT


WHOLE: Final = Form()


def _as_it_stands(manifest: Manifest) -> Publication:
    return manifest.card.publication


def export(
    source: RowSource,
    folder: Path,
    *,
    contract: Contract,
    card: CardContext,
    form: Form = WHOLE,
    publication: Callable[[Manifest], Publication] = _as_it_stands,
) -> tuple[Path, ...]:
    """Write the dataset, replacing what an earlier export wrote there; gives the paths of its files.

    ``publication`` is asked, once the rows are written and before the card is, where the dataset stands on the Hub.

    Raises:
        UsageError: the folder holds something that no export wrote, or cannot be replaced.
        StopError: the records contradict themselves, or the disk refused. The folder is as it was.
    """
    with replacing(folder) as (built, scratch), closing(PostMonths(scratch / "months.sqlite")) as months:
        work = _Export(source, built, scratch, form, months, Tally())
        configs = [work.config(contract, name) for name in contract.configs]
        manifest = Manifest(contract.version, contract.digest, form.with_text, card, work.entries)
        card = replace(card, publication=publication(manifest))
        _write(built / MANIFEST, replace(manifest, card=card).text())
        figures = work.tally.figures()
        drawn = plots(figures)
        for plot in drawn:
            (built / plot.path).parent.mkdir(exist_ok=True)
            (built / plot.path).write_bytes(plot.png)
        keys = {name: contract.key(name) for name in contract.configs}
        _write(built / CROISSANT, croissant(card, configs, keys, figures))
        _write(
            built / CARD,
            sealed(
                dataset_card(card, contract.version, configs, figures, drawn, is_draft=not contract.is_frozen)
            ),
        )
        written = sorted(path.relative_to(built) for path in built.rglob("*") if path.is_file())
    return tuple(folder / path for path in written)


@dataclass(frozen=True, slots=True)
class _Export:
    """One export at work in ``built``."""

    source: RowSource
    built: Path
    scratch: Path
    form: Form
    months: PostMonths
    tally: Tally
    entries: dict[str, ConfigEntry] = field(default_factory=dict)

    def config(self, contract: Contract, name: str) -> ConfigCard:
        """Write one config, posts before those that lie with their post; gives what the card says of it."""
        all_columns = contract.columns(name)
        formed = contract if self.form.with_text else contract.without_content()
        columns = formed.columns(name) if name in formed.configs else ()
        steady = SteadyDigest(without_counts(columns))
        writer = ConfigWriter(name, arrow_schema(columns), self.built, self.scratch, self.form.year_limit)
        if columns:
            paths = writer.write(self._placed(name, steady))
            self.entries[name] = config_entry(self.built, paths, steady)
        entry = self.entries.get(name)
        return ConfigCard(
            name=name,
            description=contract.description(name),
            columns=columns,
            left_out=_missing(all_columns, columns),
            digest=entry.digest if entry is not None and entry.files else None,
        )

    def _placed(self, config: str, steady: SteadyDigest) -> Iterator[tuple[str, Row]]:
        """The rows of a config, each counted and with the month of its post."""
        for row in _page_order(config, self.source.rows(config)):
            self.tally.see(config, row)
            steady.see(row)
            if config == "posts":
                month = month_of(row["published_at"])
                self.months.put(row["post_id"], month)
            else:
                month = self.months.month(row)
            yield month, row


def _page_order(config: str, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows as they come, but the comments of a post as its page has them."""
    if config != "comments":
        yield from rows
        return
    for _, thread in groupby(rows, key=itemgetter("post_id")):
        yield from sorted(thread, key=itemgetter("position"))


def _missing(columns: Sequence[Column], kept: Sequence[Column]) -> tuple[str, ...]:
    if not kept:
        return ("everything",)
    names = set(column_names(kept))
    return tuple(name for name in column_names(columns) if name not in names)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
