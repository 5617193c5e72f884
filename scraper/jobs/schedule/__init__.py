"""``postkeep schedule`` and ``postkeep check --fresh``."""
