"""One enrollment, held while a verb changes it."""

from enrollment.models import Enrollment
from students.models import Student


def locked(enrollment: Enrollment) -> Enrollment:
    """The row as it is now, held until the end of the transaction, and the child with it.

    The child first, as an entry does: an exit and an entry of one child at once come one after the other.
    """
    children = Student.objects.select_for_update(no_key=True, of=("self",))
    children.get(enrollments=enrollment.pk)
    rows = Enrollment.objects.select_for_update(of=("self",))
    return rows.select_related("student", "district__state", "site").get(pk=enrollment.pk)
