"""The thread of a page: repeated elements in which an author, a date and a text recur in the same places."""
