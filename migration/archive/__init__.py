"""The archive: packed records of children, put away by a run and read on request."""
