"""A document read as a post and its thread, whoever made the page."""
