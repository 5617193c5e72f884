"""What the code's imports say of the rooms, their arrows and their picture."""
