"""The demonstration state: invented places, staff and children, the same at every start of the same year."""
