"""Printing: one IEP, a blank form, and a caseload as a job."""

import io
import zipfile

import pytest
from django.urls import reverse

from documents.models import Document
from ieps import tasks
from ieps.actions import ask_for_prints
from ieps.models import Iep, IepStatus
from jobs.models import Job, JobState
from security import scope
from security.models.record_of_access import AccessRecord
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import DistrictFactory, IepFactory, SectionTextFactory, StudentFactory, UserFactory
from tests.pdf_text import squeezed, text_of

ASKED = {"whose": "mine", "state": "drafts", "language": "en", "reason": "copies for the parents"}


def test_an_iep_is_printed_and_the_record_says_by_whom(draft, dana, browse):
    with scope.system():
        SectionTextFactory(iep=draft, text="Reads maps well.")
    answer = browse(dana).get(reverse("ieps:print", args=[draft.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert squeezed("Student strengths Reads maps well.") in text_of(answer.content)
    with scope.system():
        assert AccessRecord.objects.filter(student_id=draft.student_id, user=dana, purpose="print").exists()


@pytest.mark.parametrize(("address", "status"), [("LA/REG", 200), ("LA/XX", 404), ("XX/REG", 404)])
def test_blank_forms_are_those_of_the_tables(address, status, dana, browse):
    assert browse(dana).get(f"/ieps/blank/{address}/").status_code == status


def test_the_page_of_blank_forms_leads_to_each(dana, browse):
    assert browse(dana).get(reverse("ieps:blank_forms")).content.decode().count("(PDF)") == 6


def test_a_case_manager_prints_only_the_own_caseload(dana, browse):
    page = browse(dana).get(reverse("ieps:print_many")).content.decode()
    assert "All IEPs where I may export lists" not in page
    with pytest.raises(NotAllowed):
        ask_for_prints(by=dana, **{**ASKED, "whose": "all"})


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"reason": ""}, "Say what you need the file for"), ({"state": "official"}, "There is no such IEP")],
)
def test_what_cannot_be_printed_is_said(sent, said, draft, dana, browse):
    answer = browse(dana).post(reverse("ieps:print_many"), {**ASKED, **sent})
    assert said in answer.content.decode()
    assert not Job.objects.exists()


def test_one_file_holds_so_many_at_most(draft, dana, settings):
    settings.ESER_PRINT_CAP = 0
    with pytest.raises(RuleBroken, match="holds at most 0"):
        ask_for_prints(by=dana, **ASKED)


def test_a_job_prints_each_iep_in_scope_and_nothing_else(db, browse):
    here, elsewhere = DistrictFactory(), DistrictFactory()
    me = UserFactory(role=Role.IEP_AUTHOR, role__district=here)
    with scope.system():
        mine, gone = (
            IepFactory(student__last_name=name, student__district=place, district=place, author=me)
            for name, place in (("Fontenot", here), ("Guidry", elsewhere))
        )
        IepFactory(student=StudentFactory(district=here), district=here)
        old = IepFactory(student=mine.student, district=here, author=me)
        Iep.objects.filter(pk=old.pk).update(status=IepStatus.OFFICIAL)

    client = browse(me)
    answer = client.post(reverse("ieps:print_many"), ASKED)

    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    tasks.write_prints(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 1)
    content = b"".join(client.get(f"/documents/{job.result_id}/").streaming_content)
    packed = zipfile.ZipFile(io.BytesIO(content))
    assert [name.partition("-")[0] for name in packed.namelist()] == ["fontenot"]
    assert packed.read(packed.namelist()[0]).startswith(b"%PDF")
    assert Document.objects.get().keep_until
    with scope.system():
        taken = AccessRecord.objects.filter(what="prints of IEPs", purpose=ASKED["reason"])
        assert [row.student_id for row in taken] == [mine.student_id]
        assert gone.student_id not in {row.student_id for row in taken}
