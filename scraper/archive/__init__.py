"""From an exchange to WARC and state.sqlite, and back."""
