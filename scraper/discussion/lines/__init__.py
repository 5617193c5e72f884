"""A page by the words on its lines: of a site whose words are known, whatever its markup, and of text that lost its markup."""
