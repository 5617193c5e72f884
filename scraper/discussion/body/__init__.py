"""The main text of a page and the facts of the post whose text it is, whoever made the page."""
