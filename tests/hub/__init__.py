"""A small Hugging Face Hub on loopback, as real clients know it, with faults to order."""
