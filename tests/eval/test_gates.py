"""Gates are told on our own replicas of them, and nowhere else."""

import pytest

from tests.eval import telling
from tests.eval.gate_pages import GatePage, replicas
from tests.eval.gates import confusion, told


@pytest.mark.parametrize("page", replicas(), ids=lambda page: page.name)
def test_replica_is_told_as_it_is_labelled(page: GatePage) -> None:
    assert told(page) == page.label


def test_confusion_counts_pages_by_label_and_by_what_is_told() -> None:
    pages = [page for page in replicas() if page.name in {"open", "open-short", "cut-card"}]
    assert confusion(pages) == {"withheld": {"withheld": 1}, "prompt": {}, "quoted": {}, "open": {"open": 2}}


def test_matrices_stand_in_the_document() -> None:
    kept = {
        **telling.load(),
        "gates": {"replicas": {"withheld": {"withheld": 3, "refused": 1}, "open": {"open": 2}}},
    }
    assert "| replicas | open | withheld | refused |" in telling.section(kept)
    assert "| withheld |  | 3 | 1 |" in telling.section(kept)
