"""``postkeep refresh``."""
