"""The verbs of ``postkeep``, a file each: what they are given on the command line, and the job they run."""
