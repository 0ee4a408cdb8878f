"""The home page of staff: my students and what is due."""

from django.apps import AppConfig


class CaseloadConfig(AppConfig):
    name = "caseload"
    label = "caseload"
    verbose_name = "Caseload"

    def ready(self) -> None:
        from caseload.actions.feed import end_feed_of
        from caseload.listed import DEADLINES
        from caseload.measures import TIME
        from organizations.measures import measure
        from security.actions.tokens import end_along
        from students.extensions import add_record_list

        measure(*TIME)
        end_along("calendar feed", end_feed_of)
        add_record_list(DEADLINES)
