"""What each verb costs: the figures and how they are told."""
