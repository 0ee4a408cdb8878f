"""The pages of a count: each number opens its children, each refusal is a sentence."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from documents.actions import limit_for
from documents.models import Document
from jobs.models import Job, JobState
from journal.models import Entry
from reports.actions import KIND
from reports.federal import take_away
from reports.federal.certify import certify
from reports.federal.freeze import freeze
from reports.models import Snapshot
from reports.rules.federal.comparison import Change
from reports.tasks import write_federal_file
from reports.views.federal.difference import Words
from security import scope
from security.models import AccessRecord, Assignment
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.reports.federal.reader import Read
from tests.reports.federal.records import DAY, child, evaluate

pytestmark = pytest.mark.django_db
WHY = {"reason": "child count check"}


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def client(mine, browse):
    return browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))


@pytest.fixture
def counted(client, mine):
    """Frozen through the page: one child of each standing."""
    school = make.SiteFactory(district=mine)
    child(mine, school, last_name="Fontenot")
    child(mine, school, last_name="Guidry", races="")
    answer = client.post("/counts/", {"district": mine.pk, "kind": "COUNT", "day": "Oct 1, 2026"})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def page(client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_number_opens_its_children_and_who_is_not_counted_is_named(client, counted):
    whole = page(client, counted)
    assert "Fontenot" in whole
    assert "No race or ethnicity is recorded" in whole
    assert "?file=FS002&amp;set=ST3&amp;codes=SLD#children" in whole
    assert "Guidry" not in page(client, counted, file="FS002", set="ST3", codes="SLD")
    assert "Fontenot" not in page(client, counted, stands="not_counted", reason="NO_RACE")
    assert "No child fits" in page(client, counted, file="FS002", set="CSA", codes="SLD")
    assert AccessRecord.objects.filter(what="child count").exists()


def test_a_code_of_a_child_stands_with_its_meaning(client, counted):
    (row,) = re.findall(r"<tr.*?Fontenot.*?</tr>", page(client, counted), re.DOTALL)
    for meaning in ("Specific learning disability", "Inside regular class 80% or more of the day"):
        assert meaning in row


def test_exits_are_told_by_their_school_year(client, mine):
    address = client.post("/counts/", {"district": mine.pk, "kind": "EXITS", "day": "Oct 1, 2025"}).url
    shown = page(client, address)
    assert "Exits of the school year to Jun 30, 2026, Cypress Parish" in shown
    assert "Nobody left special education in that school year." in shown


@pytest.mark.parametrize("form", ["csv", "tab", "txt"])
def test_a_file_is_taken_away_with_a_reason_and_read_back(form, client, counted):
    address = f"{counted}file/"
    assert client.post(address, {"file": "FS002-LEA", "format": form}).status_code == 422
    answer = client.post(address, {"file": "FS002-LEA", "format": form, **WHY})
    read = Read(b"".join(answer.streaming_content), form, "FS002", "LEA")
    read.check()
    assert sum(r.amount for r in read.records if not r.codes) == 1
    assert f'filename="LALEAIDEADISABv000001.{form}"' in answer["Content-Disposition"]
    assert Entry.objects.get(kind="FEDERAL_FILE").details["reason"] == WHY["reason"]


def test_a_count_is_certified_reopened_corrected_and_certified_again(client, counted, mine):
    assert "is certified" in client.post(f"{counted}certify", follow=True).content.decode()
    assert "not certified twice" in client.post(f"{counted}certify", follow=True).content.decode()
    with scope.elevated():
        guidry = Student.objects.get(last_name="Guidry")
        Student.objects.filter(pk=guidry.pk).update(races="B")
    evaluate(guidry, mine, "SLD", on=date(2026, 9, 22))
    listed = page(client, f"{counted}difference/")
    assert "Race and ethnicity" in listed
    assert "<strong>Sep 22, 2026</strong>" in listed
    assert "Take over" not in listed
    assert "reopen it first" in take_over(client, counted, guidry.pk)
    client.post(f"{counted}reopen", {"reason": "A race was wrong in the feed."})
    assert "Take over" in page(client, f"{counted}difference/")
    assert "Taken over: the count says" in take_over(client, counted, guidry.pk)
    assert "already says" in take_over(client, counted, "1x")
    assert "counted in FS002" in page(client, counted)
    with scope.elevated():
        assert Snapshot.objects.get().children.filter(counted=True).count() == 2
    kinds = Entry.objects.filter(kind__startswith="COUNT_").values_list("kind", flat=True)
    assert set(kinds) == {"COUNT_FROZEN", "COUNT_CERTIFIED", "COUNT_REOPENED", "COUNT_CORRECTED"}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("percent", 0, "0.00 %"), ("percent", 7950, "79.50 %"), ("percent", None, "none"),
        ("exit_day", date(2026, 5, 9), "May 9, 2026"), ("left_at", 18, "18"), ("school_exit", "", "none"),
    ],
)  # fmt: skip
def test_a_value_that_differs_is_told_in_words(field, value, words):
    assert Words({}, {}).of(Change(field, value, value)) == (words, words)


def looked_through(asked: CaptureQueriesContext) -> bool:
    """Was the whole district?"""
    return any("(NULL::bigint[] IS NULL" in (query["sql"] or "") for query in asked)


def test_a_take_over_answers_with_that_childs_part_alone(client, counted):
    with scope.elevated():
        Student.objects.filter(last_name__in=["Fontenot", "Guidry"]).update(races="B")
        guidry = Student.objects.get(last_name="Guidry")
    client.post(f"{counted}certify")
    client.post(f"{counted}reopen", {"reason": "A race was wrong in the feed."})
    with CaptureQueriesContext(connection) as asked:
        listed = page(client, f"{counted}difference/")
    assert looked_through(asked)
    assert "Fontenot" in listed
    assert "Guidry" in listed
    for said in ("Taken over: the count says", "The count already says"):
        with CaptureQueriesContext(connection) as asked:
            part = client.post(
                f"{counted}take-over", {"student": guidry.pk}, headers={"HX-Request": "true"}
            ).content.decode()
        assert not looked_through(asked)
        assert part.startswith("<tbody")
        assert said in part
        assert "Guidry" in part
        assert "Fontenot" not in part


def test_a_take_over_without_script_leads_to_that_childs_part(client, counted):
    with scope.elevated():
        Student.objects.filter(last_name__in=["Fontenot", "Guidry"]).update(races="B")
        guidry = Student.objects.get(last_name="Guidry")
    with CaptureQueriesContext(connection) as asked:
        shown = take_over(client, counted, guidry.pk)
    assert not looked_through(asked)
    assert "Guidry" in shown
    assert "Fontenot" not in shown
    assert "All children who stand otherwise" in shown


def take_over(client, counted: str, pk: object) -> str:
    return client.post(f"{counted}take-over", {"student": pk}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "Oct 1, 2099"}, "lies in the future"), ({"day": "when it was hot"}, "day"),
        ({"day": ""}, "Enter the count date"), ({"kind": "NOTHING"}, "Select a valid choice"),
        ({"kind": "EXITS", "day": "today"}, "The end of the period, Jun 30, "),
        ({"district": "999999"}, "Select a valid choice"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_said_beside_the_field(typed, said, client, mine):
    answer = client.post("/counts/", {"district": mine.pk, "kind": "COUNT", "day": "Oct 1, 2026"} | typed)
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_the_edit_checks_are_a_page_that_names_children(client, counted):
    shown = page(client, f"{counted}checks/")
    assert "No discipline is recorded here." in shown
    assert "?check=3" in shown
    assert "Guidry" not in shown
    opened = page(client, f"{counted}checks/", check="3")
    assert "Check 3: Nothing is missing" in opened
    assert "Guidry" in opened
    assert AccessRecord.objects.filter(what="edit checks of a child count").exists()
    assert "What was looked at" in page(client, f"{counted}checks/", check="99")


@pytest.mark.parametrize(("check", "writes", "looks_at_children"), [("3", False, True), ("17", True, False)])
def test_a_page_of_one_check_makes_that_one_only(check, writes, looks_at_children, client, counted):
    with CaptureQueriesContext(connection) as asked:
        page(client, f"{counted}checks/", check=check)
    told = [query["sql"] or "" for query in asked]
    assert any("FROM reports_snapshotchild" in sql and "GROUP BY" in sql for sql in told) == writes
    assert (
        any('FROM "reports_snapshotchild"' in sql and '"reasons"' in sql for sql in told) == looks_at_children
    )


def test_a_year_is_compared_with_a_certified_one_and_commented(client, counted, mine):
    assert "No certified count of the year before" in page(client, f"{counted}year/")
    with scope.elevated():
        Student.objects.get(last_name="Fontenot").enrollments.update(first_day=date(2024, 8, 12))
    before = client.post("/counts/", {"district": mine.pk, "kind": "COUNT", "day": "Oct 1, 2025"}).url
    client.post(f"{before}certify")
    shown = page(client, f"{counted}year/")
    assert "the count of Oct 1, 2025" in shown
    assert "Age: Age" not in shown
    chosen = page(client, f"{counted}year/", cell="FS002 EUT")
    assert '<option value="FS002 EUT" selected>' in chosen
    answer = client.post(f"{counted}year/", {"cell": "FS002 EUT", "words": 'More children, "moved" here'})
    assert answer.status_code == 302
    assert "More children; &#x27;moved&#x27; here" in page(client, f"{counted}year/")
    answer = client.post(f"{counted}file/", {"file": "FS002-LEA", "format": "csv", **WHY})
    read = Read(b"".join(answer.streaming_content), "csv", "FS002", "LEA")
    (whole,) = [record for record in read.records if not record.codes]
    assert whole.fields["Explanation"] == "More children; 'moved' here"


def test_the_state_sees_who_has_certified_and_writes_its_files_as_a_job(client, counted, browse):
    make.DistrictFactory(name="Ibis Parish")
    state = browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR))
    shown = page(state, "/counts/state/")
    assert "nothing to write" in shown
    assert "The child count of Oct 1, 2026, from what the districts have certified." in shown
    client.post(f"{counted}certify")
    shown = page(state, "/counts/state/", kind="COUNT", day=DAY.isoformat())
    assert "nothing frozen" in shown
    assert "agrees" in shown


@pytest.fixture
def of_the_state(client, counted, browse):
    """A state administrator, when a district has certified its count."""
    client.post(f"{counted}certify")
    return browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR))


def test_a_child_that_two_certified_counts_hold_is_told_to_the_state(of_the_state):
    other = make.DistrictFactory()
    with scope.elevated():
        moved = Student.objects.get(last_name="Fontenot")
        moved.activities.update(district=other)
    make.EnrollmentFactory(student=moved, district=other, site__district=other, grade="05")
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=other)
    with scope.of(manager):
        certify(by=manager, snapshot=freeze(by=manager, district=other, day=DAY))
    shown = page(of_the_state, "/counts/state/")
    assert "does not agree" in shown
    assert "1 child is counted by two districts." in shown


@pytest.mark.parametrize(
    ("level", "form"), [("SEA", "csv"), ("SEA", "tab"), ("SEA", "txt"), ("LEA", "tab"), ("SCH", "txt")]
)
def test_the_state_writes_its_files_as_a_job_and_they_expire(level, form, of_the_state):
    answer = of_the_state.post("/counts/state/", {"file": f"FS002-{level}", "format": form, **WHY})
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    write_federal_file(job.pk)
    job.refresh_from_db()
    document = Document.objects.get(pk=job.result_id)
    with document.file.open() as file:
        read = Read(file.read(), form, "FS002", level)
    read.check()
    assert job.sentence == f"The file is ready: {len(read.records):,} records of 1 districts."
    assert document.keep_until == timezone.localdate() + timedelta(days=7)


def test_a_file_of_the_state_may_be_large_and_is_not_opened_by_who_may_not_export_any_more(of_the_state):
    assert limit_for(KIND) == settings.ESER_EXTRACT_LIMIT
    of_the_state.post("/counts/state/", {"file": "FS002-SEA", "format": "csv", **WHY})
    job = Job.objects.get()
    write_federal_file(job.pk)
    job.refresh_from_db()
    link = f"/documents/{job.result_id}/"
    assert of_the_state.get(link).status_code == 200
    Assignment.objects.filter(user_id=job.owner_id).update(last_day=timezone.localdate() - timedelta(days=1))
    assert of_the_state.get(link).status_code in (403, 404)


def test_a_file_of_the_state_stopped_half_way_leaves_nothing(of_the_state, monkeypatch):
    of_the_state.post("/counts/state/", {"file": "FS002-SEA", "format": "csv", **WHY})
    job = Job.objects.get()
    write = take_away.write

    def stopped_meanwhile(*everything):
        Job.objects.filter(pk=job.pk).update(state=JobState.STOPPED)
        return write(*everything)

    monkeypatch.setattr(take_away, "write", stopped_meanwhile)
    write_federal_file(job.pk)
    job.refresh_from_db()
    assert job.state != JobState.DONE  # here all is one transaction, and the stop is taken back with the rest
    assert not Document.objects.exists()
    assert not Entry.objects.filter(kind="FEDERAL_FILE").exists()


@pytest.mark.parametrize("day", ["2020-13-45", "yesterday", "2019-10-01"])
def test_a_day_that_nobody_counted_is_not_there(day, counted, browse):
    state = browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR))
    assert state.get("/counts/state/", {"day": day}).status_code == 404


def test_who_sees_no_whole_district_sees_no_count(counted, mine, browse):
    reader = browse(make.UserFactory(role=Role.READER, role__district=mine))
    stranger = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory()))
    for each in ("", "difference/", "checks/", "year/", "file/"):
        assert reader.get(f"{counted}{each}").status_code == 403
        assert stranger.get(f"{counted}{each}").status_code == 404
    assert reverse("reports:snapshots") not in page(reader, "/lists/")
