"""The home page of staff: my students and what is due."""

from django.apps import AppConfig


class CaseloadConfig(AppConfig):
    name = "caseload"
    label = "caseload"
    verbose_name = "Caseload"
