"""What people look at in a terminal: each screen is a function of what a job saw and of the width."""
