"""What reports keep: the numbers of each day."""

from reports.models.day_count import DayCount

__all__ = ["DayCount"]
