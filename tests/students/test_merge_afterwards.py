"""After a merge: who is told of it, what stands under every number, and how it is undone step by step."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from journal.actions import record
from security import scope
from security.models import AccessRecord
from security.refusals import RuleBroken
from security.rules.roles import Role
from students.access import student_or_404, visits_in_view
from students.actions.merge import merges_of, undo_merge
from students.models import Jurisdiction
from students.search import find
from tests import factories as make
from tests.students.conftest import record_of
from tests.students.test_merge import merged

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def answers(district, student, first_day: date, last_day: date | None = None, **more) -> Jurisdiction:
    with scope.elevated():
        return make.JurisdictionFactory(
            student=student, district=district, first_day=first_day, last_day=last_day, **more
        )


def days_of(student) -> list[tuple]:
    with scope.elevated():
        rows = Jurisdiction.objects.filter(student=student).order_by("first_day")
        return list(rows.values_list("first_day", "last_day"))


def test_an_earlier_district_is_not_told_of_a_later_merge(browse, mine, manager, kept, double):
    before = make.DistrictFactory(name="Cypress Parish", state=mine.state)
    answers(before, kept, date(2019, 8, 1), date(2020, 5, 30))
    reader = make.UserFactory(role=Role.DATA_MANAGER, role__district=before)
    done = merged(manager, kept, double)
    page = browse(reader).get(f"/students/{kept.pk}/merges/")
    assert (page.status_code, "4777000999" in page.content.decode()) == (200, False)
    assert browse(reader).post(f"/merges/{done.pk}/undo").status_code == 404


def test_a_parent_is_told_who_looked_under_either_number(manager, kept, double):
    with scope.elevated():
        looked = AccessRecord.objects.create(user=manager, student_id=double.pk, what="IEP", purpose="Reader")
    merged(manager, kept, double)
    with scope.of(manager):
        assert looked in visits_in_view(manager, kept)


def test_what_was_done_under_either_number_stands_on_the_page(browse, mine, manager, kept, double):
    with scope.elevated():
        record("PARENT_TOLD", "told by telephone", student_id=double.pk, district_id=mine.pk)
    merged(manager, kept, double)
    shown = browse(manager).get(f"/students/{kept.pk}/")
    assert "Told by telephone" in shown.content.decode()


def test_a_record_merged_twice_is_found_by_every_number_and_address(mine, manager, kept, double):
    oldest = record_of(mine, "4777000333", edfi_id="990000333")
    merged(manager, double, oldest)
    merged(manager, kept, double)
    with scope.of(manager):
        numbers = ("4777000333", "990000333", "4777000999")
        assert [[hit.student for hit in find(manager, number)] for number in numbers] == [[kept]] * 3
        assert student_or_404(manager, oldest.pk) == kept


def test_the_number_of_a_district_is_kept_when_both_had_one(manager, kept, double):
    with scope.elevated():
        for student, number in ((kept, "L-100"), (double, "L-200")):
            Jurisdiction.objects.filter(student=student).update(local_student_id=number)
    merged(manager, kept, double)
    with scope.of(manager):
        assert [hit.student for hit in find(manager, "L-200")] == [kept]


def test_merges_are_undone_last_first(mine, manager, kept, double):
    first = merged(manager, kept, double)
    later = merged(manager, kept, record_of(mine, "4777000444"))
    with pytest.raises(RuleBroken, match="Undo that merge first"):
        undo_merge(by=manager, done=first)
    undo_merge(by=manager, done=later)
    undo_merge(by=manager, done=first)
    with scope.of(manager):
        assert all(row.undone_at for row in merges_of(kept))


def test_a_responsibility_that_ended_since_the_merge_is_not_opened_by_undoing_it(mine, manager, kept, double):
    done = merged(manager, kept, double)
    left = TODAY - timedelta(days=3)
    with scope.elevated():
        Jurisdiction.objects.filter(student=kept).update(last_day=left)
    now = make.DistrictFactory(state=mine.state)
    answers(now, kept, left + timedelta(days=1))
    undo_merge(by=make.UserFactory(role=Role.DATA_MANAGER, role__district=now), done=done)
    assert [last for _, last in days_of(kept)] == [left, None]


def test_a_child_who_left_and_came_back_under_another_number_is_there_today(mine, manager, kept, double):
    """The open row of one record spans two closed ones of the other."""
    with scope.elevated():
        Jurisdiction.objects.filter(student=kept).update(
            first_day=date(2018, 8, 1), last_day=date(2020, 5, 30)
        )
        Jurisdiction.objects.filter(student=double).update(first_day=date(2019, 8, 1))
    answers(mine, kept, date(2022, 8, 1), date(2023, 5, 30))
    before = [days_of(kept), days_of(double)]
    done = merged(manager, kept, double)
    assert days_of(kept)[-1] == (date(2022, 8, 1), None)
    undo_merge(by=manager, done=done)
    assert [days_of(kept), days_of(double)] == before
