"""The load as SQL: one INSERT..SELECT per record type, in the order of the foreign keys."""
