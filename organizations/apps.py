"""Places: the state, its districts and sites, who answers for whom, and their calendars."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"
    label = "organizations"
    verbose_name = "Places"
