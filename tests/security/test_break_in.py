"""What somebody with an account might try: an earlier district, a single school, a role that has ended."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.actions import store
from evaluations.models import Evaluation, Exceptionality
from ieps.models import SectionText
from security import scope
from security.actions.assign import assign, end_assignment, follow_the_calendar
from security.models import Absence, AccessRecord, Assignment, DistrictGrant, EndReason
from security.rules.roles import Permission, Role
from students.access import why_not_see_visits
from students.models import Jurisdiction, Student
from tests import factories as make

pytestmark = pytest.mark.django_db
LEFT = date(2025, 5, 30)
JSON = "application/json"


@pytest.fixture
def before():
    return make.DistrictFactory(name="Heron Parish")


@pytest.fixture
def now():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def moved(before, now):
    """A child that the first district answered for until it moved to the second one."""
    child = make.StudentFactory(district=before, district__last_day=LEFT)
    make.JurisdictionFactory(student=child, district=now, first_day=LEFT + timedelta(days=1))
    return child


@pytest.fixture
def supervisor_before(before):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=before)


# ---- an earlier district reads its own time, and writes nothing --------------------------------------------


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("determination", {"on": "2025-05-02", "outcome": "NOTE"}),
        ("consent", {"on": "2025-04-02"}),
        ("lock", {}),
        ("discard", {"reason": "entered twice"}),
    ],
)
def test_an_earlier_district_changes_no_evaluation(browse, before, moved, supervisor_before, step, sent):
    evaluation = make.EvaluationFactory(
        student=moved, district=before, consent_date=date(2025, 3, 3),
        determination_date=date(2025, 5, 1), outcome="NOTE",
    )  # fmt: skip
    answer = browse(supervisor_before).post(f"/api/evaluations/{evaluation.pk}/{step}/", sent, JSON)
    assert answer.status_code == 403
    with scope.system():
        assert Evaluation.objects.get(pk=evaluation.pk).version == evaluation.version


def test_an_earlier_district_writes_in_no_iep(browse, before, moved):
    author = make.UserFactory(role=Role.IEP_AUTHOR, role__district=before)
    iep = make.IepFactory(student=moved, district=before, author=author)
    sent = {"section": "GSI", "field": "strengths", "text": "Later words.", "version": 0}
    assert browse(author).put(f"/api/ieps/{iep.pk}/texts/", sent, JSON).status_code == 403


def test_an_earlier_district_is_not_told_who_looks_today(browse, moved, supervisor_before, now):
    own_time = make.UserFactory(last_name="Ledet")
    today = make.UserFactory(last_name="Broussard", role=Role.READER, role__district=now)
    with scope.elevated():
        then = datetime(2025, 3, 3, 15, tzinfo=UTC)
        AccessRecord.objects.create(user=own_time, student_id=moved.pk, what="IEP", purpose="Reader", at=then)
        AccessRecord.objects.create(user=today, student_id=moved.pk, what="IEP", purpose="Reader")
    page = browse(supervisor_before).get(reverse("caseload:access_record", args=[moved.pk])).content.decode()
    assert "Ledet" in page
    assert "Broussard" not in page


def test_the_district_responsible_today_is_told_of_all(browse, moved, now):
    with scope.elevated():
        looked = make.UserFactory(last_name="Ledet")
        AccessRecord.objects.create(
            user=looked, student_id=moved.pk, what="IEP", purpose="Reader", at=timezone.now()
        )
    supervisor = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=now)
    page = browse(supervisor).get(reverse("caseload:access_record", args=[moved.pk])).content.decode()
    assert "Ledet" in page


# ---- a single school ---------------------------------------------------------------------------------------


def entry(district, site, **child) -> dict:
    usual = {
        "state_student_id": "4100000009", "last_name": "Guidry", "first_name": "Ines", "sex": "F",
        "birth_date": "2015-03-12", **child,
    }  # fmt: skip
    return {
        "child": usual, "district": district.pk, "site": site.pk, "code": "E1", "grade": "06",
        "first_day": timezone.localdate().isoformat(), "first_attended": timezone.localdate().isoformat(),
        "takes_over": True,
    }  # fmt: skip


def test_a_nonpublic_school_makes_no_district_responsible_that_does_not_oversee_it(browse, before, now):
    academy = make.NonpublicSiteFactory()
    make.AffiliationFactory(site=academy, district=before)
    registrar = make.UserFactory(role=Role.REGISTRAR, role__site=academy)
    assert browse(registrar).post("/api/enrollments/", entry(now, academy), JSON).status_code == 403
    assert not Student.objects.exists()


def test_a_nonpublic_school_enters_children_of_the_district_that_oversees_it(browse, before):
    academy = make.NonpublicSiteFactory()
    make.AffiliationFactory(site=academy, district=before)
    registrar = make.UserFactory(role=Role.REGISTRAR, role__site=academy)
    answer = browse(registrar).post("/api/enrollments/", entry(before, academy), JSON)
    assert answer.status_code == 201, answer.json()
    with scope.system():
        assert Jurisdiction.objects.get().district == before


def test_a_reader_writes_nothing(browse, now):
    reader = make.UserFactory(role=Role.READER, role__district=now)
    site = make.SiteFactory(district=now)
    row = make.EnrollmentFactory(student=make.StudentFactory(district=now), district=now, site=site)
    left = {"code": "03", "last_day": "2026-10-02", "how_known": "Told by the mother"}
    client = browse(reader)
    assert client.post("/api/enrollments/", entry(now, site), JSON).status_code == 403
    assert client.post(f"/api/enrollments/{row.pk}/exit/", left, JSON).status_code == 403
    assert client.post(reverse("enrollment:exit", args=[row.pk]), left).status_code == 403


# ---- time ends access --------------------------------------------------------------------------------------


def test_a_role_grants_nothing_after_its_last_day_though_nobody_took_the_grant_away(now):
    user = make.UserFactory()
    assign(by=None, user=user, role=Role.DATA_MANAGER, district=now, first_day=date(2020, 7, 1))
    Assignment.objects.update(last_day=timezone.localdate() - timedelta(days=1))
    assert DistrictGrant.objects.filter(user=user).exists()
    assert type(user).objects.get(pk=user.pk).scope().is_empty


def test_a_role_that_ends_tomorrow_is_held_today_and_not_afterwards(now):
    user, today = make.UserFactory(), timezone.localdate()
    role = assign(by=None, user=user, role=Role.READER, district=now, first_day=date(2020, 7, 1))
    tomorrow = timezone.make_aware(datetime.combine(today + timedelta(days=1), time.min))
    end_assignment(by=None, assignment=role, at=tomorrow, reason=EndReason.EMPLOYMENT_ENDED)
    assert user.scope().district_ids == (now.pk,)
    follow_the_calendar(today + timedelta(days=1))
    assert not DistrictGrant.objects.filter(user=user).exists()


def test_a_role_given_ahead_grants_from_its_first_day(now):
    user, today = make.UserFactory(), timezone.localdate()
    assign(by=None, user=user, role=Role.READER, district=now, first_day=today + timedelta(days=3))
    assert user.scope().is_empty
    follow_the_calendar(today + timedelta(days=3))
    assert DistrictGrant.objects.filter(user=user, permission__codename=Permission.VIEW_STUDENTS).exists()


@pytest.mark.parametrize("kind", ["export", "extract", "legacy_extract"])
def test_the_own_file_of_many_children_does_not_open_without_the_role(browse, now, kind):
    user = make.UserFactory(role=Role.READER, role__district=now)
    with scope.system():
        kept = store(ContentFile(b"Fontenot,Jules\n", name="list.csv"), kind, user.pk)
    assert browse(user).get(reverse("documents:download", args=[kept.pk])).status_code == 404


def test_the_own_file_of_a_district_does_not_open_after_leaving_it(browse, before, now):
    user = make.UserFactory(role=Role.DATA_MANAGER, role__district=before)
    assign(by=None, user=user, role=Role.DATA_MANAGER, district=now)
    address, client = export_of(user), browse(user)
    assert client.get(address).status_code == 200
    end_assignment(
        by=None, assignment=user.assignments.get(district=before), reason=EndReason.EMPLOYMENT_ENDED
    )
    answer = client.get(address)
    assert (answer.status_code, "A role of yours has ended" in answer.content.decode()) == (410, True)
    assert client.get(export_of(user)).status_code == 200


@pytest.mark.parametrize(
    ("days", "suspended", "lost"), [(-1, False, True), (0, False, False), (9, False, False), (9, True, True)]
)
def test_what_counts_as_a_lost_role(now, days, suspended, lost):
    user, today = make.UserFactory(role=Role.READER, role__district=now), timezone.localdate()
    user.assignments.update(last_day=today + timedelta(days=days))
    if suspended:
        seen = {"first_missed_on": today, "last_missed_on": today, "suspended_at": timezone.now()}
        Absence.objects.create(user=user, district=now, **seen)
    assert (user.lost_a_role_at() is not None) is lost


def export_of(user) -> str:
    with scope.system():
        kept = store(ContentFile(b"Fontenot,Jules\n", name="list.csv"), "export", user.pk)
    return reverse("documents:download", args=[kept.pk])


def test_a_role_at_another_school_of_the_district_tells_nobody_who_looked(now):
    """Reading the district's children and supervising one school is not supervising them all (ROL-11)."""
    here, there = make.SiteFactory(district=now), make.SiteFactory(district=now)
    user = make.UserFactory(role=Role.READER, role__district=now)
    assign(by=None, user=user, role=Role.SPED_SUPERVISOR, site=here)
    with scope.system():
        children = [make.StudentFactory(district=now, district__site=site) for site in (here, there)]
        refusals = [why_not_see_visits(user, child.jurisdictions.get()) for child in children]
    assert [refusal is None for refusal in refusals] == [True, False]


