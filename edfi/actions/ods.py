"""A district's own ODS is set up: address and key, what its values mean, whether it is read every night."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from edfi.access import check_may_set_up
from edfi.actions.configure import check_address
from edfi.models import DistrictOds, Number, OdsValue, ValueKind
from enrollment.access import check_may_feed
from enrollment.actions.mapping import day_of
from enrollment.facts import profile_of
from enrollment.rules.codes import Kind, codes_for
from journal.actions import record
from organizations.models import District, SchoolYear
from organizations.rules.places import grades
from security.models import User
from security.refusals import RuleBroken

SEXES = {"F": "Female", "M": "Male", "X": "Neither, or not told"}


@dataclass(frozen=True)
class OdsSetup:
    """What a person enters. `secret` empty: the stored one stays."""

    base_url: str
    key: str
    secret: str = ""
    number: str = Number.EDFI


@transaction.atomic
def keep_ods(*, by: User, district: District, setup: OdsSetup) -> DistrictOds:
    """Set it up, or change it. Another address, key or number begins anew. Raises NotAllowed, RuleBroken."""
    check_may_set_up(by, district)
    check_address(setup.base_url)
    ods = DistrictOds.objects.select_for_update().filter(district=district).first()
    if not setup.secret and (ods is None or ods.base_url != setup.base_url):
        raise RuleBroken("Enter the secret that belongs to the key at this address.", "secret")
    before = ods and (ods.base_url, ods.key, ods.number)
    ods = ods or DistrictOds(district=district)
    ods.base_url, ods.key, ods.number = setup.base_url, setup.key, setup.number
    if setup.secret:
        ods.secret = setup.secret
    ods.save()
    if before and before != (ods.base_url, ods.key, ods.number):
        _forget_copy(ods)
    record("EDFI_ODS_KEPT", "Set up the ODS from which enrollments are read", by=by, district_id=district.pk)
    return ods


@transaction.atomic
def say_meanings(*, by: User, ods: DistrictOds, year: SchoolYear, said: Mapping[int, str]) -> int:
    """Codes by the id of a value; an empty one takes the meaning away. Gives how many are other than before.

    All of them or none. Raises NotAllowed, RuleBroken.
    """
    check_may_feed(by, ods.district)
    values = OdsValue.objects.select_for_update().filter(ods=ods, pk__in=said)
    changed = [value for value in values if value.code != said[value.pk]]
    for value in changed:
        value.code = said[value.pk]
        _check_means(value, year)
    OdsValue.objects.bulk_update(changed, ["code"])
    if changed:
        told = {value.uri or value.kind: value.code for value in changed}
        words = "Said what values of the ODS mean"
        record("EDFI_ODS_VALUES", words, by=by, district_id=ods.district_id, codes=told)
    return len(changed)


def _check_means(value: OdsValue, year: SchoolYear) -> None:
    if value.code and value.code not in dict(meanings(value.ods.district, year, value.kind)):
        raise RuleBroken(f"“{value.code[:20]}” is no {value.get_kind_display().lower()} of this state.")


def meanings(district: District, year: SchoolYear, kind: str) -> list[tuple[str, str]]:
    """The codes that a value of this kind may mean in the year, each with its words."""
    if kind == ValueKind.GRADE:
        return [(row.grade, f"{row.grade} {row.name}") for row in grades()]
    if kind == ValueKind.SEX:
        return list(SEXES.items())
    of = Kind.ENTRY if kind == ValueKind.ENTRY else Kind.EXIT
    return [(row.code, str(row)) for row in codes_for(profile_of(district), of, day_of(year))]


@transaction.atomic
def read_nightly(*, by: User, district: District) -> None:
    """From now on it is read every night, in this person's name. Raises NotAllowed, RuleBroken."""
    check_may_feed(by, district)
    if not DistrictOds.objects.filter(district=district).update(by_id=by.pk, since=timezone.now()):
        raise RuleBroken("The ODS is not set up yet: enter its address, key and secret first.")
    record("EDFI_ODS_NIGHTLY", "Has the ODS read every night", by=by, district_id=district.pk)


@transaction.atomic
def leave_unread(*, by: User, district: District) -> None:
    """It is read by hand alone, and the copy of its records is removed. Raises NotAllowed."""
    check_may_feed(by, district)
    for ods in DistrictOds.objects.select_for_update().filter(district=district):
        ods.by_id = ods.since = None
        ods.save(update_fields=["by_id", "since"])
        _forget_copy(ods)
    record("EDFI_ODS_NIGHTLY", "No longer has the ODS read every night", by=by, district_id=district.pk)


def _forget_copy(ods: DistrictOds) -> None:
    """The next reading asks for everything."""
    ods.records.all().delete()
    ods.seen_versions, ods.read_whole_at = {}, {}
    ods.save(update_fields=["seen_versions", "read_whole_at"])
