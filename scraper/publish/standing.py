"""Where the dataset stands on the Hub, for the card that goes out with a publication."""

from scraper.dataset.changes import changes_between
from scraper.dataset.context import Publication, PublishedVersion
from scraper.dataset.manifest import Manifest
from scraper.publish.head import Head
from scraper.publish.hub import Hub


def standing(
    hub: Hub, head: Head, manifest: Manifest, tag: str, *, year: int, gone: frozenset[str]
) -> Publication:
    """What the card of a publication to ``hub`` as ``tag``, in ``year``, says of its place, versions and changes.

    Versions whose tags are no longer there, or are about to be ``gone``, are left out.
    """
    before = head.manifest
    if before is None:
        return Publication(tag=tag, repo=hub.repo, url=hub.url, year=year)
    versions = before.card.publication.versions
    if head.newest is not None:
        rows = {name: config.rows for name, config in before.configs.items()}
        versions = (PublishedVersion(head.newest.note.tag, before.schema_version, rows), *versions)
    # The last publication may lack its tag still; it gets it before this one goes out.
    kept = tuple(version for version in versions if version.tag in head.names_in_use - gone)
    changes = changes_between(before, manifest)
    return Publication(tag, kept, changes, repo=hub.repo, url=hub.url, year=year)
