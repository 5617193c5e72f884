"""What the publication bench is made of: a growing dataset, a store of the Hub's kind, the peer."""
