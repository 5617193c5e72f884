"""The report of a crawl: its numbers out of ledger, index and records, and the page that shows them."""
