"""Individualized education programs: written, signed, amended."""

from django.apps import AppConfig


class IepsConfig(AppConfig):
    name = "ieps"
    label = "ieps"
    verbose_name = "IEPs"

    def ready(self) -> None:
        from ieps.due import has_an_iep_due
        from security.extensions import knows_of_ieps_due

        knows_of_ieps_due(has_an_iep_due)
