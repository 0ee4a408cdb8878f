"""The child: who it is, whose responsibility it is, and who may see it."""

from django.apps import AppConfig


class StudentsConfig(AppConfig):
    name = "students"
    label = "students"
    verbose_name = "Students"

    def ready(self) -> None:
        from security.panels import DeskPanel, add_panel
        from students.reach import panel

        add_panel(DeskPanel("reach", "students/desk_reach.html", panel))
