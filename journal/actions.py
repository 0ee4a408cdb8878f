"""Writing the journal."""

from typing import Any

from journal.models import Entry


def record(
    kind: str,
    words: str,
    *,
    by: Any = None,
    student_id: int | None = None,
    district_id: int | None = None,
    **details: Any,
) -> Entry:
    """Write one line in the words of the field ("exited, 1941, effective Oct 2").

    Call it in the transaction of the deed, so that both are kept or neither. `by` is the user who did it,
    None for the system itself; `details` must be JSON and hold codes and ids rather than names.
    """
    return Entry.objects.create(
        kind=str(kind),
        words=words,
        actor_id=getattr(by, "pk", None),
        actor_name=by.get_full_name() if by else "",
        student_id=student_id,
        district_id=district_id,
        details=details,
    )
