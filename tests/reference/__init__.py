"""The pages of docs/ that are written from the code: every setting, every command, every column."""