# ---- what the database keeps ------------------------------------------------------------------------------


def test_a_text_is_not_moved_out_of_an_official_iep(now):
    child = make.StudentFactory(district=now)
    official, draft = (make.IepFactory(student=child, district=now) for _ in range(2))
    text = make.SectionTextFactory(iep=official)
    with scope.system():
        type(official).objects.filter(pk=official.pk).update(status="OFFICIAL")
        with pytest.raises(ProgrammingError, match="official IEP"), transaction.atomic():
            SectionText.objects.filter(pk=text.pk).update(iep=draft)


def test_an_exceptionality_is_not_moved_out_of_a_locked_evaluation(now):
    child = make.StudentFactory(district=now)
    locked, other = (make.EvaluationFactory(student=child, district=now) for _ in range(2))
    found = make.ExceptionalityFactory(evaluation=locked)
    with scope.system():
        Evaluation.objects.filter(pk=locked.pk).update(locked=True)
        with pytest.raises(ProgrammingError, match="locked evaluation"), transaction.atomic():
            Exceptionality.objects.filter(pk=found.pk).update(evaluation=other)


def test_an_official_iep_does_not_become_a_draft_again(now):
    iep = make.IepFactory(student=make.StudentFactory(district=now), district=now, status="OFFICIAL")
    with scope.system(), pytest.raises(ProgrammingError), transaction.atomic():
        type(iep).objects.filter(pk=iep.pk).update(status="DRAFT")


