"""The job of the night: done with its numbers, failed with a sentence, never left running."""

import pytest
from django.db import Error

from enrollment.models import Finding
from enrollment.queries.audit import plans
from enrollment.tasks import audit_every_night, audit_for_job
from jobs.models import Job, JobState
from security import scope


@pytest.fixture
def night(dc, enrolled) -> Job:
    """A child of grade 1 born 2010 (check 17), and the job that is to find it."""
    enrolled(grade="01", birth_date="2010-03-01")
    return Job.objects.get(pk=audit_every_night())


def test_the_job_of_the_night_tells_what_it_found_and_where(night):
    assert night.task == "enrollment.tasks.audit_for_job"
    audit_for_job(night.pk)
    night.refresh_from_db()
    assert (night.state, night.link) == (JobState.DONE, "/enrollments/findings/")
    assert night.sentence == "1 findings opened, 0 cleared."
    with scope.system():
        assert Finding.objects.open().get().check_number == 17


def test_delivered_twice_it_opens_nothing_twice_and_stays_done(night):
    audit_for_job(night.pk)
    ended = Job.objects.values().get(pk=night.pk)
    audit_for_job(night.pk)
    assert Job.objects.values().get(pk=night.pk) == ended


def test_an_audit_that_breaks_ends_its_job_with_a_sentence(night, monkeypatch):
    monkeypatch.setattr(plans, "_known", ["SELECT no_such_column"])
    with pytest.raises(Error):
        audit_for_job(night.pk)
    night.refresh_from_db()
    assert night.state == JobState.FAILED
    assert "It runs again next night" in night.sentence
