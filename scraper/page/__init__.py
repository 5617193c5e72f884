"""Kept bytes become a readable page: charset, blocks of text, data in the page, gates, dates, counts."""
