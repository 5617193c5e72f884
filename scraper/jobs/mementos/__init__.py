"""``postkeep import --memento``."""
