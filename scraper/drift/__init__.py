"""Whether what was read is worse than before."""
