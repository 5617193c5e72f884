"""Records become validated rows: the contract of schema/, people as pseudonyms, history."""
