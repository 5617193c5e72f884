"""dataset → Hub: one commit, one tag, and what a takedown takes back."""
