"""A long list is written by a real worker, and found under Jobs."""

import csv
import io

import pytest
from django.conf import settings as configured
from django.test import Client

from documents.models import Document
from jobs.models import Job, JobState
from security.rules.roles import Role
from tests import factories as make
from tests.conftest import has_just_shown
from tests.workers import ended, worker_of


@pytest.fixture
def worker(own_database):
    """A worker on this test's own database and a queue of its own."""
    with worker_of(own_database, ESER_MEDIA=str(configured.MEDIA_ROOT)):
        yield own_database


@pytest.fixture
def queue(worker, settings):
    """Tasks go to the queue of this test's worker."""
    settings.CELERY_TASK_DEFAULT_QUEUE = worker


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_long_list_becomes_a_job_and_its_file_is_downloaded(format, queue, settings):
    settings.ESER_EXPORT_AT_ONCE = 2
    mine, theirs = make.DistrictFactory(), make.DistrictFactory()
    for _ in range(3):
        make.StudentFactory(district=mine, last_name="Amédée")
    make.StudentFactory(district=theirs, last_name="Thibodeaux")
    me = make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)
    client = Client()
    client.force_login(me, backend="security.backends.PasswordBackend")
    has_just_shown(client, me, "password")

    answer = client.post("/lists/students/export", {"format": format, "reason": "child count check"})

    job = ended(Job.objects.get())
    assert answer.url == f"/jobs/{job.pk}/"
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert f"/documents/{job.result_id}/" in page
    content = b"".join(client.get(f"/documents/{job.result_id}/").streaming_content)
    assert Document.objects.get().sha256
    if format == "csv":
        rows = list(csv.reader(io.StringIO(content.decode())))
        assert [row[0] for row in rows[1:]] == ["Amédée"] * 3
    else:
        assert content.startswith(b"PK")
