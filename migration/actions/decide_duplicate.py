"""The merge queue: a person says whether records are one child. Nothing is ever merged by itself."""

import re

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from journal.actions import record
from migration.actions.work_off import settle
from migration.duplicates import ALIKE, SHARED
from migration.findings_access import check_may_decide, runs_the_rollover
from migration.models import CaseState, DuplicateGroup, DuplicateRecord, FindingCase, Verdict
from security.models import User
from security.refusals import RuleBroken, Stale
from students.actions.merge import merge
from students.merge_plan import plan_of
from students.models import Source, Student

SHORTEST_REASON = 5
LASID = re.compile(r"\d{10}")
ALREADY = "Somebody has decided this already: {}."
NOT_HERE = "A record of this group is not here as a child of its own: there is nothing to merge."


@transaction.atomic
def keep_apart(
    *, by: User, group: DuplicateGroup, reason: str, owner: int | None = None,
    lasids: dict[int, str] | None = None,
) -> None:  # fmt: skip
    """Different children. Of records with one LASID `owner` keeps it; `lasids` are those of the others, by
    the id of the record, where they are known. Raises NotAllowed, RuleBroken.
    """
    group = _open(by, group)
    if group.rule == SHARED:
        stands = _one_of(group, owner, "Choose the child that owns the LASID.")
        _stand(stands)
        for other in group.records.exclude(pk=stands.pk):
            _correct(other, (lasids or {}).get(other.pk, "").strip())
    _decide(by, group, Verdict.DIFFERENT, reason)


@transaction.atomic
def is_one_child(*, by: User, group: DuplicateGroup, reason: str, stands: int | None) -> None:
    """Of records with one LASID the one that stands is loaded with the next run, and the records of the
    others with it. Raises NotAllowed, RuleBroken."""
    group = _open(by, group)
    if group.rule != SHARED:
        raise RuleBroken("These records are loaded: merge the children.")
    _stand(_one_of(group, stands, "Choose the record that stands."))
    _decide(by, group, Verdict.SAME, reason)


@transaction.atomic
def merge_loaded(
    *, by: User, group: DuplicateGroup, kept: Student, reason: str, key: str, checked: bool = False
) -> None:
    """Children that were loaded as two or more become `kept`, by the verb of the students.

    `key` is that of `merge_key`. Raises NotAllowed, RuleBroken, Stale.
    """
    group = _open(by, group)
    if group.rule != ALIKE:
        raise RuleBroken("These records wait outside: choose the one that stands.")
    children = children_of(group)
    if len(children) < group.records.count() or kept not in children:
        raise RuleBroken(NOT_HERE)
    if key != merge_key(kept, children):
        raise Stale("The records have changed since you looked at them. Look again, then merge.")
    for other in children:
        if other != kept:
            now = plan_of(kept, other).key
            merge(by=by, kept=kept, merged=other, reason=reason, key=now, checked=checked)
    group.records.filter(key=kept.legacy_key).update(stands=True)
    _decide(by, group, Verdict.SAME, reason)


def children_of(group: DuplicateGroup) -> list[Student]:
    """The loaded children of a group, in the order of its records, as far as they are seen."""
    keys = list(group.records.values_list("key", flat=True))
    found = Student.objects.filter(source=Source.LEGACY_SER, legacy_key__in=keys, merged_into=None)
    by_key = {child.legacy_key: child for child in found.select_related("state")}
    return [by_key[key] for key in keys if key in by_key]


def merge_key(kept: Student, children: list[Student]) -> str:
    """Tells whether the records are still what somebody looked at."""
    return str([plan_of(kept, other).key for other in children if other != kept])


def _open(by: User, group: DuplicateGroup) -> DuplicateGroup:
    check_may_decide(by, group)
    group = DuplicateGroup.objects.select_for_update(of=("self",)).select_related("district").get(pk=group.pk)
    if not group.is_open:
        raise RuleBroken(ALREADY.format(group.get_verdict_display()))
    return group


def _one_of(group: DuplicateGroup, pk: int | None, otherwise: str) -> DuplicateRecord:
    found = group.records.filter(pk=pk).first()
    if found is None:
        raise RuleBroken(otherwise, "stands")
    here = group.records.filter(facts__fate="here").first()
    if here and here != found:
        raise RuleBroken("The child that is here already has this LASID: that record stands.", "stands")
    return found


def _stand(record: DuplicateRecord) -> None:
    record.stands = True
    record.save(update_fields=["stands"])


def _settled_by(group: DuplicateGroup, verdict: Verdict, by: User) -> list[str]:
    """The records whose findings the decision closes.

    Different children with one number: a fatal finding is closed for the record that stands and for one that
    has a number of its own now; for another one only the state says that it may stay out (RLO-14).
    """
    records = group.records.all()
    if verdict == Verdict.DIFFERENT and group.rule == SHARED and not runs_the_rollover(by):
        records = records.filter(Q(stands=True) | ~Q(corrected=""))
    return list(records.values_list("key", flat=True))


def _correct(other: DuplicateRecord, lasid: str) -> None:
    if not lasid:
        return
    if not LASID.fullmatch(lasid) or len(set(lasid)) == 1:
        raise RuleBroken("A LASID has 10 digits that are not all the same.", "lasid")
    if lasid == other.lasid or Student.objects.filter(state_student_id=lasid).exists():
        raise RuleBroken("Another child has this LASID.", "lasid")
    other.corrected = lasid
    other.save(update_fields=["corrected"])


def _decide(by: User, group: DuplicateGroup, verdict: Verdict, reason: str) -> None:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise RuleBroken("Say how you know.", "reason")
    group.verdict, group.reason = verdict, reason[:300]
    group.decided_by, group.decided_at = by, timezone.now()
    group.save(update_fields=["verdict", "reason", "decided_by", "decided_at"])
    keys = _settled_by(group, verdict, by)
    cases = FindingCase.objects.filter(
        of_state=group.of_state_id, rule=group.rule, record_type="01", key__in=keys
    )
    how = CaseState.FIXED if verdict == Verdict.SAME else CaseState.EXPLAINED
    settle(by, cases, how, f"{verdict.label.capitalize()}: {reason}")
    record(
        "DUPLICATE_DECIDED", f"Merge queue, {group.rule}: {verdict.label}", by=by,
        district_id=group.district_id, group=group.pk,
    )  # fmt: skip
