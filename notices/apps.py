"""What parents are told in writing, how they are reached, and what they ask to see."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    label = "notices"
    verbose_name = "Notices to parents"

    def ready(self) -> None:
        from evaluations.beside import say_beside
        from notices.beside import of_evaluation
        from notices.models import Notice, RecordsRequest, ServicesConsent
        from students.extensions import MovesAlong, moves_along

        moves_along(
            MovesAlong(Notice, "notices to parents"),
            MovesAlong(RecordsRequest, "requests for records"),
            MovesAlong(ServicesConsent, "consents to services"),
        )
        say_beside("notices", of_evaluation)
