"""How long the Hub is left in peace before it is asked again, and how often that is."""

import pytest
from tenacity import RetryCallState, Retrying

from scraper.errors import PostkeepError
from scraper.publish.answers import BusyError, LostAnswerError
from scraper.publish.patience import patiently, pause


def after(error: PostkeepError) -> RetryCallState:
    state = RetryCallState(Retrying(), None, (), {})
    state.set_exception((type(error), error, None))
    return state


@pytest.mark.parametrize(("asked", "kept"), [(0.0, 0.0), (7.0, 7.0), (86_400.0, 300.0)])
def test_the_hub_is_asked_no_sooner_than_it_says_within_reason(asked: float, kept: float) -> None:
    assert pause(after(BusyError("busy", asked))) == kept


@pytest.mark.parametrize("error", [BusyError("busy", None), LostAnswerError("lost")])
def test_where_it_does_not_say_the_wait_is_drawn_by_lot_and_bounded(error: PostkeepError) -> None:
    waits = {pause(after(error)) for _ in range(50)}
    assert len(waits) > 1
    assert max(waits) <= 20.0


def test_attempts_are_bounded_and_other_errors_are_not_tried_again() -> None:
    made: list[PostkeepError] = []

    def attempt(error: PostkeepError) -> None:
        made.append(error)
        raise error

    with pytest.raises(BusyError, match="busy"):
        patiently(lambda: attempt(BusyError("busy", 0.0)), (BusyError,))
    assert len(made) == 5
    with pytest.raises(LostAnswerError):
        patiently(lambda: attempt(LostAnswerError("lost")), (BusyError,))
    assert len(made) == 6
