"""Rows become a folder that load_dataset opens: Parquet, card, metadata."""
