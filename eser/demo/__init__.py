"""Runs the whole system on one machine: `make demo`."""
