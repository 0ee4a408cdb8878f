"""Each check finds its case and leaves alone what is right: a table that an expert can extend."""

import csv
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import escape

from enrollment.models import Enrollment, EnrollmentSettings, Finding, LocalCode
from enrollment.queries.audit import SQL_OF_CHECK, audit
from enrollment.rules.checks import How, checks
from ieps.models import IepStatus
from organizations.models import Site
from security import scope
from tests import factories as make

TODAY = date(2026, 11, 2)
OCT_3 = date(2026, 10, 3)  # thirty days before
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ROWS = list(csv.DictReader((Path(__file__).parent / "cases.csv").open(encoding="utf-8")))
CASES = [(name, list(rows)) for name, rows in groupby(ROWS, key=lambda row: row["case"])]
YES = {"yes": True, "no": False}


@pytest.fixture
def places(dc) -> SimpleNamespace:
    with scope.elevated():
        EnrollmentSettings.objects.create(state=dc.state, count_month=10, count_day=5)
    closed = make.SiteFactory(state=dc.state, district=dc.mine, last_day=date(2026, 6, 30))
    return SimpleNamespace(
        school=(dc.mine, dc.school), other=(dc.mine, dc.other), neighbour=(dc.theirs, dc.neighbour),
        neighbour_site=(dc.mine, dc.neighbour), closed=(dc.mine, closed),
        academy=(dc.mine, make.NonpublicSiteFactory(state=dc.state)),
        state=dc.state, sending=dc.school,
    )  # fmt: skip


def child_of(places: SimpleNamespace, rows: list[dict[str, str]]):
    """The child of a case with its enrollments, special education and plan."""
    said = dict(part.strip().split("=") for row in rows for part in row["more"].split(";") if part.strip())
    born = {"birth_date": said["born"]} if "born" in said else {}
    child = make.StudentFactory(state=places.state, is_active=YES[said.get("is_active", "yes")], **born)
    if "special" in said:
        make.ActivityFactory(student=child, district=places.school[0])
    if "plan" in said:
        make.IepFactory(student=child, district=places.school[0], status=IepStatus.OFFICIAL)
    for row in rows:
        enroll(places, child, row)
    return child


def enroll(places: SimpleNamespace, child, row: dict[str, str]) -> Enrollment:
    more = dict(part.strip().split("=") for part in row["more"].split(";") if part.strip())
    for name in ("born", "special", "plan", "is_active"):
        more.pop(name, None)
    if more.pop("responsible", ""):
        more["responsible_site"] = places.sending
    if more.pop("accepted", ""):
        more["documentation_accepted_at"] = NOW
    district, site = getattr(places, row["place"])
    return make.EnrollmentFactory(
        student=child, district=district, site=site, entry_code=row["entry"], first_day=row["first_day"],
        exit_code=row["exit"], last_day=row["last_day"] or None, grade=row["grade"],
        **{name: YES.get(value, value) for name, value in more.items()},
    )  # fmt: skip


def found(child) -> set[int]:
    with scope.elevated():
        audit(child.pk, child.pk, TODAY, NOW)
        return set(Finding.objects.open().filter(student=child).values_list("check_number", flat=True))


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(rows, id=name, marks=pytest.mark.rule(f"CHECK-{rows[0]['check']}"))
        for name, rows in CASES
    ],
)
def test_a_check_finds_its_case_and_leaves_alone_what_is_right(places, rows):
    child = child_of(places, rows)
    assert (int(rows[0]["check"]) in found(child)) == YES[rows[0]["finds"]]


LOUISIANA = [
    pytest.param(12, True, {"exit_code": "09"}, "", marks=pytest.mark.rule("CHECK-12")),
    pytest.param(12, False, {"exit_code": "10"}, "", marks=pytest.mark.rule("CHECK-12")),
    pytest.param(12, False, {"exit_code": "09", "last_day": OCT_3}, "", marks=pytest.mark.rule("CHECK-12")),
    pytest.param(10, True, {"exit_code": "04"}, "X03", marks=pytest.mark.rule("CHECK-10")),
    pytest.param(10, True, {"exit_code": "09"}, "X05", marks=pytest.mark.rule("CHECK-10")),
    pytest.param(10, False, {"exit_code": "04"}, "X05", marks=pytest.mark.rule("CHECK-10")),
    pytest.param(26, True, {"exit_code": "01"}, "X03", marks=pytest.mark.rule("CHECK-26")),
    pytest.param(26, False, {"exit_code": "01"}, "X04", marks=pytest.mark.rule("CHECK-26")),
]


