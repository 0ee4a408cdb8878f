"""What view-only mode refuses is told at every door in the same sentence: pages, API, tasks."""

import time
from datetime import timedelta

import pytest
from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from edfi.tasks import send_dirty
from eser.celery import TaskInViewOnly, app
from ieps.api import ieps
from jobs.actions import open_job
from jobs.models import Job, JobState
from security import scope
from security.actions.view_only import end_view_only
from security.models import AssuranceText, ViewOnly
from security.rules.roles import Role
from tests import factories as make
from tests.conftest import signed_in
from tests.factories import PASSWORD
from tests.security.view_only.test_guards import view_only_in

NEW = "marsh lantern 41 quill"
ONE_MINUTE_AGO = -timedelta(minutes=1)


@pytest.fixture
def writer(db):
    """A case manager who may write, and a draft of a child of the district."""
    district = make.DistrictFactory(name="Heron Parish")
    person = make.UserFactory(role=Role.IEP_AUTHOR, role__district=district, role__iep_forms=True)
    child = make.StudentFactory(district=district)
    return person, make.IepFactory(student=child, district=district, author=person)


def save(client, iep, **more):
    address = reverse("api:iep-texts", args=[iep.pk])
    text = {"section": "GSI", "field": "strengths", "text": "Reads maps well.", "version": 0}
    return client.put(address, text, content_type="application/json", **more)


@pytest.mark.django_db
@pytest.mark.rule("RLO-03")
def test_the_api_answers_423_with_the_sentence(writer, browse):
    person, iep = writer
    sentence = view_only_in(ONE_MINUTE_AGO).sentence
    answer = save(browse(person), iep)
    assert answer.status_code == 423
    assert sentence in answer.json()["detail"]


@pytest.mark.django_db
@pytest.mark.rule("RLO-03", "RLO-17")
def test_every_page_carries_the_sentence_until_it_ends(writer, browse):
    client, sentence = browse(writer[0]), view_only_in(ONE_MINUTE_AGO).sentence
    home = reverse("caseload:home")
    assert sentence in client.get(home).content.decode()
    end_view_only(ViewOnly.objects.get())
    assert sentence not in client.get(home).content.decode()
    assert save(client, writer[1]).status_code == 200


@pytest.mark.rule("RLO-02")
def test_a_request_that_commits_too_late_is_told_the_same(own_database, monkeypatch):
    district = make.DistrictFactory()
    person = make.UserFactory(role=Role.IEP_AUTHOR, role__district=district, role__iep_forms=True)
    iep = make.IepFactory(student=make.StudentFactory(district=district), district=district, author=person)
    span = view_only_in(timedelta(seconds=1))
    answer_of = ieps.Response

    def slowly(*args, **kwargs):
        """The text is written, the answer takes its time: meanwhile the clock strikes."""
        time.sleep(max(0, (span.since - timezone.now()).total_seconds()) + 0.1)
        return answer_of(*args, **kwargs)

    monkeypatch.setattr(ieps, "Response", slowly)
    answer = save(signed_in(person), iep)
    assert (answer.status_code, answer.json()["detail"].startswith(span.sentence)) == (423, True)
    with scope.system():
        assert not iep.texts.exists()


@pytest.mark.django_db
@pytest.mark.rule("RLO-05")
def test_somebody_signs_in_signs_the_assurance_and_changes_the_password(client):
    text = AssuranceText.objects.first() or make.AssuranceTextFactory()
    district = make.DistrictFactory(state=text.state)
    person = make.UserFactory(assured=False, role=Role.DATA_MANAGER, role__district=district)
    view_only_in(ONE_MINUTE_AGO)
    answer = client.post("/sign-in/", {"username": person.username, "password": PASSWORD})
    assert answer.status_code == 302
    signed = {"text": text.pk, "typed_name": str(person), "next": "/students/"}
    assert client.post(reverse("security:assurance"), signed).url == "/students/"
    new = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("security:change_password"), new).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)


@shared_task(name="tests.writes_a_child")
def writes_a_child(job_id: int) -> None:
    with scope.system():
        make.StudentFactory()


@pytest.mark.django_db
@pytest.mark.rule("RLO-01", "RLO-03")
def test_the_job_of_a_task_that_is_refused_says_the_sentence():
    sentence = view_only_in(ONE_MINUTE_AGO).sentence
    job = open_job("TEST", "Writes a child", owner_id=None)
    Job.objects.filter(pk=job.pk).update(task="tests.writes_a_child")
    writes_a_child(job.pk)
    job.refresh_from_db()
    assert (job.state, job.sentence) == (JobState.FAILED, f"{sentence} Start it again after the go-live.")


@pytest.mark.django_db
@pytest.mark.rule("RLO-01")
def test_nothing_is_sent_to_the_state_while_nothing_is_accepted(monkeypatch):
    asked = []
    monkeypatch.setattr("edfi.tasks.Connection", asked)
    view_only_in(ONE_MINUTE_AGO)
    send_dirty()
    assert isinstance(app.tasks["edfi.tasks.send_dirty"], TaskInViewOnly)
    assert asked == []
