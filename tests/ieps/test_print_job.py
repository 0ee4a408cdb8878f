"""The IEPs of a caseload are printed by a real worker, whose process is replaced when it has grown."""

import io
import zipfile

from django.conf import settings as configured

from documents.models import Document
from ieps.actions import ask_for_prints
from jobs.models import JobState
from security import scope
from security.rules.roles import Role
from tests import factories as make
from tests.journeys.stack import children_of, wait_until
from tests.workers import IN_A_PROCESS_OF_ITS_OWN, ended, worker_of

SMALL = "1"  # MB: every process is larger, so each prints one caseload and ends


def test_a_caseload_is_printed_and_the_process_that_has_grown_is_replaced(own_database, settings):
    settings.CELERY_TASK_DEFAULT_QUEUE = own_database
    mine = make.DistrictFactory()
    me = make.UserFactory(role=Role.IEP_AUTHOR, role__district=mine)
    with scope.system():
        for name in ("Fontenot", "Guidry"):
            make.IepFactory(student__last_name=name, student__district=mine, district=mine, author=me)
    media = str(configured.MEDIA_ROOT)
    with worker_of(
        own_database, IN_A_PROCESS_OF_ITS_OWN, ESER_MEDIA=media, ESER_WORKER_MEMORY=SMALL
    ) as worker:
        wait_until(lambda: children_of(worker.pid), "the worker has a process for its tasks")
        before = children_of(worker.pid)

        job = ended(
            ask_for_prints(by=me, whose="mine", state="drafts", language="en", reason="for the parents")
        )

        wait_until(lambda: children_of(worker.pid) != before, "the process is replaced")
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    with scope.system(), Document.objects.get().file.open() as file:
        packed = zipfile.ZipFile(io.BytesIO(file.read()))
    assert [name.partition("-")[0] for name in packed.namelist()] == ["fontenot", "guidry"]
