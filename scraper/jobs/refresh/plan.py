"""``postkeep refresh --dry-run``: what a refresh would visit, why, and about what it costs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from scraper.archive.files import is_archive, present_names
from scraper.archive.read import VisitCost
from scraper.jobs.crawl.shards import shard_of
from scraper.jobs.extractor import read_unread
from scraper.jobs.refresh.budget import NO_BUDGET, Budget
from scraper.jobs.refresh.due import VisitedPost, bounds_of, due_posts, visited_posts
from scraper.jobs.refresh.rhythm import Bounds, Change
from scraper.jobs.runs import open_records_to_read
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.settings import Settings

_WHY: Final[Mapping[Change, str]] = {
    "changed": "its words changed",
    "counted": "only numbers had changed",
    "same": "nothing had changed",
    "withheld": "its text was withheld",
    "nothing": "nothing of it could be had",
}
_REQUESTS_WHERE_UNKNOWN: Final = 1


def plan(workplace: Workplace, budget: Budget = NO_BUDGET) -> Report:
    """What ``refresh`` would visit now: an item for each post with why, since when, and about what it costs.

    Nobody is asked for anything, so posts that are new on the followed lists are not among them.

    Raises:
        UsageError, ArchiveHeldError, StopError: as ``open_records_to_read``.
    """
    bounds, now = bounds_of(workplace.settings), workplace.clock.now()
    visited, due = _visited_and_due(workplace, bounds, now)
    items = [_planned_item(post, cost, now, bounds) for post, cost in due]
    spending = budget.over(workplace.settings.refresh)
    summary = _summary(visited, [cost for _, cost in due], workplace.settings, spending)
    for item in (*items, summary):
        workplace.progress.end(item)
    return Report(items=(*items, summary))


def _visited_and_due(
    workplace: Workplace, bounds: Bounds, now: datetime
) -> tuple[int, list[tuple[VisitedPost, VisitCost]]]:
    """How many posts were visited, and those of them that are due with what their last visit took, the most overdue first."""
    if is_archive(workplace.folder) and not present_names(workplace.folder):
        return 0, []
    shard = shard_of(workplace)
    with open_records_to_read(workplace) as (archive, extractor):
        read_unread(archive, extractor, workplace)
        posts = list(visited_posts(extractor.store.looks(), archive, bounds))
        due = due_posts(posts, now, bounds)
        costs = ((post, archive.visit_cost(post.last_visit)) for post in due)
        return len(posts), [(post, cost) for post, cost in costs if cost and shard.has_url(cost.url)]


def _planned_item(post: VisitedPost, cost: VisitCost, now: datetime, bounds: Bounds) -> Item:
    """A post that is due: why, since when, and about what a visit costs."""
    due = post.due_at(now, bounds)
    reason = (
        f"due since {due:%Y-%m-%d %H:%M} UTC: at its last look, on {post.rhythm.at:%Y-%m-%d}, {_WHY[post.last_change]}, "
        f"so it is looked at every {_span(post.interval(bounds))}. About {_cost(*_expected(cost))}."
    )
    return Item(cost.url, "skipped", post.post_id, reason)


def _summary(posts: int, costs: Sequence[VisitCost], settings: Settings, budget: Budget) -> Item:
    """What the whole plan comes to, and what bounds it."""
    requests, size = (sum(part) for part in zip(*map(_expected, costs), strict=True)) if costs else (0, 0)
    sentences = [f"{len(costs):,} of {posts:,} posts are due: about {_cost(requests, size)}."]
    if settings.follow:
        lists = "1 list" if len(settings.follow) == 1 else f"{len(settings.follow):,} lists"
        sentences.append(f"{lists} would be looked at for new posts.")
    bounds = {"requests": budget.requests, "bytes": budget.bytes, "minutes": budget.minutes}
    named = [f"{bound:,} {name}" for name, bound in bounds.items() if bound is not None]
    if named:
        sentences.append(f"A run ends after {', '.join(named)}; the rest waits for the next one.")
    return Item("refresh", "skipped", reason=" ".join(sentences))


def _expected(cost: VisitCost) -> tuple[int, int]:
    """What the next visit will about cost: what the last one did, in requests and bytes."""
    return max(cost.captures, _REQUESTS_WHERE_UNKNOWN), cost.bytes


def _cost(requests: int, size: int) -> str:
    return f"{requests:,} requests and {size / 1000:,.0f} kB"


def _span(interval: timedelta) -> str:
    hours = round(interval / timedelta(hours=1))
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"
