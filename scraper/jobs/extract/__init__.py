"""``postkeep extract``: the archive read anew, or other WARC files straight into a dataset."""
