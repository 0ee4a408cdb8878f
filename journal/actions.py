"""Writing the journal."""

from collections.abc import Iterable
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


def record_for_each(
    kind: str, words: str, *, by: Any, children: Iterable[tuple[int, int | None, dict[str, Any]]]
) -> None:
    """The same deed on many: a line for each (student id, district id, details), as `record` writes it."""
    common = {"kind": str(kind), "words": words, "actor_id": by.pk, "actor_name": by.get_full_name()}
    Entry.objects.bulk_create(
        (
            Entry(student_id=student_id, district_id=district_id, details=details, **common)
            for student_id, district_id, details in children
        ),
        batch_size=1000,
    )
