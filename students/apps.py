"""The child: who it is, whose responsibility it is, and who may see it."""

from django.apps import AppConfig


class StudentsConfig(AppConfig):
    name = "students"
    label = "students"
    verbose_name = "Students"
