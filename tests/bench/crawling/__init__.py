"""Crawls of a server on loopback, ours and those of peers, each in a process of its own."""
