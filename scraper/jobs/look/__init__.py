"""Looking at an archive: what there is, its posts in a list, one post with its thread. Nothing is written and no page is read."""
