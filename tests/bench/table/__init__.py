"""The one table of figures: what a figure is, how it is measured, where it is kept and how it is shown."""
