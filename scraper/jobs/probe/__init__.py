"""``postkeep probe``: what would be read of a page, and where on it that stands. Nothing is kept."""
