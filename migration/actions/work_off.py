"""A finding is worked off: handed to its district, given to a person, noted, closed with a word."""

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from journal.actions import record
from migration.access import check_may_run
from migration.findings_access import check_may_close, check_may_work_on, who_may_take
from migration.models import CaseState, CaseStep, Deed, FindingCase
from organizations.models import District
from security.actions.notices import tell
from security.models import User
from security.refusals import RuleBroken

SHORTEST, LONGEST = 5, 1000
CLOSINGS = {
    CaseState.FIXED: Deed.FIXED,
    CaseState.EXPLAINED: Deed.EXPLAINED,
    CaseState.LEFT: Deed.LEFT,
}


@transaction.atomic
def hand_over(*, by: User, rule: str, district: District) -> int:
    """All open findings of a rule go to the district; how many did. Done twice nothing more happens."""
    check_may_run(by)
    rows = FindingCase.objects.open().filter(rule=rule, district=district, handed_at=None)
    ids = list(rows.select_for_update().values_list("pk", flat=True))
    _hand(by, ids)
    if ids:
        words = f"Handed {len(ids):,} findings of {rule} to {district}"
        record("FINDINGS_HANDED", words, by=by, district_id=district.pk, rule=rule, findings=len(ids))
        _tell_district(rule, district, len(ids))
    return len(ids)


@transaction.atomic
def give(*, by: User, case: FindingCase, to: User | None) -> None:
    """To a person of its district; None: to nobody. By the state it is thereby the district's."""
    case = _locked(case)
    check_may_work_on(by, case)
    if to and not who_may_take(case.district).filter(pk=to.pk).exists():
        raise RuleBroken(f"{to.get_full_name()} does not work on the findings of this district.", "to")
    if to and case.handed_at is None:
        _hand(by, [case.pk])
        case.refresh_from_db(fields=["handed_at"])
    case.assigned_to = to
    case.save(update_fields=["assigned_to"])
    CaseStep.objects.create(case=case, deed=Deed.GIVEN, by=by, to=to)
    if to and to != by:
        key = f"legacy-finding-{case.pk}-{to.pk}"
        tell([to], f"A finding of the rollover ({case.rule}) is yours.", key=key, address=_address(case))


@transaction.atomic
def note(*, by: User, case: FindingCase, words: str) -> None:
    """What somebody found out; the finding stays open."""
    case = _locked(case)
    check_may_work_on(by, case)
    CaseStep.objects.create(case=case, deed=Deed.NOTED, by=by, words=_checked(words))


@transaction.atomic
def close(*, by: User, case: FindingCase, how: CaseState, words: str) -> None:
    """Fixed in the records, explained, or left with a reason. Raises NotAllowed, RuleBroken."""
    case = _locked(case)
    check_may_close(by, case)
    if not case.is_open:
        raise RuleBroken(f"This finding is closed already: {case.get_state_display()}.")
    said = _checked(words)
    case.state = how
    case.save(update_fields=["state"])
    CaseStep.objects.create(case=case, deed=CLOSINGS[how], by=by, words=said)
    words = f"Closed a finding of {case.rule}: {case.get_state_display()}"
    record("FINDING_CLOSED", words, by=by, district_id=case.district_id, rule=case.rule, finding=case.pk)


def settle(by: User, cases: QuerySet[FindingCase], how: CaseState, words: str) -> None:
    """What was decided in the merge queue closes the findings of its records; in the verb's transaction."""
    ids = list(cases.open().values_list("pk", flat=True))
    FindingCase.objects.filter(pk__in=ids).update(state=how)
    CaseStep.objects.bulk_create(
        CaseStep(case_id=pk, deed=Deed.SETTLED, by=by, words=words[:LONGEST]) for pk in ids
    )


def _locked(case: FindingCase) -> FindingCase:
    rows = FindingCase.objects.select_for_update(of=("self",)).select_related("district")
    return rows.get(pk=case.pk)


def _hand(by: User, ids: list[int]) -> None:
    FindingCase.objects.filter(pk__in=ids).update(handed_at=timezone.now())
    CaseStep.objects.bulk_create(CaseStep(case_id=pk, deed=Deed.HANDED, by=by) for pk in ids)


def _checked(words: str) -> str:
    words = words.strip()
    if len(words) < SHORTEST:
        raise RuleBroken("Say what you did or found out.", "words")
    if len(words) > LONGEST:
        raise RuleBroken(f"At most {LONGEST:,} letters.", "words")
    return words


def _tell_district(rule: str, district: District, number: int) -> None:
    address = f"{reverse('migration:cases')}?rule={rule}&state=OPEN"
    key = f"legacy-findings-{rule}-{district.pk}-{timezone.localdate()}"
    tell(
        who_may_take(district), f"{number:,} findings of the rollover ({rule}) are your district's.",
        key=key, address=address,
    )  # fmt: skip


def _address(case: FindingCase) -> str:
    return reverse("migration:case", args=[case.pk])
