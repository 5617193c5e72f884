"""From outside to an exchange: whom we may ask, when, and how the bytes come in."""
