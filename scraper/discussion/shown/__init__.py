"""What a page shows: the post and the thread in its blocks."""
