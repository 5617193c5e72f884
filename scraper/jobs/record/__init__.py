"""``postkeep record``: a post of a site as a cassette, with the record that it must be read as."""
