"""What a night's publication stores anew on the Hub: the dataset is exported before and after, and uploaded to a store."""

import copy
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from scraper.dataset.context import CardContext
from scraper.dataset.export import export
from scraper.records.contract import Contract
from tests.bench.hub_cost.growing import Growing
from tests.bench.hub_cost.stored import XetStore
from tests.bench.unattended.simulation import START, SimulatedNight

_CARD = CardContext("Three years", "postkeep", None, None, None, "pseudonymous", ())


def stored_anew(
    published: Sequence[datetime], night: SimulatedNight, *, viewed: Sequence[int], seed: int
) -> int:
    """Bytes stored anew when the words that ``night`` found changed go out, with the counts of ``viewed``."""
    known = night.new[0] if night.new else len(published)
    before = Growing(seed)
    for post in range(known):
        before.add(post, published[post], START)
    after = copy.deepcopy(before)
    observed = published[known] if known < len(published) else START
    for post in night.new:
        after.add(post, published[post], observed)
    for post in night.changed:
        after.edit(post, observed)
    for post in set(viewed) - set(night.changed):
        if post < known:
            after.view(post, observed)
    with tempfile.TemporaryDirectory() as folder:
        store = XetStore(Path(folder, "store"))
        first = _files(before, Path(folder, "before"))
        store.put(first.values())
        second = _files(after, Path(folder, "after"))
        touched = [path for name, path in second.items() if _bytes(first.get(name)) != path.read_bytes()]
        return store.put(touched) if touched else 0


def _files(rows: Growing, folder: Path) -> dict[str, Path]:
    export(rows, folder, contract=Contract.load(), card=_CARD)
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*.parquet"))}


def _bytes(path: Path | None) -> bytes | None:
    return path.read_bytes() if path else None
