"""What the data in a page tells: the post and the thread in its JSON."""
