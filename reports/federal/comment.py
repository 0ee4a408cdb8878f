"""A comment on one cell of a count, which goes into the file as its explanation."""

from collections.abc import Sequence

from django.db import transaction

from journal.actions import record
from reports.federal import access
from reports.models import Comment, Snapshot
from reports.rules.federal.records import EXPLANATION_LENGTH, clean
from reports.rules.federal.rows import Level
from reports.rules.federal.tables import permitted, sets, submission_year
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def comment(
    *, by: User, snapshot: Snapshot, file: str, set: str, codes: Sequence[str], words: str
) -> Comment:
    """Raises NotAllowed, RuleBroken where there is no such cell, nothing to say, or too much."""
    access.check_may_certify(by, snapshot.district, "comment on its count")
    access.check_stands(snapshot)
    if not is_a_cell(snapshot, file, set, codes):
        raise RuleBroken("There is no such cell in this count.")
    if not clean(words) or len(words.strip()) > EXPLANATION_LENGTH:
        raise RuleBroken(f"Write 1 to {EXPLANATION_LENGTH} letters.", "words")
    said = f"commented on the {snapshot.called}"
    record("COUNT_COMMENTED", said, by=by, district_id=snapshot.district_id, snapshot=snapshot.pk,
           file=file, set=set)  # fmt: skip
    return Comment.objects.create(
        snapshot=snapshot, file=file, set=set, codes=list(codes), words=clean(words), by=by
    )


def is_a_cell(snapshot: Snapshot, file: str, name: str, codes: Sequence[str]) -> bool:
    year = submission_year(snapshot.day)
    row = next((row for row in sets(file, Level.DISTRICT, year) if row.set == name), None)
    if row is None or len(codes) != len(row.categories):
        return False
    pairs = zip(row.categories, codes, strict=True)
    return all(code in permitted(file, category, year) for category, code in pairs)


def explanations(snapshots: Sequence[Snapshot]) -> dict[tuple[int, str, str, tuple[str, ...]], str]:
    """The latest comment of each cell, by snapshot, file, set and codes."""
    rows = Comment.objects.filter(snapshot__in=snapshots).order_by("at", "pk")
    return {(row.snapshot_id, row.file, row.set, tuple(row.codes)): row.words for row in rows}
