"""One enrollment, held while a verb changes it."""

from enrollment.models import Enrollment


def locked(enrollment: Enrollment) -> Enrollment:
    """The row as it is now, held until the end of the transaction."""
    rows = Enrollment.objects.select_for_update(of=("self",))
    return rows.select_related("student", "district__state", "site").get(pk=enrollment.pk)
