"""Takedown: what must go, where it stands, and the archive without it."""
