"""My work: what is due, counted as a person would count it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from evaluations.models import Component
from ieps.models import IepStatus
from jobs import actions as jobs
from security import scope
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make.DistrictFactory()


@pytest.fixture
def me(mine):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)


def today():
    return timezone.localdate()


def in_days(n):
    return today() + timedelta(days=n)


def year_before(day):
    return day.replace(year=day.year - 1)


def child_of(district, name="Jules"):
    return make.StudentFactory(district=district, first_name=name, grade="06")


def review_in(days, district, name="Jules", status=IepStatus.OFFICIAL, **more):
    child = child_of(district, name)
    meeting = year_before(in_days(days))
    return make.IepFactory(student=child, district=district, status=status, meeting_date=meeting, **more)


def exit_due_in(days, district, name="Odile", accepted=None):
    return make.EnrollmentFactory(
        student=child_of(district, name),
        district=district,
        first_day=in_days(-200),
        exit_code="1941",
        last_day=in_days(-40),
        documentation_due=in_days(days),
        documentation_accepted_at=accepted,
    )


def groups(page) -> dict[str, list[str]]:
    return {
        group.id: [student.first_name for _, student, _ in lines] for group, lines in page.context["groups"]
    }


def test_what_is_due_stands_under_overdue_this_week_or_later(mine, me, browse):
    review_in(-1, mine, "Yesterday")
    review_in(0, mine, "Today")
    review_in(6, mine, "Sixth")
    review_in(7, mine, "Seventh")
    review_in(55, mine, "Last")
    review_in(80, mine, "Beyond")
    assert groups(browse(me).get("/")) == {
        "overdue": ["Yesterday"],
        "week": ["Today", "Sixth"],
        "later": ["Seventh", "Last"],
    }


def test_the_oldest_comes_first_and_the_strip_counts_what_a_person_counts(mine, me, browse):
    review_in(-3, mine, "Kiara")
    exit_due_in(-9, mine, "Theo")
    exit_due_in(3, mine, "Nadia")
    make.EvaluationFactory(student=child_of(mine, "Zora"), district=mine, consent_date=in_days(-70))
    make.CalendarFactory(district=mine)
    page = browse(me).get("/")
    assert groups(page)["overdue"] == ["Theo", "Kiara"]
    assert [number["n"] for number in page.context["strip"]] == [2, 1, 1]
    assert sum(bar.n for bar in page.context["weeks"]) == 4
    assert page.context["total"] == 4


@pytest.mark.rule("DEADLINE-D08")
def test_only_the_latest_full_iep_in_force_is_reviewed(mine, me, browse):
    child = child_of(mine, "Levi")
    make.IepFactory(student=child, district=mine, status=IepStatus.SUPERSEDED, meeting_date=in_days(-800))
    make.IepFactory(
        student=child, district=mine, status=IepStatus.AMENDED, meeting_date=year_before(in_days(5))
    )
    make.IepFactory(
        student=child, district=mine, status=IepStatus.OFFICIAL, kind="AMD", meeting_date=in_days(-30)
    )
    assert groups(browse(me).get("/")) == {"week": ["Levi"]}


def test_an_evaluation_without_a_known_calendar_is_counted_but_given_no_day(mine, me, browse):
    make.EvaluationFactory(student=child_of(mine), district=mine, consent_date=in_days(-80))
    page = browse(me).get("/")
    assert page.context["groups"] == []
    assert page.context["numbers"][0][:2] == ("Evaluations in progress", "1")


@pytest.mark.parametrize(("role", "evaluations", "papers"), [
    (Role.SPED_SUPERVISOR, "1", ("2", "1 overdue")), (Role.SEA_ADMINISTRATOR, "2", ("3", "2 overdue")),
])  # fmt: skip
def test_what_runs_is_counted_as_far_as_one_sees(role, evaluations, papers, mine, browse):
    elsewhere = make.DistrictFactory(state=mine.state)
    for district in (mine, elsewhere):
        make.EvaluationFactory(student=child_of(district), district=district)
        exit_due_in(-2, district)
    make.EvaluationFactory(
        student=child_of(mine), district=mine, outcome="ELIG", determination_date=in_days(-1)
    )
    exit_due_in(2, mine)
    exit_due_in(2, mine, accepted=timezone.now())
    place = {} if role is Role.SEA_ADMINISTRATOR else {"role__district": mine}
    numbers = browse(make.UserFactory(role=role, **place)).get("/").context["numbers"]
    assert [(n, note) for _, n, note, _ in numbers[:2]] == [(evaluations, ""), papers]


def test_what_is_settled_is_not_due(mine, me, browse):
    exit_due_in(2, mine, accepted=timezone.now())
    make.EvaluationFactory(
        student=child_of(mine),
        district=mine,
        consent_date=in_days(-80),
        extended_to=in_days(1),
        outcome="NOTE",
        determination_date=in_days(-1),
        dissemination_date=in_days(-1),
    )
    review_in(2, mine, status=IepStatus.DRAFT)
    assert browse(me).get("/").context["groups"] == []


def test_documentation_is_due_also_where_the_last_day_is_gone(mine, me, browse):
    make.EnrollmentFactory(
        student=child_of(mine, "Odile"), district=mine, first_day=in_days(-200), documentation_due=in_days(2)
    )
    assert groups(browse(me).get("/")) == {"week": ["Odile"]}


def test_a_report_is_due_until_it_was_given_out(mine, me, browse):
    make.EvaluationFactory(
        student=child_of(mine, "Remy"),
        district=mine,
        consent_date=in_days(-80),
        extended_to=in_days(1),
        outcome="NOTE",
        determination_date=in_days(-1),
    )
    page = browse(me).get("/")
    assert groups(page) == {"week": ["Remy"]}
    assert f"/deadlines/{page.context['groups'][0][1][0][0].how.split('/')[2]}/" in page.content.decode()


def test_another_districts_deadlines_are_not_mine(mine, me, browse):
    theirs = make.DistrictFactory()
    review_in(2, theirs)
    exit_due_in(2, theirs)
    page = browse(me).get("/")
    assert page.context["groups"] == []
    assert "Nothing is due" in page.content.decode()


def test_one_kind_can_be_looked_at_alone(mine, me, browse):
    review_in(2, mine, "Kiara")
    exit_due_in(3, mine, "Theo")
    page = browse(me).get("/?kind=enrollment")
    assert groups(page) == {"week": ["Theo"]}
    assert [(chip.label, chip.count) for chip in page.context["chips"]] == [
        ("All", 2),
        ("IEP", 1),
        ("Enrollment", 1),
    ]


def test_drafts_and_recent_students_are_at_hand(mine, me, browse):
    child = child_of(mine, "Nadia")
    with scope.system():
        make.IepFactory(student=child, district=mine, author=me)
        me.looked_at(child.pk, "student", "work")
    page = browse(me).get("/")
    assert [student.first_name for _, student, _ in page.context["drafts"]] == ["Nadia"]
    assert [student.first_name for student, _ in page.context["recent"]] == ["Nadia"]


def test_a_job_that_ended_is_told_of(me, browse):
    jobs.finish(jobs.open_job("EXPORT", "Students", owner_id=me.pk), "Ready.")
    assert "1 ended since you looked" in browse(me).get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "says"),
    [
        (Role.SECURITY_COORDINATOR, "A security coordinator sees no student records"),
        (Role.SEA_ADMINISTRATOR, "You look after the whole state"),
        (Role.READER, "Nothing is due"),
    ],
)
def test_an_empty_page_says_why_and_what_to_do(role, says, mine, browse):
    place = {} if role is Role.SEA_ADMINISTRATOR else {"role__district": mine}
    assert says in browse(make.UserFactory(role=role, **place)).get("/").content.decode()


def test_the_page_asks_the_database_as_often_for_many_children_as_for_few(
    mine, me, browse, django_assert_max_num_queries
):
    make.CalendarFactory(district=mine)
    for n in range(12):
        review_in(n - 4, mine)
        exit_due_in(n, mine)
        make.EvaluationFactory(student=child_of(mine), district=mine, consent_date=in_days(-80))
    client = browse(me)
    client.get("/")
    with django_assert_max_num_queries(FRAME + 5):
        page = client.get("/")
    assert page.status_code == 200
    assert page.context["total"] > 12


FRAME = 16  # session, user, savepoints, scope, permissions, place and role of every page


def test_who_answers_for_children_sees_their_own_first(mine, browse):
    me = make.UserFactory(role=Role.IEP_AUTHOR, role__district=mine)
    review_in(3, mine, name="Marcel", author=me)
    review_in(4, mine, name="Odette")
    client = browse(me)
    own = client.get("/").content.decode()
    assert "Marcel Fontenot" in own
    assert "Odette Fontenot" not in own
    assert "Odette Fontenot" in client.get("/?whose=all").content.decode()


def test_who_assesses_finds_what_is_given_to_them(browse):
    mine = make.DistrictFactory()
    child = make.StudentFactory(district=mine, first_name="Zora", last_name="Dupre")
    me = make.UserFactory(role=Role.PUPIL_APPRAISAL, role__district=mine)
    evaluation = make.EvaluationFactory(student=child, district=mine, consent_date=date(2026, 9, 1))
    given = {"evaluation": evaluation, "evaluator": me, "assigned_on": date(2026, 9, 2)}
    with scope.elevated():
        Component.objects.create(area="ACADEMIC", **given)
        Component.objects.create(area="MOTOR", findings="Walks well.", completed_on=date(2026, 9, 9), **given)
    text = browse(me).get("/").content.decode()
    assert ("Academic performance of Zora Dupre" in text, "Motor abilities" in text) == (True, False)
