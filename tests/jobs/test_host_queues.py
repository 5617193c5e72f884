"""What is asked for next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scraper.jobs.crawl.side_by_side import HostQueues, Next

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_the_host_that_may_be_asked_for_longest_comes_first() -> None:
    queues = HostQueues()
    for host, seconds in (("late", 5.0), ("early", 1.0), ("middle", 3.0)):
        queues.add(host, int(seconds), after(seconds))
    assert queues.take(NOW) is None
    assert queues.next_at() == after(1)
    assert [queues.take(after(9)) for _ in range(4)] == [
        Next("early", 1),
        Next("middle", 3),
        Next("late", 5),
        None,
    ]


def test_a_host_is_left_alone_until_it_is_given_back() -> None:
    queues = HostQueues()
    queues.add("one", 1, NOW)
    queues.add("one", 2, NOW)
    assert queues.take(NOW) == Next("one", 1)
    queues.add("one", 3, NOW)
    assert queues.take(NOW) is None
    queues.give_back("one", after(2))
    assert (queues.take(after(1)), queues.take(after(2)), len(queues)) == (None, Next("one", 2), 1)


def test_recalled_hosts_may_be_asked_at_once_in_the_order_in_which_they_came() -> None:
    queues = HostQueues()
    for host, seconds in (("second", 9000.0), ("first", 10.0)):
        queues.add(host, int(seconds), after(seconds))
    queues.recall(after(-5))
    assert queues.next_at() == after(-5)
    assert [queues.take(NOW), queues.take(NOW)] == [Next("second", 9000), Next("first", 10)]


def test_a_host_without_more_is_forgotten() -> None:
    queues = HostQueues()
    queues.add("one", 1, NOW)
    queues.take(NOW)
    queues.give_back("one", after(9))
    assert (queues.next_at(), len(queues)) == (None, 0)
    queues.add("one", 2, NOW)
    assert queues.take(NOW) == Next("one", 2)


@given(
    items=st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 9)), max_size=300),
    gap=st.integers(0, 5),
)
def test_every_item_comes_once_in_its_hosts_order_and_no_host_before_its_time(
    items: list[tuple[str, int]], gap: int
) -> None:
    queues = HostQueues()
    allowed: dict[str, datetime] = {}
    for number, (host, seconds) in enumerate(items):
        allowed.setdefault(host, after(seconds))
        queues.add(host, number, after(seconds))
    now, seen = NOW, list[Next]()
    while queues:
        found = queues.take(now)
        if found is None:
            now = max(now, queues.next_at() or now)
            continue
        assert allowed[found.host] <= now
        seen.append(found)
        allowed[found.host] = now + timedelta(seconds=gap)
        queues.give_back(found.host, allowed[found.host])
    assert sorted(found.item for found in seen) == list(range(len(items)))
    for host in "abcd":
        numbers = [found.item for found in seen if found.host == host]
        assert numbers == sorted(numbers)
