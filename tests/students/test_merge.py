"""Two records of one child become one, and two again; nothing of either is lost."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, transaction
from django.utils import timezone

from enrollment.models import Enrollment, Finding
from evaluations.models import Evaluation
from security import scope
from security.actions.assign import assign
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from students.actions.merge import check_may_merge, merge, undo_merge
from students.extensions import movers
from students.merge_plan import plan_of
from students.models import Jurisdiction, Student, StudentMerge
from students.search import find
from tests import factories as make
from tests.students.conftest import record_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
REASON = "The birth certificate is the same."
# What is kept by triggers, is about merges themselves, or is append-only under the earlier number.
STAYS = {"students.StudentAccess", "students.Jurisdiction", "students.StudentIdentifier"}
APPEND_ONLY = {"journal.Entry", "security.AccessRecord", "enrollment.FeedRow", "enrollment.FeedChange",
               "reports.SnapshotChild", "reports.Takeover"}  # fmt: skip
# The state's own side: what it has of either number is compared anew and sent.
AT_THE_STATE = {"edfi.AwaitedDay", "edfi.DirtyStudent", "edfi.Identity", "edfi.ResyncRow", "edfi.Trouble"}
COUNTED_ANEW = {"caseload.Deadline", "caseload.DirtyStudent"}


@pytest.fixture
def school(mine):
    return make.SiteFactory(district=mine)


def merged(by, kept, double, checked: bool = True) -> StudentMerge:
    key = plan_of(kept, double).key
    return merge(by=by, kept=kept, merged=double, reason=REASON, key=key, checked=checked)


def whose(row) -> int:
    with scope.elevated():
        return type(row).objects.get(pk=row.pk).student_id


@pytest.mark.rule("CHECK-23")
def test_everything_of_the_other_record_moves_also_what_is_locked(manager, mine, school, kept, double):
    enrolled = make.EnrollmentFactory(student=double, district=mine, site=school)
    evaluated = make.EvaluationFactory(student=double, district=mine, locked=True)
    written = make.IepFactory(student=double, district=mine)
    make.ContactFactory(student=kept, last_name="Fontenot", first_name="Ada")
    asked = make.ContactFactory(student=double, last_name="Fontenot", first_name="Remy")
    merged(manager, kept, double)
    assert {whose(row) for row in (enrolled, evaluated, written, asked)} == {kept.pk}


def test_both_numbers_and_the_old_address_lead_to_the_one_child(manager, browse, kept, double):
    merged(manager, kept, double)
    with scope.of(manager):
        found = [hit.student.pk for hit in find(manager, "4777000999")]
        assert (found, list(Student.objects.visible_to(manager))) == ([kept.pk], [kept])
    assert browse(manager).get(f"/students/{double.pk}/").context["student"] == kept


def test_an_enrollment_that_both_have_stays_behind_with_its_papers(manager, mine, school, kept, double):
    first = TODAY - timedelta(days=40)
    here = {"district": mine, "site": school, "first_day": first}
    make.EnrollmentFactory(student=kept, **here)
    again = make.EnrollmentFactory(student=double, **here)
    with scope.elevated():
        finding = Finding.objects.create(
            check_number=1, student=double, district=mine, enrollment=again, severity="error", words="Twice.",
            found_at=timezone.now(),
        )  # fmt: skip
    earlier = make.EnrollmentFactory(
        student=double, **here | {"first_day": first - timedelta(days=300)}, exit_code="1943",
        last_day=first - timedelta(days=60),
    )  # fmt: skip
    merged(manager, kept, double)
    assert [whose(row) for row in (again, finding, earlier)] == [double.pk, double.pk, kept.pk]


def test_undone_both_stand_as_they_did(manager, mine, school, kept, double):
    make.EnrollmentFactory(student=double, district=mine, site=school)
    make.EvaluationFactory(student=double, district=mine, locked=True)
    before = _all_rows()
    done = merged(manager, kept, double)
    undo_merge(by=manager, done=done)
    undo_merge(by=manager, done=done)
    assert _all_rows() == before
    with scope.of(manager):
        assert {hit.student.pk for hit in find(manager, "4777000999")} == {double.pk}


def _all_rows() -> list[list]:
    asked = (
        (Jurisdiction, ("pk", "student", "first_day", "last_day")),
        (Enrollment, ("pk", "student")),
        (Evaluation, ("pk", "student")),
        (Student, ("pk", "is_active", "merged_into")),
    )
    with scope.elevated():
        return [list(model.objects.order_by("pk").values_list(*names)) for model, names in asked]


@pytest.mark.rule("CHECK-23")
@pytest.mark.parametrize(
    "facts", [{"sex": "F"}, {"birth_date": date(2014, 3, 12)}, {"last_name": "Guidry"}], ids=str
)
def test_records_that_differ_need_somebody_who_has_checked(manager, mine, kept, facts):
    other = record_of(mine, "4777000222", **facts)
    with pytest.raises(RuleBroken, match="differ.* Say that you have checked"):
        merged(manager, kept, other, checked=False)
    assert merged(manager, kept, other).kept == kept


@pytest.mark.rule("CHECK-23")
def test_a_record_that_was_merged_is_not_merged_again(manager, mine, kept, double):
    merged(manager, kept, double)
    with scope.elevated():
        double.refresh_from_db()
    with pytest.raises(RuleBroken, match="was merged already"):
        merged(manager, record_of(mine, "4777000333"), double)


def test_two_districts_never_answer_for_one_child(mine, kept):
    elsewhere = make.DistrictFactory(name="Cypress Parish", state=mine.state)
    other = record_of(elsewhere, "4777000444")
    both = make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)
    assign(by=None, user=both, role=Role.DATA_MANAGER, district=elsewhere)
    with pytest.raises(RuleBroken, match="One of them ends its responsibility first"):
        merged(both, kept, other)


def test_who_answers_for_one_of_them_only_may_not_merge(manager, mine, kept):
    other = record_of(make.DistrictFactory(name="Cypress Parish", state=mine.state), "4777000555")
    with pytest.raises(NotAllowed, match="Only .* of Cypress Parish can merge"):
        merged(manager, kept, other)


def test_what_changed_since_somebody_looked_is_looked_at_again(manager, mine, school, kept, double):
    key = plan_of(kept, double).key
    make.EnrollmentFactory(student=double, district=mine, site=school)
    with pytest.raises(Stale):
        merge(by=manager, kept=kept, merged=double, reason=REASON, key=key, checked=True)


def test_without_a_merge_no_record_changes_its_child(mine, school, kept, double):
    row = make.EnrollmentFactory(student=double, district=mine, site=school)
    with scope.elevated(), pytest.raises(ProgrammingError, match="by a merge only"), transaction.atomic():
        Enrollment.objects.filter(pk=row.pk).update(student=kept)


def test_every_record_of_a_child_moves_or_stays_for_a_reason():
    known = (
        {mover.model._meta.label for mover in movers()} | STAYS | APPEND_ONLY | AT_THE_STATE | COUNTED_ANEW
    )
    bearing = {
        model._meta.label
        for model in apps.get_models()
        if not hasattr(model, "pgh_tracked_model")
        and "student_id" in {field.column for field in model._meta.concrete_fields}
    }
    assert bearing == known


def test_compared_merged_and_undone_on_pages(browse, manager, kept, double):
    client, page = browse(manager), f"/students/{kept.pk}/merge"
    compared = client.get(page, {"other": "4777000999"})
    assert "Side by side" in compared.content.decode()
    sent = {"other": "4777000999", "reason": REASON, "goes_on": kept.pk, "key": compared.context["plan"].key}
    assert client.post(page, sent).url == f"/students/{kept.pk}/"
    shown = client.get(f"/students/{kept.pk}/merges/").content.decode()
    assert "4777000999" in shown
    client.post(f"/merges/{StudentMerge.objects.get().pk}/undo")
    assert "Undone" in client.get(f"/students/{kept.pk}/merges/").content.decode()


def test_a_number_that_nobody_has_is_said(browse, manager, kept):
    answer = browse(manager).get(f"/students/{kept.pk}/merge", {"other": "123456"})
    assert "No other record that you can see has this number." in answer.content.decode()


def test_another_district_finds_no_page_to_merge(browse, kept):
    stranger = make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory())
    assert browse(stranger).get(f"/students/{kept.pk}/merge").status_code == 404


@pytest.mark.rule("ROL-11")
def test_a_registrar_of_another_school_of_the_district_does_not_merge(mine, kept, double):
    elsewhere = make.UserFactory(role=Role.REGISTRAR, role__site=make.SiteFactory(district=mine))
    with scope.of(elsewhere), pytest.raises(NotAllowed, match="can merge two records"):
        check_may_merge(elsewhere, kept, double)
