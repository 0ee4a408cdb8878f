"""Above a number of rows a second person reads the reason and decides before a file is made."""

import io

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.models import Document
from jobs import actions as jobs
from jobs.models import Job, JobState
from journal.models import Entry
from reports import actions, tasks
from reports.lists.every import every_list
from reports.models import ExportRequest
from security import scope
from security.actions.assign import assign
from security.models import Notice
from security.models.record_of_access import AccessRecord, How
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
WHY = "yearly audit of the state"


@pytest.fixture(autouse=True)
def small(settings):
    settings.ESER_EXPORT_CAP, settings.ESER_EXPORT_AT_ONCE = 2, 1


@pytest.fixture
def mine():
    district = make.DistrictFactory(name="Cypress Parish")
    for _ in range(3):
        make.StudentFactory(district=district, last_name="Fontenot")
    return district


@pytest.fixture
def me(mine):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)


@pytest.fixture
def supervisor(mine):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)


def asked(client) -> ExportRequest:
    answer = client.post("/lists/students/export", {"format": "csv", "reason": WHY})
    request = ExportRequest.objects.get()
    assert answer.url == request.get_absolute_url()
    return request


def decide(client, request: ExportRequest, deed: str, words: str = ""):
    return client.post(f"{request.get_absolute_url()}decide", {"deed": deed, "words": words})


def kinds() -> list[str]:
    with scope.system():
        return list(Entry.objects.filter(kind__startswith="EXPORT").values_list("kind", flat=True))


def test_no_file_is_made_before_a_second_person_has_read_the_reason(me, supervisor, mine, browse):
    request = asked(browse(me))
    assert (request.district, request.rows, request.decision) == (mine, 3, "")
    assert not Job.objects.exists()
    assert Notice.objects.get(user=supervisor).address == request.get_absolute_url()
    page = browse(supervisor).get(request.get_absolute_url()).content.decode()
    assert WHY in page
    assert "Approve" in page
    assert kinds() == ["EXPORT_ASKED"]


def test_approved_the_file_is_made_for_who_asked(me, supervisor, browse):
    request = asked(browse(me))
    decide(browse(supervisor), request, "approve")
    job = Job.objects.get()
    tasks.write_export(job.pk)
    job.refresh_from_db()
    assert (job.owner_id, job.state) == (me.pk, JobState.DONE)
    assert b"".join(browse(me).get(f"/documents/{job.result_id}/").streaming_content).count(b"Fontenot") == 3
    assert browse(supervisor).get(f"/documents/{job.result_id}/").status_code == 404
    assert set(kinds()) == {"EXPORT_ASKED", "EXPORTED", "EXPORT_APPROVED"}
    with scope.system():
        assert Entry.objects.get(kind="EXPORTED").details["approved_by"] == supervisor.pk
    assert Notice.objects.filter(user=me, words__contains="approved").exists()


def test_nobody_approves_their_own_export(supervisor, browse):
    client = browse(supervisor)
    answer = decide(client, asked(client), "approve")
    assert answer.status_code == 403
    assert "nobody approves their own export" in answer.content.decode()
    assert not Job.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.update(
            decision="APPROVED", decided_by=supervisor, decided_at=timezone.now()
        )  # the database says so too


@pytest.mark.parametrize("role", [Role.DATA_MANAGER, Role.EVALUATION_COORDINATOR, Role.AUDITOR])
def test_who_may_not_be_the_second_does_not_see_the_request(role, me, mine, browse):
    request = asked(browse(me))
    other = browse(make.UserFactory(role=role, role__district=mine))
    assert other.get(request.get_absolute_url()).status_code == 404
    assert decide(other, request, "approve").status_code == 404


def test_another_districts_supervisor_does_not_see_it(me, browse):
    request = asked(browse(me))
    stranger = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=make.DistrictFactory())
    assert browse(stranger).get(request.get_absolute_url()).status_code == 404


def test_what_holds_children_of_several_districts_the_state_decides(mine, browse):
    me = make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)
    other = make.DistrictFactory()
    assign(by=None, user=me, role=Role.DATA_MANAGER, district=other)
    request = asked(browse(me))
    assert request.district is None
    for district in (mine, other):
        supervisor = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=district)
        assert browse(supervisor).get(request.get_absolute_url()).status_code == 404
    state = browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR))
    assert decide(state, request, "approve").url == request.get_absolute_url()


