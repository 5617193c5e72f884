"""``postkeep import`` of files."""
