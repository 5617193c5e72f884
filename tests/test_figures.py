"""What the documents show of measurements is what was measured."""

import json

from tests.bench.three_years import DOCUMENT, FIGURES
from tests.bench.unattended.telling import BEGIN, END, section


def test_the_three_years_in_the_document_are_those_of_the_figures() -> None:
    shown = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert shown == section(json.loads(FIGURES.read_text(encoding="utf-8")))
