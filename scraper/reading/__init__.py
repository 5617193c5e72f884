"""One visit to one reading: which site claims it, and the processes that read."""
