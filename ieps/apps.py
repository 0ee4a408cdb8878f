"""Individualized education programs: written, signed, amended."""

from django.apps import AppConfig


class IepsConfig(AppConfig):
    name = "ieps"
    label = "ieps"
    verbose_name = "IEPs"
