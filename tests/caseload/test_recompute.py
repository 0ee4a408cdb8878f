"""Stored deadlines follow what they are counted from."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.utils import timezone

from caseload.actions.dirty import count_child, count_children, count_marked, mark_ended, mark_outdated
from caseload.actions.recompute import line_of, recompute
from caseload.models import Deadline, DirtyStudent
from caseload.reading import facts_of
from evaluations.models import Evaluation, ReportCopy
from evaluations.rules.standing import Standing
from ieps.models import Service
from notices.models import Delivery, Notice, RecordsRequest, ServicesConsent
from organizations.models import ClosedDay
from security import scope
from security.scope import Scope
from students.models import Student
from tests import factories as make

pytestmark = pytest.mark.django_db
CONSENT, DUE = date(2026, 9, 1), date(2026, 11, 24)


@pytest.fixture
def parish():
    district = make.DistrictFactory()
    make.CalendarFactory(district=district)
    return district


@pytest.fixture
def child(parish):
    return make.StudentFactory(district=parish)


@pytest.fixture
def evaluation(child, parish):
    return make.EvaluationFactory(
        student=child, district=parish, kind="INIT", consent_date=CONSENT, outcome=""
    )


def stored(child, number: str = "D02") -> Deadline:
    """As a page about this child sees it."""
    with scope.system():
        count_child(child.pk)
        return Deadline.objects.get(student=child, number=number)


def marked() -> set[int]:
    return set(DirtyStudent.objects.values_list("student_id", flat=True))


def changed(row, **values) -> None:
    with scope.system():
        type(row).objects.filter(pk=row.pk).update(**values)


def test_a_consent_starts_the_clock(child, evaluation, parish):
    found = stored(child)
    assert (found.due_on, found.standing, found.rule, found.district) == (
        DUE,
        Standing.OPEN,
        "D02 LA",
        parish,
    )
    assert found.address == ("evaluations:evaluation", evaluation.pk)
    assert marked() == set()


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({"consent_date": date(2026, 9, 2)}, date(2026, 11, 25)),
        ({"extended_to": date(2027, 1, 15)}, date(2027, 1, 15)),
        ({"extended_to": date(2026, 11, 1)}, DUE),
    ],
    ids=["another consent date", "an extension", "an extension that ends before the due day"],
)
def test_a_change_moves_the_day(child, evaluation, change, due):
    stored(child)
    changed(evaluation, **change)
    assert stored(child).due_on == due


def test_a_closed_day_moves_every_day_of_the_district_and_the_old_one_is_kept(child, evaluation, parish):
    first, elsewhere = stored(child), make.StudentFactory(district=make.DistrictFactory())
    calendar = parish.calendars.get()
    ClosedDay.objects.create(calendar=calendar, day=date(2026, 9, 7), reason="Labor Day")
    assert marked() == {child.pk} != {elsewhere.pk}
    assert stored(child).due_on == DUE + timedelta(days=1)
    with scope.system():
        old = first.history.get(pgh_label="recounted")
        assert (old.due_on, old.rule) == (DUE, "D02 LA")


def test_what_changes_nothing_that_is_counted_marks_nobody(child, evaluation):
    stored(child)
    changed(evaluation, summary="Reads well.")
    changed(child, grade="07")
    assert marked() == set()


@pytest.mark.rule("DEADLINE-D21")
def test_a_delivery_meets_the_day_of_its_notice(child, parish):
    with scope.system():
        notice = Notice.objects.create(
            student=child, district=parish, kind="MEETING", event_on=date(2026, 10, 20),
            issued_on=date(2026, 10, 1), issued_by_id=1, sha256="made up",
        )  # fmt: skip
    found = stored(child, "D21")
    assert (found.due_on, found.standing, found.address) == (
        date(2026, 10, 10),
        Standing.OPEN,
        ("notices:notice", notice.pk),
    )
    with scope.system():
        Delivery.objects.create(
            notice=notice, district=notice.district, channel="HAND", on=date(2026, 10, 2), to="Corinne Dupre"
        )
    assert stored(child, "D21").standing == Standing.MET


@pytest.mark.rule("DEADLINE-D04")
def test_a_copy_for_the_parents_meets_the_day_before_the_meeting(child, parish):
    evaluation = make.EvaluationFactory(
        student=child, district=parish, kind="INIT", outcome="ELIG", determination_date=date(2026, 10, 1)
    )
    with scope.system():
        Notice.objects.create(
            student=child, district=parish, kind="MEETING", event_on=date(2026, 10, 20),
            issued_on=date(2026, 10, 1), issued_by_id=1, sha256="made up",
        )  # fmt: skip
    assert (stored(child, "D04").due_on, stored(child, "D04").standing) == (date(2026, 10, 19), Standing.OPEN)
    with scope.system():
        ReportCopy.objects.create(
            evaluation=evaluation, district=parish, on=date(2026, 10, 5), to="Corinne Dupre", by_id=1
        )
    assert stored(child, "D04").standing == Standing.MET


def test_a_deadline_goes_when_its_record_does(child, evaluation):
    stored(child)
    with scope.system():
        evaluation.delete()
        count_marked()
        assert not Deadline.objects.filter(student=child).exists()


def test_a_district_without_a_calendar_has_a_sentence_and_no_day():
    district = make.DistrictFactory(name="Heron Bay")
    child = make.StudentFactory(district=district)
    make.EvaluationFactory(student=child, district=district, kind="INIT", consent_date=CONSENT, outcome="")
    found = stored(child)
    assert (found.due_on, found.why_not) == (
        None,
        "The place has no calendar, and business days are counted by it.",
    )


def test_what_ends_a_cell_or_a_row_cannot_stand_in_one():
    assert line_of((7, "Heron\x1fBay\x1e", None)) == "7\x1fHeron Bay \x1f"


def test_my_children_are_counted_before_i_look(child, evaluation, parish):
    other = make.EvaluationFactory(
        student=make.StudentFactory(district=make.DistrictFactory()), consent_date=CONSENT
    )
    with scope.system():
        assert count_children(Scope(district_ids=(parish.pk,))) == 0
        assert Deadline.objects.filter(student=child).exists()
        assert not Deadline.objects.filter(student_id=other.student_id).exists()


def test_only_my_district_sees_them(child, evaluation, parish):
    stored(child)
    with scope.system():
        for district, seen in ((parish, True), (make.DistrictFactory(), False)):
            scope.enter(Scope(district_ids=(district.pk,)))
            assert Deadline.objects.exists() is seen
        scope.enter(scope.EVERYTHING)


def test_open_ones_are_late_by_the_day_one_asks(child, evaluation):
    stored(child)
    with scope.system():
        ours = Deadline.objects.filter(number="D02")
        assert [ours.overdue(day).exists() for day in (DUE, DUE + timedelta(days=1))] == [False, True]
        assert [ours.due_by(day).exists() for day in (DUE - timedelta(days=1), DUE)] == [False, True]


def test_a_rule_that_changed_has_its_children_counted_anew(child, evaluation):
    row = stored(child)
    changed(row, rule_hash="an older row")
    with scope.system():
        assert mark_outdated() == 1
        count_marked()
        assert mark_outdated() == 0


def test_a_mark_drawn_meanwhile_stays(child, evaluation):
    with scope.system(), connection.cursor() as cursor:
        cursor.execute("SELECT caseload_mark_dirty(%s)", [[child.pk]])
        before = DirtyStudent.objects.get().mark
        cursor.execute("SELECT caseload_mark_dirty(%s)", [[child.pk]])
        assert DirtyStudent.objects.get().mark > before


class Changes:
    """What may happen to the records of three children, by chance."""

    def __init__(self, seed: int, parish) -> None:
        self.chance, self.parish, self.other = Random(seed), parish, make.DistrictFactory()
        self.calendar = parish.calendars.get()
        self.children = [make.StudentFactory(district=parish) for _ in range(3)]

    def happen(self) -> None:
        of_the_child = [
            self.tell,
            self.ask,
            self.answer,
            self.refer,
            self.consent,
            self.determine,
            self.extend,
            self.agree,
            self.end,
        ]
        around = [self.close, self.open, self.move_term, self.leave, self.exit, self.grow]
        self.chance.choice([*of_the_child, *around])()

    def day(self) -> date:
        return date(2026, 8, 10) + timedelta(days=self.chance.randrange(200))

    def child(self) -> Student:
        return self.chance.choice(self.children)

    def evaluations(self):
        rows = Evaluation.objects.filter(student__in=self.children, locked=False)
        return rows.filter(pk__in=self.chance.sample([row.pk for row in rows], min(1, len(rows))))

    def refer(self) -> None:
        kind = self.chance.choice(["INIT", "REEV", "WAIV"])
        make.EvaluationFactory(
            student=self.child(), district=self.parish, kind=kind, referral_date=self.day(), outcome=""
        )

    def consent(self) -> None:
        self.evaluations().filter(determination_date=None).update(consent_date=self.day())

    def determine(self) -> None:
        on = date(2027, 3, 1) + timedelta(days=self.chance.randrange(60))
        self.evaluations().update(
            determination_date=on, outcome=self.chance.choice(["ELIG", "NOTE"]), dissemination_date=on
        )

    def extend(self) -> None:
        self.evaluations().update(extended_to=self.day())

    def agree(self) -> None:
        kind = self.chance.choice(["INI", "REV", "INT"])
        make.IepFactory(
            student=self.child(), district=self.parish, kind=kind, meeting_date=self.day(), status="OFFICIAL"
        )

    def tell(self) -> None:
        """A notice with or without a delivery, of an evaluation or none."""
        child, kind = self.child(), self.chance.choice(["PWN", "MEETING", "CHANGE", "SAFEGUARDS"])
        about, position = self.evaluations().first(), self.chance.choice(["proposes", "refuses"])
        notice = Notice.objects.create(
            student=child, district=self.parish, kind=kind, event_on=self.day(), issued_on=self.day(),
            issued_by_id=1, sha256="made up", elements={"position": position},
            evaluation_id=about and about.pk,
        )  # fmt: skip
        if self.chance.random() < 0.7:
            Delivery.objects.create(
                notice=notice, district=notice.district, channel="HAND", on=self.day(), to="Corinne Dupre"
            )

    def ask(self) -> None:
        child, on = self.child(), date(2026, 9, 1)
        RecordsRequest.objects.create(
            student=child, district=self.parish, asked_by="Corinne Dupre", asked_on=on, meeting_on=self.day(),
        )  # fmt: skip
        child.records_requests.filter(answered_on=None).update(answered_on=date(2026, 10, 20), way="SHOWN")

    def answer(self) -> None:
        child = self.child()
        ServicesConsent.objects.create(
            student=child, district=self.parish, given=self.chance.random() < 0.7, answered_on=self.day()
        )
        Service.objects.create(
            student=child, district=self.parish, code="SEI", recipient="S", first_day=self.day()
        )

    def close(self) -> None:
        ClosedDay.objects.get_or_create(calendar=self.calendar, day=self.day(), defaults={"reason": "storm"})

    def open(self) -> None:
        self.calendar.closed.filter(day__lt=self.day()).delete()

    def move_term(self) -> None:
        self.calendar.last_school_day = self.day() + timedelta(days=90)
        self.calendar.save()

    def end(self) -> None:
        child = self.child()
        if not child.activities.update(last_day=self.day() + timedelta(days=300)):
            make.ActivityFactory(student=child, district=self.parish)

    def leave(self) -> None:
        child = self.child()
        if child.jurisdictions.count() == 1:
            child.jurisdictions.update(last_day=date(2026, 10, 1))
            make.JurisdictionFactory(student=child, district=self.other, first_day=date(2026, 10, 2))

    def exit(self) -> None:
        make.EnrollmentFactory(
            student=self.child(), district=self.parish, last_day=self.day(), exit_code="1940",
            first_day=date(2026, 8, 10), documentation_due=self.day(),
        )  # fmt: skip

    def grow(self) -> None:
        Student.objects.filter(pk=self.child().pk).update(birth_date=self.day().replace(year=2018))


@pytest.mark.parametrize(("days", "excused", "marks"), [(1, False, 0), (0, True, 1)])
def test_an_announced_end_excuses_from_its_day_on(child, parish, days, excused, marks):
    ends = timezone.localdate() + timedelta(days=days)
    make.ActivityFactory(student=child, district=parish, last_day=ends, exit_reason="X12")
    with scope.system():
        facts = next(facts_of([child.pk]))
        assert (bool(facts.why_out), mark_ended()) == (excused, marks)


@pytest.mark.parametrize("seed", range(3))
def test_counting_what_is_marked_gives_what_counting_everything_gives(seed, parish):
    with scope.system():
        changes = Changes(seed, parish)
        ids = [child.pk for child in changes.children]
        for _ in range(12):
            changes.happen()
            changes.happen()
            count_marked()
            assert recompute(ids) == 0
        assert Deadline.objects.filter(student__in=ids).exists()
