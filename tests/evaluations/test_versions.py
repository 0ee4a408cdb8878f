"""What was locked is kept: each version with its hash, compared side by side, printed as tagged PDF."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import ProgrammingError, transaction

from documents.printing import printed
from evaluations import actions
from evaluations.models import LockedReport
from evaluations.report import differences, reports_of
from evaluations.views.versions import REPORT
from security import scope
from security.models import AccessRecord
from tests.evaluations.conftest import ELIGIBLE
from tests.factories import DistrictFactory, UserFactory


@pytest.fixture
def twice(decided, supervisor, coordinator):
    """Locked, unlocked, corrected, locked again."""
    with scope.system():
        actions.lock(by=coordinator, evaluation=decided)
        actions.unlock(by=supervisor, evaluation=decided, reason="The other exceptionality was left out.")
        corrected = replace(ELIGIBLE, summary="Reads three years below grade.")
        actions.record_determination(by=coordinator, evaluation=decided, found=corrected)
        return actions.lock(by=coordinator, evaluation=decided)


def test_each_lock_keeps_what_the_report_said(twice):
    with scope.system():
        after, before = reports_of(twice)
        changed = [row.label for row in differences(before, after) if row.differs]
    assert (before.number, after.number) == (1, 2)
    assert changed == ["Exceptionality 2", "Summary"]
    assert [each.is_whole for each in (before, after)] == [True, True]
    assert before.sha256 != after.sha256


@pytest.mark.parametrize("change", [{"lines": []}, {"sha256": "0" * 64}], ids=str)
def test_nobody_changes_a_version(twice, change):
    with scope.system(), pytest.raises(ProgrammingError), transaction.atomic():
        LockedReport.objects.filter(evaluation_id=twice.pk).update(**change)


def test_a_version_stays_when_the_evaluation_is_discarded(twice, supervisor, coordinator):
    with scope.system():
        actions.unlock(by=supervisor, evaluation=twice, reason="Entered for the wrong child.")
        actions.discard(by=coordinator, evaluation=twice, reason="Entered for the wrong child.")
        assert LockedReport.objects.filter(evaluation_id=twice.pk).count() == 2


def test_two_versions_stand_side_by_side(twice, coordinator, browse):
    text = browse(coordinator).get(f"/evaluations/{twice.pk}/versions/").content.decode()
    assert "Reads three years below grade." in text
    assert [name for name in ("Version 1", "Version 2") if name not in text] == []


def test_one_version_alone_is_not_compared(decided, supervisor, coordinator, browse):
    with scope.system():
        actions.lock(by=coordinator, evaluation=decided)
    text = browse(supervisor).get(f"/evaluations/{decided.pk}/versions/").content.decode()
    assert "There are no two versions to compare." in text


def test_a_version_is_printed_as_tagged_pdf_and_noted(twice, coordinator, browse):
    answer = browse(coordinator).get(f"/evaluations/{twice.pk}/versions/1.pdf")
    assert answer["Content-Disposition"].endswith('version-1.pdf"')
    assert answer.content.startswith(b"%PDF")
    assert b"pdfuaid" in answer.content
    with scope.system():
        assert AccessRecord.objects.filter(student_id=twice.student_id, purpose="print").exists()


def test_another_districts_staff_print_nothing(twice, browse):
    stranger = UserFactory(role="evaluation_coordinator", role__district=DistrictFactory())
    assert browse(stranger).get(f"/evaluations/{twice.pk}/versions/1.pdf").status_code == 404


def test_what_a_report_says_is_no_command_of_the_printer():
    values = {
        "title": "#panic()", "student": "*Zora*", "district": "#read(\"/etc/passwd\")", "version": "1",
        "locked": "$x$", "hash": "0", "lines": [["#let", "= head @ref <label> #image(\"x\")"]],
    }  # fmt: skip
    assert printed(REPORT, values).startswith(b"%PDF")
    assert Path(REPORT).is_file()