@pytest.mark.parametrize(("check", "finds", "exited", "program_end"), LOUISIANA)
def test_checks_of_codes_that_louisiana_has(db, check, finds, exited, program_end):
    child, left = make.StudentFactory(), date(2026, 9, 4)
    make.EnrollmentFactory(student=child, entry_code="E1", **{"last_day": left} | exited)
    if program_end:
        make.ActivityFactory(student=child, last_day=left, exit_reason=program_end)
    assert (check in found(child)) == finds


@pytest.mark.rule("CHECK-28")
def test_nobody_is_claimed_twice_on_a_count_day_that_has_not_come(places):
    with scope.elevated():
        EnrollmentSettings.objects.update(count_month=11, count_day=3)
    child = child_of(places, next(rows for name, rows in CASES if name.startswith("claimed by two")))
    assert 28 not in found(child)


CODES = [
    # entry code, how it ended, valid
    ("1880", {}, True),
    ("", {}, False),
    ("9999", {}, False),
    ("1880", {"exit_code": "1941", "last_day": date(2026, 9, 4)}, True),
    ("1880", {"exit_code": "9999", "last_day": date(2026, 9, 4)}, False),
]


@pytest.mark.rule("OSSE-R1.07", "CHECK-8")
@pytest.mark.parametrize(("entry", "ended", "valid"), CODES)
def test_who_is_enrolled_has_a_valid_entry_and_who_left_a_valid_exit(dc, entry, ended, valid):
    child = make.StudentFactory(state=dc.state)
    make.EnrollmentFactory(student=child, district=dc.mine, site=dc.school, entry_code=entry, **ended)
    assert (8 in found(child)) != valid


@pytest.mark.rule("OSSE-R2.01")
@pytest.mark.parametrize("stage", [1, 2, 3, 6])
def test_the_database_keeps_no_enrollment_of_a_stage_that_is_the_districts_own(dc, stage):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.EnrollmentFactory(district=dc.mine, site=dc.school, stage=stage)


@pytest.mark.rule("CHECK-6", "OSSE-R1.07", "OSSE-R4.01")
@pytest.mark.parametrize("half", [{"exit_code": "1941"}, {"last_day": date(2026, 9, 4)}])
def test_the_database_keeps_no_half_of_an_exit(dc, half):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.EnrollmentFactory(district=dc.mine, site=dc.school, **half)


@pytest.mark.rule("CHECK-6")
def test_a_whole_exit_and_an_open_enrollment_are_kept(dc):
    whole = {"exit_code": "1941", "last_day": date(2026, 9, 4)}
    kept = [make.EnrollmentFactory(district=dc.mine, site=dc.school, **exit) for exit in (whole, {})]
    with scope.elevated():
        assert Enrollment.objects.filter(pk__in=[row.pk for row in kept]).count() == 2


@pytest.mark.rule("CHECK-9")
def test_the_database_keeps_no_local_code_with_two_meanings(dc):
    year = make.SchoolYearFactory(state=dc.state)
    known = {"district": dc.mine, "school_year": year, "kind": "exit", "code": "W1"}
    with scope.elevated():
        LocalCode.objects.create(**known, state_code="1941")
        with pytest.raises(IntegrityError), transaction.atomic():
            LocalCode.objects.create(**known, state_code="1940")
        LocalCode.objects.create(**{**known, "code": "W2"}, state_code="1941")
        assert LocalCode.objects.count() == 2


ELSEWHERE = [
    pytest.param(check, marks=pytest.mark.rule(f"CHECK-{check.number}"), id=str(check))
    for check in checks()
    if check.how != How.FOUND
]


@pytest.mark.parametrize("check", ELSEWHERE)
def test_the_page_says_why_a_check_finds_nothing_and_asks_nobody_in_vain(dc, browse, check):
    assert check.not_checked
    page = browse(dc.registrar).get(reverse("enrollment:findings"), {"check": check.number})
    assert escape(check.not_checked) in page.content.decode()


@pytest.mark.rule("CHECK-18")
def test_nothing_is_recorded_of_the_grades_that_a_school_teaches():
    """Once a site knows its grades, the check can be made and this sentence is wrong."""
    assert [field.name for field in Site._meta.get_fields() if "grade" in field.name] == []


def test_the_thirty_checks_are_all_in_the_table_and_all_that_can_be_are_asked():
    assert [check.number for check in checks()] == list(range(1, 31))
    assert SQL_OF_CHECK.keys() == {check.number for check in checks() if check.how == How.FOUND}


def test_each_check_that_is_asked_has_a_case_found_and_a_case_left_alone():
    shown = {(int(row["check"]), YES[row["finds"]]) for row in ROWS}
    shown |= {(param.values[0], param.values[1]) for param in LOUISIANA}
    assert shown == {(number, finds) for number in SQL_OF_CHECK for finds in (True, False)}