def test_an_error_of_the_database_inside_a_wider_scope_is_told_as_it_is(now):
    child = make.StudentFactory(district=now)
    twin = {"state": child.state, "state_student_id": child.state_student_id}
    with scope.of(make.UserFactory(role=Role.READER, role__district=now)) as mine:
        with pytest.raises(IntegrityError), scope.elevated():
            Student.objects.create(**twin, last_name="A", first_name="B", birth_date="2015-01-01", sex="F")
        assert scope.current() == mine


def test_a_scope_does_not_outlive_its_transaction(now):
    with scope.elevated(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert not scope.current().everything


# ---- the record of access ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("/evaluations/{evaluation}/", "evaluation"),
        ("/evaluations/{evaluation}/history/", "history of an evaluation"),
        ("/ieps/{iep}/", "IEP"),
        ("/ieps/{iep}/GSI/", "section of an IEP"),
        ("/ieps/{iep}/GSI/strengths/history/", "history of an IEP"),
        ("/students/{student}/events/iep/{iep}", "iep in the time line"),
        ("/api/evaluations/{evaluation}/", "evaluation over the API"),
        ("/api/ieps/{iep}/", "IEP over the API"),
        ("/api/ieps/{iep}/texts/", "texts of an IEP over the API"),
        ("/api/enrollments/{enrollment}/", "enrollment over the API"),
    ],
)
def test_opening_a_record_is_noted(browse, now, address, what):
    child = make.StudentFactory(district=now)
    ids = {
        "student": child.pk,
        "iep": make.IepFactory(student=child, district=now).pk,
        "evaluation": make.EvaluationFactory(student=child, district=now).pk,
        "enrollment": make.EnrollmentFactory(student=child, district=now).pk,
    }
    reader = make.UserFactory(role=Role.READER, role__district=now)
    assert browse(reader).get(address.format(**ids)).status_code == 200
    with scope.system():
        assert list(AccessRecord.objects.values_list("user", "student_id", "what")) == [
            (reader.pk, child.pk, what)
        ]


# ---- what leaves with the browser --------------------------------------------------------------------------


def test_a_message_that_names_a_child_stays_on_the_server(now):
    registrar = make.UserFactory(role=Role.REGISTRAR, role__district=now)
    site = make.SiteFactory(district=now)
    child = make.StudentFactory(district=now, first_name="Zephyrine")
    row = make.EnrollmentFactory(student=child, district=now, site=site, entry_code="E1")
    client = Client()
    client.force_login(registrar, backend="security.backends.PasswordBackend")
    left = {"code": "03", "last_day": "2026-10-02", "how_known": "Told by the mother, called twice"}
    answer = client.post(reverse("enrollment:exit", args=[row.pk]), left)
    assert answer.status_code == 302, answer.context["form"].errors
    assert set(client.cookies) <= {"eser_session", "csrftoken"}
    assert "Zephyrine" in client.get(answer.url).content.decode()
