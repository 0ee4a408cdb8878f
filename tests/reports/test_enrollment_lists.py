"""The lists of enrollment leave as their pages show them: guarded, within scope, noted."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from enrollment.models import Duty, DutyKind, Enrollment, FeedLoad, FeedRow, Finding, SeatHold, SupportRequest
from journal.models import Entry
from reports.lists.every import OF_ENROLLMENT
from security import scope
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories as make
from tests.reports.test_export import get, table, workbook

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
EARLIER = TODAY - timedelta(days=30)
# What each page says in its address; {district} and {load} are mine.
ASKED = {
    "backdated-exits": {"district": "{district}"},
    "feed-rows": {"load": "{load}"},
    "roster": {"district": "{district}"},
    "roster-difference": {"district": "{district}", "day": "{entered}", "day2": "{away}"},
    "cohort": {"district": "{district}", "year": "{year}"},
    "dropouts": {"district": "{district}"},
}


def parish(name: str, child: str):
    """A district with a child on every list of enrollment; the child enters again on the day it left."""
    state = make.StateFactory(code="DC", profile="DC", time_zone="America/New_York")
    district = make.DistrictFactory(state=state, name=name)
    school = make.SiteFactory(state=state, district=district)
    student = make.StudentFactory(state=state, district=district, last_name=child, grade="09")
    left = make.EnrollmentFactory(
        student=student, district=district, site=school, grade="09", first_day=EARLIER, exit_code="1941",
        effective_exit_code="1941", last_day=EARLIER + timedelta(days=9), exit_lag=5, phantom_until=TODAY,
        documentation_due=TODAY,
    )  # fmt: skip
    make.EnrollmentFactory(
        student=student, district=district, site=school, grade="09", first_day=TODAY - timedelta(days=9)
    )
    with scope.elevated():
        papers(left, child)
        load = feed_of(district, student)
    return district, load


def papers(left: Enrollment, words: str) -> None:
    of_child = {"student": left.student, "district": left.district, "enrollment": left}
    Duty.objects.create(**of_child, kind=DutyKind.WHEREABOUTS, since=EARLIER)
    SeatHold.objects.create(**of_child, site=left.site, since=EARLIER)
    SupportRequest.objects.create(
        **of_child, issue_type="Enrollment", sub_category="", words=f"={words}", due_diligence="Called."
    )
    Finding.objects.create(
        **of_child, check_number=17, severity="warning", words=f"={words}", found_at=datetime.now(UTC)
    )


def feed_of(district, student) -> FeedLoad:
    year = make.SchoolYearFactory(state=district.state)
    load = FeedLoad.objects.create(district=district, school_year=year, sha256=district.code, layout="own")
    said = {"last_name": student.last_name, "first_name": "=Jules", "state_student_id": "0471"}
    FeedRow.objects.create(
        load=load, district=district, line=2, fields=said, does="refused", student_id=student.pk,
        errors=["The grade is empty.", "The school is unknown."],
    )  # fmt: skip
    return load


@pytest.fixture
def mine():
    parish("Bayou Verde Parish", "Thibodeaux")
    return parish("Cypress Parish", "Fontenot")


@pytest.fixture
def ask(mine, browse):
    """`ask(slug)` is the answer to the form that asks for the file."""
    district, load = mine
    client = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=district))
    graduates = f"{TODAY.year + 3}-x"
    given = {
        "district": district.pk, "load": load.pk, "year": graduates, "entered": EARLIER,
        "away": EARLIER + timedelta(days=12),
    }  # fmt: skip
    return lambda slug, format="csv": get(
        client, slug, format=format, **{k: v.format(**given) for k, v in ASKED.get(slug, {}).items()}
    )


@pytest.mark.parametrize("slug", [found.slug for found in OF_ENROLLMENT])
def test_the_file_holds_the_child_of_my_district_alone_and_says_so(slug, ask):
    rows = table(ask(slug))
    assert "Fontenot" in str(rows[1:])
    assert "Thibodeaux" not in str(rows)
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    assert [[cell.removesuffix(".0") for cell in row] for row in workbook(ask(slug, "xlsx"))] == rows
    assert Entry.objects.filter(kind="EXPORTED", details__list=slug).count() == 2
    assert AccessRecord.objects.filter(purpose="child count check").exists()


def cells_of(answer) -> dict[str, str]:
    labels, row = table(answer)
    return dict(zip(labels, row, strict=True))


SAID = [
    ("exits", {"Exit code": "1941", "To do": "Documentation due; Request open", "Left": "{left}"}),
    ("duties", {"What is owed": "find out where the student is", "Done": ""}),
    ("seats", {"Why": "held", "Held since": "{earlier}"}),
    ("findings", {"Check": "17", "What was found": "'=Fontenot"}),
    ("feed-rows", {"What is wrong": "The grade is empty. The school is unknown.", "First name": "'=Jules"}),
    ("backdated-exits", {"Days late": "5", "Shown as active until": "{today}"}),
    ("roster", {"Entry code": "1880", "Since": "{again}", "Grade": "09"}),
    ("roster-difference", {"Change": "left", "Why": "1941 {gone}", "Day": "{left}", "Recorded": "{today}"}),
    ("cohort", {"Stands": "in the cohort"}),
    ("dropouts", {"Stands": "does not count"}),
]


@pytest.mark.parametrize(("slug", "said"), SAID)
def test_each_file_says_what_its_page_says(slug, said, ask):
    days = {"today": TODAY, "earlier": EARLIER, "left": EARLIER + timedelta(days=9),
            "again": TODAY - timedelta(days=9),
            "gone": "Exited to a school outside of the United States"}  # fmt: skip
    found = cells_of(ask(slug))
    assert {label: found[label] for label in said} == {k: v.format(**days) for k, v in said.items()}


def test_a_roster_leaves_as_it_was_known_then(mine, browse):
    """R10.05: before the history of these records begins nobody was known to be on it."""
    district, _ = mine
    client = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=district))
    day = TODAY.isoformat()
    assert len(table(get(client, "roster", day=day, known=day))) == 2
    assert len(table(get(client, "roster", day=day, known="2020-01-01"))) == 1


def test_another_district_in_the_address_gives_none_of_its_children(mine, browse):
    client = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine[0]))
    with scope.system():
        load = FeedLoad.objects.exclude(pk=mine[1].pk).get()
    asked = {
        "district": load.district_id,
        "load": load.pk,
        "day2": (EARLIER + timedelta(days=12)).isoformat(),
    }
    for slug in ASKED:
        assert "Thibodeaux" not in str(table(get(client, slug, **asked))), slug


PAGES = {
    "/enrollments/exits/": "exits", "/enrollments/duties/": "duties", "/enrollments/seats/": "seats",
    "/enrollments/requests/": "support-requests", "/enrollments/findings/": "findings",
    "/enrollments/rosters/?day=today": "roster", "/enrollments/dropouts/": "dropouts",
    "/enrollments/over-the-year/": "backdated-exits",
}  # fmt: skip


def test_each_page_links_to_its_file_and_only_for_who_may_take_it(mine, browse):
    district, _ = mine
    keeper = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=district))
    reader = browse(make.UserFactory(role=Role.READER, role__district=district))
    for address, slug in PAGES.items():
        link = f"/lists/{slug}/export?"
        assert link in keeper.get(address).content.decode(), address
        assert link not in reader.get(address).content.decode(), address


def test_odd_words_in_the_address_of_a_file_break_nothing(mine, browse):
    client = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine[0]))
    for odd in ("\x00", "9" * 30):
        names = ("district", "site", "load", "year", "day", "known", "grade", "stands")
        asked = urlencode(dict.fromkeys(names, odd))
        for found in OF_ENROLLMENT:
            answer = client.get(f"/lists/{found.slug}/export/ask?{asked}")
            assert answer.status_code == 200, (found.slug, odd)


def test_a_list_that_its_page_computes_is_shown_there(mine, browse):
    client = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine[0]))
    assert client.get("/lists/roster/").url == "/enrollments/rosters/"
