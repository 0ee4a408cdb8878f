"""A district says which state code each of its own codes means. Authority: OSSE 2016, slides 6 and 11."""

from datetime import date

from django.db import transaction

from enrollment.access import check_may_map
from enrollment.facts import profile_of
from enrollment.models import LocalCode
from enrollment.rules.codes import Kind
from enrollment.rules.mapping import (
    MappingRefused,
    MappingRow,
    RowError,
    read_mapping,
    why_not_map,
    write_mapping,
)
from journal.actions import record
from organizations.models import District, SchoolYear
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def map_code(
    *, by: User, district: District, year: SchoolYear, kind: Kind, code: str, state_code: str, name: str = ""
) -> LocalCode:
    """This local code means that state code in this school year. Raises NotAllowed, RuleBroken."""
    check_may_map(by, district)
    code = code.strip()
    if reason := why_not_map(profile_of(district), kind, code, state_code, day_of(year)):
        raise RuleBroken(reason, "code" if "local code" in reason or "itself" in reason else "state_code")
    return _keep(by, district, year, MappingRow(0, kind, code, name.strip(), state_code))


@transaction.atomic
def unmap_code(*, by: User, local_code: LocalCode) -> None:
    """The district no longer uses this code. Raises NotAllowed."""
    check_may_map(by, local_code.district)
    local_code.changed_by_id = by.pk
    local_code.save(update_fields=["changed_by_id", "changed_at"])
    local_code.delete()
    _tell(by, local_code.district, f"{local_code.kind} code {local_code.code} no longer means anything")


@transaction.atomic
def import_mapping(*, by: User, district: District, year: SchoolYear, text: str) -> int:
    """Every row of the file, or nothing. Returns how many codes changed. Raises NotAllowed, RuleBroken."""
    check_may_map(by, district)
    rows, errors = look_through_mapping(district, year, text)
    if errors:
        raise RuleBroken(f"Line {errors[0].line}: {errors[0].sentence} Nothing was taken over.", "file")
    before = _meanings(district, year)
    for row in rows:
        if before.get((row.kind, row.code)) != (row.state_code, row.name):
            _keep(by, district, year, row)
    return len(_meanings(district, year).items() - before.items())


def look_through_mapping(
    district: District, year: SchoolYear, text: str
) -> tuple[list[MappingRow], list[RowError]]:
    """The preview: what the file says, and what is wrong in it. Raises RuleBroken when it is no mapping."""
    try:
        return read_mapping(text, profile_of(district), day_of(year))
    except MappingRefused as refusal:
        raise RuleBroken(str(refusal), "file") from None


def export_mapping(district: District, year: SchoolYear) -> str:
    """The mapping as a CSV text that can be imported again."""
    rows = LocalCode.objects.filter(district=district, school_year=year)
    return write_mapping(rows.values_list("kind", "code", "name", "state_code"))


@transaction.atomic
def copy_to_next_year(*, by: User, district: District, year: SchoolYear) -> int:
    """What the next year has not yet, where the state's code is still valid. Returns how many.

    Raises NotAllowed, RuleBroken when the next year is not set up.
    """
    check_may_map(by, district)
    after = SchoolYear.objects.filter(state=district.state, first_day__gt=year.first_day).first()
    if after is None:
        raise RuleBroken(f"The school year after {year} is not set up yet.")
    known, profile = _meanings(district, after), profile_of(district)
    copied = [
        MappingRow(0, Kind(row.kind), row.code, row.name, row.state_code)
        for row in LocalCode.objects.filter(district=district, school_year=year)
        if (row.kind, row.code) not in known
        and not why_not_map(profile, Kind(row.kind), row.code, row.state_code, day_of(after))
    ]
    for row in copied:
        _keep(by, district, after, row)
    return len(copied)


def day_of(year: SchoolYear) -> date:
    """The day on which a code must be valid to be used in the year."""
    return year.last_day


def _meanings(district: District, year: SchoolYear) -> dict[tuple[str, str], tuple[str, str]]:
    rows = LocalCode.objects.filter(district=district, school_year=year)
    return {(row.kind, row.code): (row.state_code, row.name) for row in rows}


def _keep(by: User, district: District, year: SchoolYear, row: MappingRow) -> LocalCode:
    kept, _ = LocalCode.objects.update_or_create(
        district=district, school_year=year, kind=row.kind, code=row.code,
        defaults={"name": row.name, "state_code": row.state_code, "changed_by_id": by.pk},
    )  # fmt: skip
    _tell(by, district, f"{row.kind} code {row.code} means {row.state_code} in {year}")
    return kept


def _tell(by: User, district: District, words: str) -> None:
    record("CODE_MAPPED", words, by=by, district_id=district.pk)
