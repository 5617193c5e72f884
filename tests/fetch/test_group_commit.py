"""One commit for those that wait at once; each hears of its failure; one alone waits for nobody."""

import asyncio

import pytest

from scraper.fetch.group_commit import GroupCommit


async def test_those_that_wait_at_once_share_a_commit_which_has_what_all_of_them_told() -> None:
    told: list[int] = []
    committed: list[tuple[int, ...]] = []
    commit = GroupCommit(lambda: committed.append(tuple(told)))
    commit.begin()

    async def tell(number: int) -> None:
        await asyncio.sleep(0)
        told.append(number)
        await commit()
        assert number in committed[-1]

    await asyncio.gather(*map(tell, range(5)))
    assert committed == [(0, 1, 2, 3, 4)]


async def test_one_alone_is_committed_before_anything_else_runs() -> None:
    committed: list[str] = []
    commit = GroupCommit(lambda: committed.append("done"))
    asyncio.get_running_loop().call_soon(committed.append, "other")
    commit.begin()
    commit.end()
    await commit()
    assert committed == ["done"]


async def test_each_who_waited_hears_of_a_failure_and_the_next_commit_is_another() -> None:
    failures = iter([True, False])

    def refuse() -> None:
        if next(failures):
            raise OSError("No space left on device")

    commit = GroupCommit(refuse)
    commit.begin()
    heard = await asyncio.gather(commit(), commit(), return_exceptions=True)
    assert [type(each) for each in heard] == [OSError, OSError]
    await commit()


async def test_who_is_cancelled_takes_the_commit_from_nobody() -> None:
    committed: list[str] = []
    commit = GroupCommit(lambda: committed.append("done"))
    commit.begin()
    first, second = asyncio.ensure_future(commit()), asyncio.ensure_future(commit())
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await second
    assert committed == ["done"]
