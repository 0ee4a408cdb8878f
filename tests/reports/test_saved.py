"""A list as it is laid out is kept under a name, shared inside the district, and made again by itself."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from jobs.models import Job
from journal.models import Entry
from reports import tasks
from reports.models import SavedReport
from reports.rules.repeating import next_day
from reports.saved.repeat import make_due
from security import scope
from security.models import Assignment, Notice
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
LAID_OUT = "grade=06&columns=grade&by=school"
FILES = {"every": "WEEK", "reason": "weekly check", "format": "csv"}


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def me(mine):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine, email="me@example.org")


def saved(client, query: str = LAID_OUT, **typed) -> SavedReport:
    answer = client.post(f"/lists/enrollments/save?{query}", {"name": "Grade 6", **typed})
    assert answer.status_code == 302, answer.context["form"].errors
    return SavedReport.objects.get(name=typed.get("name", "Grade 6"))


def test_a_saved_report_opens_the_list_as_it_was_laid_out(me, browse):
    client = browse(me)
    report = saved(client)
    assert report.query == {"grade": "06", "columns": "grade", "by": "school"}
    where, _, query = client.get(report.get_absolute_url()).url.partition("?")
    assert (where, set(query.split("&"))) == ("/lists/enrollments/", set(LAID_OUT.split("&")))
    assert "Grade 6" in client.get("/lists/").content.decode()


def test_shared_in_the_district_it_is_seen_there_and_nowhere_else(me, mine, browse):
    report = saved(browse(me), district=mine.pk)
    colleague = browse(make.UserFactory(role=Role.READER, role__site=make.SiteFactory(district=mine)))
    stranger = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory()))
    assert colleague.get(report.get_absolute_url()).status_code == 302
    assert stranger.get(report.get_absolute_url()).status_code == 404
    assert "Grade 6" not in stranger.get("/lists/").content.decode()


def test_only_its_owner_sees_what_is_not_shared_and_changes_what_is(me, mine, browse):
    own, shared = saved(browse(me)), saved(browse(me), name="Shared", district=mine.pk)
    colleague = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))
    assert colleague.get(own.get_absolute_url()).status_code == 404
    for deed in ("change", "remove"):
        answer = colleague.post(f"{shared.get_absolute_url()}{deed}", {"name": "Mine now"})
        assert answer.status_code == 403
        assert "Save it under a name of your own" in answer.content.decode()
    assert SavedReport.objects.count() == 2


def test_a_report_with_a_typed_name_is_not_shared(me, mine, browse):
    answer = browse(me).post(
        "/lists/enrollments/save?name=Fontenot", {"name": "Grade 6", "district": mine.pk}
    )
    assert answer.status_code == 422
    assert "Take it out" in answer.content.decode()


def test_nobody_shares_into_another_district(me, browse):
    theirs = make.DistrictFactory()
    answer = browse(me).post("/lists/enrollments/save", {"name": "Grade 6", "district": theirs.pk})
    assert answer.status_code == 422
    assert not SavedReport.objects.exists()


def test_two_reports_of_one_person_have_different_names(me, browse):
    client = browse(me)
    saved(client)
    answer = client.post("/lists/services/save", {"name": "Grade 6"})
    assert "Choose another name" in answer.content.decode()


def test_it_is_changed_and_removed_by_its_owner(me, browse):
    client, report = browse(me), saved(browse(me))
    client.post(f"{report.get_absolute_url()}change", {"name": "Sixth grade"})
    report.refresh_from_db()
    assert (report.name, report.query["grade"]) == ("Sixth grade", "06")
    client.post(f"{report.get_absolute_url()}remove")
    assert not SavedReport.objects.exists()


@pytest.mark.parametrize(
    ("every", "first", "after", "expected"),
    [
        ("DAY", "2026-09-01", "2026-08-30", "2026-09-01"),
        ("DAY", "2026-09-01", "2026-09-01", "2026-09-02"),
        ("WEEK", "2026-09-01", "2026-09-01", "2026-09-08"),
        ("WEEK", "2026-09-01", "2026-09-20", "2026-09-22"),
        ("MONTH", "2026-01-31", "2026-01-31", "2026-02-28"),
        ("MONTH", "2026-01-31", "2026-02-28", "2026-03-31"),
        ("MONTH", "2026-12-15", "2026-12-15", "2027-01-15"),
        ("MONTH", "2026-01-15", "2026-06-20", "2026-07-15"),
    ],
)
def test_the_next_day_of_a_repeated_report(every, first, after, expected):
    days = (date.fromisoformat(day) for day in (first, after))
    assert next_day(every, *days) == date.fromisoformat(expected)


def made(today: date) -> Job:
    """The worker's part follows at once: there is none in this test."""
    assert make_due(today) == 1
    job = Job.objects.latest("pk")
    tasks.write_export(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def test_the_file_waits_for_its_owner_and_a_notice_names_nobody(me, mine, browse, tomorrow, settings):
    settings.EMAIL_HOST = "mail"
    child = make.StudentFactory(district=mine, last_name="Fontenot")
    make.EnrollmentFactory(student=child, district=mine, grade="06")
    report = saved(browse(me), "grade=06", **FILES, by_email="on")
    assert make_due(timezone.localdate()) == 0

    job = made(tomorrow)

    assert (job.owner_id, job.state, job.total) == (me.pk, "DONE", 1)
    file = b"".join(browse(me).get(f"/documents/{job.result_id}/").streaming_content)
    assert b"Fontenot" in file
    report.refresh_from_db()
    assert report.next_on == tomorrow + timedelta(days=7)
    assert make_due(tomorrow) == 0
    told = Notice.objects.get(user=me, key=f"report: {job.pk}").words + mail.outbox[0].body
    assert "Fontenot" not in told
    assert "Grade 6" not in told
    with scope.system():
        assert Entry.objects.get(kind="EXPORTED").details["report"] == report.pk


def test_it_holds_what_its_owner_may_take_away_on_that_day(mine, browse, tomorrow):
    """Who has moved to another district gets the children of that one."""
    from security.actions.assign import assign

    me = make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)
    theirs = make.DistrictFactory()
    for district, name in ((mine, "Fontenot"), (theirs, "Thibodeaux")):
        child = make.StudentFactory(district=district, last_name=name)
        make.EnrollmentFactory(student=child, district=district, grade="06")
    saved(browse(me), "grade=06", **FILES)
    assign(by=None, user=me, role=Role.DATA_MANAGER, district=theirs)
    end_role_at(me, mine)

    assert made(tomorrow).total == 1


