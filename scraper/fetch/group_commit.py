"""One commit for all who wait for one: what forcing bytes to the medium costs is shared by hosts that answer at once."""

import asyncio
from collections.abc import Callable
from typing import Final

# So many rounds of the event loop are the others' whose answers have come in: enough to have them read and kept.
_ROUNDS: Final = 8


class GroupCommit:
    """Calls ``commit`` for whoever waits for what was told until then to be durable."""

    def __init__(self, commit: Callable[[], None]) -> None:
        self._commit = commit
        self._next: asyncio.Future[None] | None = None
        self._on_the_wire = 0

    def begin(self) -> None:
        """A request leaves: what waits for a commit may wait for its answer to come along."""
        self._on_the_wire += 1

    def end(self) -> None:
        """A request has its answer, or will have none."""
        self._on_the_wire -= 1

    async def __call__(self) -> None:
        """Come back once all that was told before is durable.

        Raises:
            whatever ``commit`` raises, to each who waited for it.
        """
        if self._next is None and not self._on_the_wire:
            self._commit()
            return
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
            self._wait(_ROUNDS)
        # Whoever is cancelled leaves the commit to the others.
        await asyncio.shield(self._next)

    def now(self) -> None:
        """Commit at once, with what others wait for."""
        self._commit()

    def _wait(self, rounds: int) -> None:
        if rounds:
            asyncio.get_running_loop().call_soon(self._wait, rounds - 1)
        else:
            self._run()

    def _run(self) -> None:
        done, self._next = self._next, None
        if done is None:
            return
        try:
            self._commit()
        except BaseException as error:  # noqa: BLE001 - it is for those who wait
            done.set_exception(error)
        else:
            done.set_result(None)
