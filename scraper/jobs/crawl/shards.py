"""Which shard an archive is: what it was crawled as first, so that no later run takes over the hosts of another."""

from shlex import quote
from typing import Final

from scraper.archive.decisions import append_decision, shard_of_archive
from scraper.errors import UsageError
from scraper.jobs.workplace import Workplace
from scraper.model.decision import Decision
from scraper.model.shard import WHOLE, Shard

_IS_SHARD: Final = "{folder} is shard {shard}, so only hosts of that shard are visited."


def shard_of(workplace: Workplace, asked: Shard | None = None) -> Shard:
    """The shard that a run visits: the one that was ``asked`` for, or else the one that the archive is.

    Raises:
        UsageError: another one was asked for than the archive is.
        ArchiveDamagedError: the decisions cannot be read.
    """
    settled = shard_of_archive(workplace.folder)
    if settled is None:
        return asked or WHOLE
    if asked is None:
        workplace.progress.announce(_IS_SHARD.format(folder=workplace.folder, shard=settled))
    elif asked != settled:
        raise UsageError(
            f"--shard {asked}: {workplace.folder} is shard {settled}, and its hosts are visited for that one alone. Go on with "
            f"--shard {settled}, or make another archive: postkeep init NEW --key-of {quote(str(workplace.folder))}"
        )
    return settled


def settle_shard(workplace: Workplace, shard: Shard) -> None:
    """Note which shard an archive is from now on. The caller holds its lock.

    Raises:
        StopError: the medium refused.
    """
    if not shard.is_whole and shard_of_archive(workplace.folder) is None:
        decision = Decision("shard", str(shard), workplace.clock.now())
        append_decision(workplace.folder, decision, workplace.disk)
