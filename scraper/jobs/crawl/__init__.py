"""``postkeep crawl``."""
