"""postkeep: an archival scraper for community posts, and the dataset it makes.

The rooms, in the direction data flows: fetch, archive, page, sites, records, dataset.
``jobs`` and ``cli`` compose them; ``model``, ``settings`` and ``errors`` are the ground floor.
"""

__version__ = "0.1.0"
