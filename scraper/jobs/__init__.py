"""What composes the rooms: crawl, import, extract, export, check."""
