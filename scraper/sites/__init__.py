"""What each site says, read from the captures of a visit. Adapters never fetch."""
