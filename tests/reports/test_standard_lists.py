"""The standard reports: who is on each, why, and how many; every count opens its children."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from evaluations.rules.standing import Standing
from ieps.models import IepStatus
from organizations.models.place import SiteKind
from security import scope
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LONG_AGO = date(2023, 8, 14)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def client(mine, browse):
    return browse(make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine))


def child_of(district, name: str, served: bool = True, **facts):
    child = make.StudentFactory(district=district, last_name=name, **facts)
    if served:
        make.ActivityFactory(student=child, district=district, first_day=LONG_AGO)
    return child


def rows(client, slug: str, query: str = "") -> dict[str, dict]:
    """By the last name, as the page shows them."""
    page = client.get(f"/lists/{slug}/?by=rows&{query}").context["page"]
    return {row["student"].text.split(",")[0]: row for row in page.rows}


def counted(client, slug: str, query: str = "") -> dict[str, int]:
    return {line["words"]: line["n"] for line in client.get(f"/lists/{slug}/?{query}").context["lines"]}


def eligible(child, district, code: str = "AUT", day: date | None = None, locked: bool = True):
    evaluation = make.EvaluationFactory(
        student=child, district=district, kind="INIT", consent_date=LONG_AGO, outcome="ELIG",
        determination_date=day or ago(100),
    )  # fmt: skip
    make.ExceptionalityFactory(evaluation=evaluation, code=code, rank=1)
    if locked:
        change(evaluation, locked=True)
    return evaluation


def change(record, **facts) -> None:
    with scope.elevated():
        type(record).objects.filter(pk=record.pk).update(**facts)


def official(child, district, met: date, **facts):
    return make.IepFactory(
        student=child, district=district, status=IepStatus.OFFICIAL, meeting_date=met, first_day=met, **facts
    )


def test_the_child_count_by_exceptionality_opens_its_children(mine, client):
    for name, code in (("Ada", "AUT"), ("Bea", "AUT"), ("Cleo", "ED")):
        eligible(child_of(mine, name), mine, code)
    child_of(mine, "Dee", served=False)
    page = client.get("/lists/child-count/")
    assert [line["n"] for line in page.context["lines"]] == [2, 1]
    opened = client.get(f"/lists/child-count/{page.context['lines'][0]['url']}")
    assert {row["student"].text.split(",")[0] for row in opened.context["page"].rows} == {"Ada", "Bea"}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"hispanic": True, "races": "BW"}, "Hispanic/Latino"),
        ({"hispanic": False, "races": "BW"}, "Two or more races"),
        ({"hispanic": False, "races": "B"}, "Black or African American"),
        ({"hispanic": None, "races": "P"}, "Native Hawaiian or Other Pacific Islander"),
        ({"hispanic": False, "races": ""}, "Not recorded"),
    ],
)
def test_each_child_counts_in_one_race_or_ethnicity(facts, words, mine, client):
    child_of(mine, "Ada", **facts)
    assert counted(client, "child-count", "by=race_or_ethnicity") == {words: 1}


def test_the_child_count_is_that_of_the_day(mine, client):
    """The last day is the first one off the roster; the age is that of the day."""
    gone = make.StudentFactory(district=mine, last_name="Gone", birth_date=date(2015, 10, 1))
    make.ActivityFactory(student=gone, district=mine, first_day=LONG_AGO, last_day=date(2025, 10, 1),
                         exit_reason="")  # fmt: skip
    assert rows(client, "child-count") == {}
    assert rows(client, "child-count", "day=2025-10-01") == {}
    assert rows(client, "child-count", "day=2025-09-30")["Gone"]["age"] == 9
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert rows(client, "child-count", f"day={tomorrow}") == {}


def test_who_lacks_a_current_iep_or_evaluation_is_named_with_what_is_missing(mine, client):
    fine, nothing, old = (child_of(mine, name) for name in ("Fine", "Nothing", "Old"))
    eligible(fine, mine)
    official(fine, mine, ago(100))
    eligible(old, mine, day=ago(3 * 366))
    official(old, mine, ago(400))
    missing = {name: row["what_is_missing"] for name, row in rows(client, "without-plan").items()}
    assert nothing.last_name in missing
    assert missing == {
        "Nothing": "no IEP in force; no evaluation that found the student eligible",
        "Old": "the IEP is older than a year; the evaluation is older than three years",
    }


def test_a_draft_is_unsigned_once_its_team_has_met(mine, client):
    for name, met in (("Met", ago(3)), ("Ahead", TODAY + timedelta(days=3)), ("NoDay", None)):
        make.IepFactory(student=child_of(mine, name), district=mine, meeting_date=met)
    official(child_of(mine, "Official"), mine, ago(10))
    found = rows(client, "unsigned-ieps")
    assert found.keys() == {"Met"}
    assert found["Met"]["not_signed_by"] == "the parents; the district representative"


def test_services_that_run_without_a_provider(mine, client):
    facts = {"With": {"provider_staff_id": "4711"}, "Over": {"last_day": ago(1)}, "Without": {}}
    for name, more in facts.items():
        make.ServiceFactory(student=child_of(mine, name), district=mine, first_day=LONG_AGO, **more)
    assert rows(client, "services-without-provider").keys() == {"Without"}
    assert rows(client, "services", "open=no-provider").keys() == {"Without"}


def test_nonpublic_placements_say_which_school_answers(mine, client):
    academy = make.SiteFactory(kind=SiteKind.NONPUBLIC, district=None, name="Heron Academy")
    home = make.SiteFactory(district=mine, name="Cypress Elementary")
    placed = child_of(mine, "Placed")
    make.EnrollmentFactory(student=placed, district=mine, site=academy, responsible_site=home)
    make.EnrollmentFactory(student=child_of(mine, "Public"), district=mine, site=home)
    found = rows(client, "nonpublic-placements")
    assert found.keys() == {"Placed"}
    assert found["Placed"]["school_that_answers"] == "Cypress Elementary"


def test_a_caseload_is_counted_by_person_and_its_address_names_nobody(mine, client):
    author = make.UserFactory(first_name="Dana", last_name="Mouton")
    for name in ("Ada", "Bea"):
        official(child_of(mine, name), mine, ago(10), author=author)
    make.IepFactory(student=child_of(mine, "Cleo"), district=mine, author=None)
    page = client.get("/lists/iep-caseloads/")
    assert {line["words"]: line["n"] for line in page.context["lines"]} == {"Dana Mouton": 2, "Nobody": 1}
    url = next(line["url"] for line in page.context["lines"] if line["words"] == "Dana Mouton")
    assert "Mouton" not in url
    opened = client.get(f"/lists/iep-caseloads/{url}")
    assert {row["student"].text.split(",")[0] for row in opened.context["page"].rows} == {"Ada", "Bea"}
    assert "Dana Mouton" in opened.content.decode()


def test_deadlines_due_overdue_and_late_with_their_reasons(mine, client):
    late = eligible(child_of(mine, "Late"), mine, locked=False)
    change(late, late_reason="The child was ill.")
    facts = {
        "Overdue": {"due_on": ago(3)}, "Due": {"due_on": TODAY + timedelta(days=3)},
        "Excused": {"due_on": ago(3), "standing": Standing.EXCUSED, "excuse": "Consent withdrawn"},
    }  # fmt: skip
    for name, more in facts.items():
        make.DeadlineFactory(student=child_of(mine, name), district=mine, **more)
    make.DeadlineFactory(student=late.student, district=mine, record_id=late.pk, due_on=ago(30),
                         met_on=ago(20), standing=Standing.LATE)  # fmt: skip
    found = rows(client, "deadlines")
    assert {name: row["stands"] for name, row in found.items()} == {
        "Overdue": "overdue", "Due": "due", "Excused": "excused", "Late": "met late",
    }  # fmt: skip
    assert found["Late"]["reason"] == "The child was ill."
    assert found["Excused"]["reason"] == "Consent withdrawn"
    assert rows(client, "deadlines", "stands=overdue").keys() == {"Overdue"}
    assert counted(client, "deadlines", "by=stands")["met late"] == 1


def test_ed_fi_errors_are_for_those_who_see_the_desk(mine, browse):
    reader = make.UserFactory(role=Role.READER, role__district=mine)
    assert browse(reader).get("/lists/ed-fi-errors/").status_code == 404
    assert "Ed-Fi errors" not in browse(reader).get("/lists/").content.decode()
