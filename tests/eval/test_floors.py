"""What a floor holds, and what raises and lowers it."""

from tests.eval.figure import Better, Figure
from tests.eval.floors import Floors

F1 = Figure("threads", "F1", 10, 0.9)
LEAKS = Figure("threads", "leaks", 10, 0.02, better=Better.LESS)
FLOORS = Floors({"threads": "sha256:1"}, {F1.key: 0.9, LEAKS.key: 0.02})


def of(figure: Figure, value: float) -> Figure:
    return Figure(figure.corpus, figure.what, figure.pages, value, better=figure.better)


def test_a_figure_worse_than_its_floor_breaks_it_whichever_way_is_worse() -> None:
    assert not FLOORS.broken([F1, LEAKS])
    assert FLOORS.broken([of(F1, 0.89), of(LEAKS, 0.03)]) == [of(F1, 0.89), of(LEAKS, 0.03)]
    assert not FLOORS.broken([of(F1, 0.95), of(LEAKS, 0.0)])


def test_what_is_better_raises_a_floor_and_only_what_is_named_lowers_one() -> None:
    raised = FLOORS.raised([of(F1, 0.95), of(LEAKS, 0.5)], {"threads": "sha256:1"})
    assert raised.values == {F1.key: 0.95, LEAKS.key: 0.02}
    lowered = FLOORS.raised([of(F1, 0.95), of(LEAKS, 0.5)], {"threads": "sha256:1"}, [LEAKS.key])
    assert lowered.values == {F1.key: 0.95, LEAKS.key: 0.5}


def test_a_new_figure_gets_its_floor() -> None:
    new = Figure("threads", "dates", 10, 0.7)
    assert FLOORS.raised([new], {}).values[new.key] == 0.7


def test_floors_are_of_the_files_that_they_were_measured_on() -> None:
    assert FLOORS.changed({"threads": "sha256:2", "another": "sha256:3"}) == ["threads"]
