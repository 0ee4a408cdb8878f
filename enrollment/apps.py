"""Entry and exit: who is enrolled where, and on which roster."""

from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "enrollment"
    label = "enrollment"
    verbose_name = "Enrollment"

    def ready(self) -> None:
        from enrollment.actions.audit import audit_students
        from enrollment.actions.jurisdictions import follow_merge
        from enrollment.measures import QUALITY
        from enrollment.moving import OF_THE_CHILD
        from enrollment.queries.student_list import SPECIAL_EDUCATION
        from organizations.measures import measure
        from students.extensions import after_merge, extend_list, moves_along

        extend_list(SPECIAL_EDUCATION)
        measure(QUALITY)
        moves_along(*OF_THE_CHILD)
        after_merge("responsibility", follow_merge)
        after_merge("enrollment audit", audit_students)
