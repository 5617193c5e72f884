"""One function over many tasks: in this process, in a pool of this machine's, or on a Ray cluster."""
