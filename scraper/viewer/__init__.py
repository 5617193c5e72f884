"""What people look at: the archive as pages to read, and the report of its crawls."""