def end_role_at(user, district) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Assignment.objects.filter(user=user, district=district).update(last_day=yesterday)


def test_it_stops_with_a_sentence_when_its_owner_may_not_export_any_more(me, mine, browse, tomorrow):
    report = saved(browse(me), **FILES)
    end_role_at(me, mine)
    assert make_due(tomorrow) == 0
    report.refresh_from_db()
    assert (report.every, report.next_on) == ("", None)
    assert report.stopped.startswith("You may not take this list away any more. Only ")
    assert Notice.objects.filter(user=me, key__startswith="report stopped").count() == 1
    assert not Job.objects.exists()


def test_it_stops_where_a_second_person_would_be_needed(me, mine, browse, tomorrow, settings):
    settings.ESER_EXPORT_CAP = 0
    child = make.StudentFactory(district=mine)
    make.EnrollmentFactory(student=child, district=mine, grade="06")
    report = saved(browse(me), "grade=06", **FILES)
    assert make_due(tomorrow) == 0
    report.refresh_from_db()
    assert "a second person approves" in report.stopped


def test_files_by_itself_need_a_reason_and_the_permission(me, mine, browse):
    answer = browse(me).post("/lists/enrollments/save", {"name": "Grade 6", "every": "WEEK"})
    assert "Say what you need the files for" in answer.content.decode()
    reader = browse(make.UserFactory(role=Role.READER, role__district=mine))
    reader.post("/lists/enrollments/save", {"name": "Grade 6", **FILES})
    assert SavedReport.objects.get().every == ""


def test_what_goes_wrong_with_one_report_keeps_no_other_back(me, browse, tomorrow):
    SavedReport.objects.create(
        owner=me, name="Broken", slug="enrollments", query=[], every="DAY", reason="daily check",
        begins_on=tomorrow, next_on=tomorrow,
    )  # fmt: skip
    saved(browse(me), **FILES)
    assert make_due(tomorrow) == 1
