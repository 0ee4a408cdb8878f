"""The quality checks as SQL over the staged rows: one file per record type, one named condition per rule."""
