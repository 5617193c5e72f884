"""``postkeep forget --from``: takedowns as they were asked for, row by row."""
