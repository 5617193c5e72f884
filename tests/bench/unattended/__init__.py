"""What the bench of three years is made of: how posts live, thirty real nights, the simulation, the picture."""
