"""Verbs, progress and printing."""
