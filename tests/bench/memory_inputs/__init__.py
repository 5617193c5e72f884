"""Inputs of any size, and the most memory that a command needs for one."""
