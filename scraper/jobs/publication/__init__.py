"""``postkeep export`` and ``postkeep publish``."""
