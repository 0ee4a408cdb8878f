"""The rollover's tables: how the extract is written, what is checked, what becomes of each record."""
