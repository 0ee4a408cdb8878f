"""The child: who it is, whose responsibility it is, and who may see it."""

from django.apps import AppConfig


class StudentsConfig(AppConfig):
    name = "students"
    label = "students"
    verbose_name = "Students"

    def ready(self) -> None:
        from security.panels import DeskPanel, add_panel
        from students.extensions import moves_along
        from students.moving import OF_THE_CHILD
        from students.reach import panel

        moves_along(*OF_THE_CHILD)
        add_panel(DeskPanel("reach", "students/desk_reach.html", panel))
