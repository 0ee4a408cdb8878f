"""The staff file: refused whole when it is wrong; who vanishes is flagged, then suspended, until resolved."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from security.actions.staff_file import lift, load_staff_file, look_through, send_staff_file
from security.models import Absence, StaffFile, User
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from security.rules.staff_file import Miss, StaffFileRefused, after_miss, read_rows, why_too_many
from security.scope import scope_of
from tests import factories as make

HEADING = "staff_id,last_name,first_name,position,district_code,site_code,first_day,last_day\n"
MONDAY = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "lacks the columns"),
        (b"staff_id,last_name\n1,A\n", "lacks the columns first_name"),
        (HEADING.encode(), "nobody in it"),
        (b"PK\x03\x04\x00", "no text file"),
        (HEADING.encode("utf-16"), "no text file"),
        (HEADING.encode() + "1,Amédée".encode("latin-1"), "UTF-8"),
        (HEADING.encode() + b'1,"A', "cannot be read as CSV"),
    ],
)
@pytest.mark.rule("SEC-42")
def test_a_bad_file_is_refused_whole_and_says_what_to_do(content, said):
    with pytest.raises(StaffFileRefused, match=said):
        read_rows(content)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",A,B,Teacher,001,,,", "The staff ID is missing."),
        ("1,A,B,Teacher,,,,", "The district code is missing."),
        ("1,A,B,Teacher,001,,9/4/2026,", "“9/4/2026” is no date"),
        ("1,A,B,Teacher,001,,2026-09-04,2026-09-01", "lies before the first day"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(row, said):
    rows, (error,) = read_rows(f"{HEADING}1,A,B,Teacher,001,,,\n{row}\n".encode())
    assert (len(rows), error.line) == (1, 3)
    assert said in error.sentence


@pytest.mark.rule("SEC-42")
@pytest.mark.parametrize(
    ("last", "suspended", "miss"),
    [
        (None, False, Miss.FLAG),
        (MONDAY, False, Miss.SAME_DAY),
        (MONDAY - timedelta(days=1), False, Miss.SUSPEND),
        (MONDAY - timedelta(days=1), True, Miss.STAYS_SUSPENDED),
    ],
)
def test_first_miss_flags_second_suspends(last, suspended, miss):
    assert after_miss(last, suspended, MONDAY) == miss


@pytest.mark.parametrize(
    ("expected", "missing", "doubtful"), [(7, 7, False), (8, 2, False), (8, 3, True), (100, 25, False)]
)
def test_a_file_that_lacks_very_many_is_doubted(expected, missing, doubtful):
    assert bool(why_too_many(expected, missing)) is doubtful


@pytest.fixture
def mine(db):
    return make.DistrictFactory(code="701")


@pytest.fixture
def coordinator(mine):
    return make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine, staff_id="1")


@pytest.fixture
def teacher(mine):
    return make.UserFactory(role=Role.READER, role__district=mine, staff_id="2")


def sent(by, ids, day=MONDAY, district="701", more="") -> StaffFile:
    lines = "".join(f"{n},Mouton,Dana,Teacher,{district},,,\n" for n in ids)
    content = f"{HEADING}{lines}{more}".encode()
    return send_staff_file(by=by, file=ContentFile(content, name="staff.csv"), day=day)


def loaded(by, ids, day=MONDAY):
    return load_staff_file(by=by, staff_file=sent(by, ids, day, more=f"x{day},M,D,T,701,,,\n"))


def reaches(user) -> bool:
    return not scope_of(User.objects.get(pk=user.pk)).is_empty


@pytest.mark.rule("SEC-42")
def test_the_first_miss_takes_nothing_and_the_second_in_a_row_suspends(coordinator, teacher, browse):
    client = browse(teacher)
    loaded(coordinator, ["1"])
    assert reaches(teacher)
    loaded(coordinator, ["1"], MONDAY + timedelta(days=1))
    assert not reaches(teacher)
    assert client.get("/students/").url.startswith("/sign-in/")


@pytest.mark.rule("SEC-42")
def test_two_files_of_one_day_are_one_miss(coordinator, teacher):
    loaded(coordinator, ["1"])
    load_staff_file(by=coordinator, staff_file=sent(coordinator, ["1", "9"]))
    assert reaches(teacher)


@pytest.mark.rule("SEC-42")
def test_who_reappears_is_cleared_and_begins_anew(coordinator, teacher):
    for n, ids in enumerate((["1"], ["1"], ["1", "2"], ["1"])):
        loaded(coordinator, ids, MONDAY + timedelta(days=n))
    assert reaches(teacher)
    assert Absence.objects.get(ended_at=None).suspended_at is None


@pytest.mark.rule("SEC-42")
def test_a_last_day_that_is_past_counts_as_missing(coordinator, teacher):
    gone = "2,Mouton,Dana,Teacher,701,,2020-08-01,2026-09-11\n"
    load_staff_file(by=coordinator, staff_file=sent(coordinator, ["1"], more=gone))
    assert Absence.objects.get().user == teacher


@pytest.mark.rule("SEC-42")
def test_the_coordinator_lifts_a_suspension_with_a_reason(coordinator, teacher):
    for n in range(2):
        loaded(coordinator, ["1"], MONDAY + timedelta(days=n))
    absence = Absence.objects.get()
    with pytest.raises(RuleBroken, match="why"):
        lift(by=coordinator, absence=absence, note="")
    lift(by=coordinator, absence=absence, note="on leave until January")
    assert reaches(teacher)
    with pytest.raises(Stale):
        lift(by=coordinator, absence=absence, note="again")


def test_a_dry_run_changes_nothing(coordinator, teacher):
    found = look_through(coordinator, sent(coordinator, ["1"]))
    assert [(m.user, m.miss) for m in found.missing] == [(teacher, Miss.FLAG)]
    assert not Absence.objects.exists()


def test_rows_of_another_district_are_refused_with_the_whole_file(coordinator, teacher):
    make.DistrictFactory(code="702")
    staff_file = sent(coordinator, ["1"], more="5,A,B,T,702,,,\n6,A,B,T,999,,,\n7,A,B,T,701,12,,\n")
    found = look_through(coordinator, staff_file)
    assert [error.line for error in found.errors] == [3, 4, 5]
    with pytest.raises(RuleBroken, match="Correct them"):
        load_staff_file(by=coordinator, staff_file=staff_file)
    assert not Absence.objects.exists()


def test_people_at_an_overseen_site_may_stand_in_the_file(mine, coordinator):
    academy = make.AffiliationFactory(district=mine).site
    found = look_through(coordinator, sent(coordinator, ["1"], more=f"5,A,B,T,701,{academy.code},,\n"))
    assert found.may_load


def test_a_file_is_loaded_once(coordinator, teacher):
    staff_file = sent(coordinator, ["1"])
    load_staff_file(by=coordinator, staff_file=staff_file)
    with pytest.raises(Stale):
        load_staff_file(by=coordinator, staff_file=staff_file)
    with pytest.raises(RuleBroken, match="loaded before"):
        sent(coordinator, ["1"])


def test_a_cut_off_file_needs_a_word_before_it_is_loaded(mine, coordinator):
    for n in range(8):
        make.UserFactory(role=Role.READER, role__district=mine, staff_id=f"9{n}")
    staff_file = sent(coordinator, ["1"])
    with pytest.raises(RuleBroken, match="cut off"):
        load_staff_file(by=coordinator, staff_file=staff_file)
    load_staff_file(by=coordinator, staff_file=staff_file, even_so=True)
    assert Absence.objects.count() == 8


def test_who_grants_no_access_sends_no_staff_file(teacher):
    with pytest.raises(NotAllowed):
        sent(teacher, ["1"])


def test_a_file_of_a_day_that_is_still_to_come_is_refused(coordinator, teacher):
    """Otherwise every file until then would count as one of the same day, and suspend nobody."""
    with pytest.raises(RuleBroken, match="still to come"):
        sent(coordinator, ["1"], timezone.localdate() + timedelta(days=1))


def test_who_grants_access_no_longer_does_not_open_the_staff_files_sent_before(coordinator, browse):
    address = reverse("documents:download", args=[sent(coordinator, ["1"]).document_id])
    assert browse(coordinator).get(address).status_code == 200
    coordinator.assignments.update(last_day=MONDAY)
    assert browse(coordinator).get(address).status_code == 404


@pytest.mark.rule("SEC-42")
def test_an_older_file_lifts_no_suspension(coordinator, teacher):
    for day in (MONDAY, MONDAY + timedelta(days=1)):
        loaded(coordinator, ["1"], day)
    loaded(coordinator, ["1", "2"], MONDAY - timedelta(days=7))
    assert not reaches(teacher)