def test_a_refusal_says_why_and_is_final(me, supervisor, browse):
    request = asked(browse(me))
    client = browse(supervisor)
    assert "Say why" in decide(client, request, "refuse").content.decode()
    decide(client, request, "refuse", "Ask for one school at a time")
    assert "one school at a time" in browse(me).get(request.get_absolute_url()).content.decode()
    assert "refused already" in client.get(decide(client, request, "approve").url).content.decode()
    assert not Job.objects.exists()


def test_who_asked_takes_it_back(me, supervisor, browse):
    request = asked(browse(me))
    assert decide(browse(supervisor), request, "withdraw").status_code == 403
    decide(browse(me), request, "withdraw")
    request.refresh_from_db()
    assert request.decision == "WITHDRAWN"


def test_a_list_that_has_grown_is_asked_for_anew(me, supervisor, mine, browse):
    request = asked(browse(me))
    make.StudentFactory(district=mine)
    client = browse(supervisor)
    assert "asked anew" in client.get(decide(client, request, "approve").url).content.decode()
    assert not Job.objects.exists()


def test_what_grew_to_another_district_is_asked_anew(me, supervisor, browse):
    """The supervisor decides about the own children; those of a role that came since are not theirs."""
    request, client = asked(browse(me)), browse(supervisor)
    assign(by=None, user=me, role=Role.DATA_MANAGER, district=make.DistrictFactory())
    assert "asked anew" in client.get(decide(client, request, "approve").url).content.decode()
    assert not Job.objects.exists()


def test_a_district_that_came_after_the_approval_is_not_in_the_file(me, supervisor, browse):
    decide(browse(supervisor), asked(browse(me)), "approve")
    assign(by=None, user=me, role=Role.DATA_MANAGER, district=make.DistrictFactory())
    job = Job.objects.get()
    tasks.write_export(job.pk)
    job.refresh_from_db()
    assert (job.state, "Ask for it anew" in job.sentence) == (JobState.FAILED, True)
    assert not Document.objects.exists()


def test_who_lost_the_permission_gets_no_file(me, supervisor, browse):
    request = asked(browse(me))
    me.assignments.update(last_day=timezone.localdate() - timezone.timedelta(days=1))
    client = browse(supervisor)
    assert "not take this list" in client.get(decide(client, request, "approve").url).content.decode()
    assert not Job.objects.exists()


def test_stopped_half_way_leaves_nothing(me, browse, monkeypatch):
    """While it is written its owner stops it: no file, no line that children were taken away.

    Here all is one transaction, and the stop is taken back with the rest; a worker's is another.
    """
    found = every_list()["students"]
    order = actions.Order(found, found.state({}), "csv", WHY)
    job = actions.open_job_for(me, order, 3)
    written = actions.files.csv_blocks

    def stopped_meanwhile(*args, **more):
        yield from written(*args, **more)
        browse(me).post(f"/jobs/{job.pk}/stop")

    monkeypatch.setattr(actions.files, "csv_blocks", stopped_meanwhile)
    tasks.write_export(job.pk)

    job.refresh_from_db()
    assert job.state != JobState.DONE
    assert not Document.objects.exists()
    with scope.system():
        assert not AccessRecord.objects.filter(how=How.TAKEN).exists()


def test_what_is_being_written_stops_half_way(me, monkeypatch):
    monkeypatch.setattr(actions.files, "BLOCK", 1)
    found = every_list()["students"]

    def stop(done: int) -> None:
        raise jobs.Stopped

    def rows(places):
        return found.filtered(places, found.state({}))

    with pytest.raises(jobs.Stopped), scope.of(me) as places:
        actions.files.write_xlsx(found, rows(places), io.BytesIO(), told=stop)
    with pytest.raises(jobs.Stopped), scope.of(me) as places:
        list(actions.files.csv_blocks(found, rows(places), told=stop))
    with scope.of(me) as places:  # the connection works on
        assert rows(places).count() == 3


def test_only_its_owner_stops_a_job_and_only_while_it_runs(me, supervisor, browse):
    job = jobs.open_job("EXPORT", "A list", owner_id=me.pk)
    assert browse(supervisor).post(f"/jobs/{job.pk}/stop").status_code == 404
    browse(me).post(f"/jobs/{job.pk}/stop")
    job.refresh_from_db()
    assert (job.state, job.sentence) == (JobState.STOPPED, "You stopped it. No file was made.")
    jobs.finish(job, "Ready.")
    browse(me).post(f"/jobs/{job.pk}/stop")
    job.refresh_from_db()
    assert job.state == JobState.DONE
