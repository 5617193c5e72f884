"""How much a verb says on stderr."""

from enum import IntEnum


class Loudness(IntEnum):
    """From nothing, as beside ``--json``, over ``-q`` to ``-v``."""

    SILENT = 0
    ERRORS = 1
    USUAL = 2
    MORE = 3
