"""How captures become readings."""
