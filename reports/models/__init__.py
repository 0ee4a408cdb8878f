"""What reports keep: the numbers of each day, and what a state decides about its measures."""

from reports.models.day_count import DayCount
from reports.models.disproportionality import DisproportionalitySettings

__all__ = ["DayCount", "DisproportionalitySettings"]
