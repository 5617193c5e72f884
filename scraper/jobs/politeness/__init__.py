"""``postkeep check --politeness``."""
