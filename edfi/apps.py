"""The state's Ed-Fi API: what it should hold, and how it gets there."""

from django.apps import AppConfig


class EdfiConfig(AppConfig):
    name = "edfi"
    label = "edfi"

    def ready(self) -> None:
        from edfi.listed import ERRORS
        from edfi.measures import EXCHANGE
        from organizations.measures import measure
        from students.extensions import add_record_list

        measure(EXCHANGE)
        add_record_list(ERRORS)
