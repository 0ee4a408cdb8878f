"""People and what they may see: roles, grants, scope, the record of access."""

from django.apps import AppConfig


class SecurityConfig(AppConfig):
    name = "security"
    label = "security"
    verbose_name = "Access"
