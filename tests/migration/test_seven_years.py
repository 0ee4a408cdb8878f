"""The days around the cut: what is older goes to the archive, the day itself and later ones are migrated."""

import pytest

from enrollment.models import SpecialEducationActivity
from evaluations.models import Evaluation
from ieps.models import Iep, Service
from migration.archive.pack import unpacked
from migration.models import ArchivedRecord, ArchivedStudent, LegacyAttachment
from migration.sample import Record, child
from security import scope
from students.models import Jurisdiction, Student
from tests.migration.small import run_of

pytestmark = pytest.mark.django_db
BEFORE, CUT, AFTER = "07232015", "07242015", "07252015"  # the freeze was on July 24, 2022
KEY = "000700001"
OWNER = {"SER_STUDENT_KEY": KEY}


def around_the_cut() -> tuple[Record, ...]:
    """A closed record of each dated type on each of the three days, whose place its key ends with."""
    made: list[Record] = []
    for number, day in enumerate((BEFORE, CUT, AFTER), start=1):
        begun = f"0101201{number}"
        service = {"SERVICE": ("SLT", "OT", "PT")[number - 1], "RECIPIENT": "S", "TERMINATION": "NLN"}
        evaluation = child(1)["04"] | {"REFERRAL_DATE": begun, "CONSENT_DATE": begun, "COMPLETE_DATE": begun}
        made += [
            ("03", child(1)["03"] | {"BEGIN_DATE": begun, "END_DATE": day}),
            ("04", evaluation | {"EVAL_KEY": f"00009000{number}", "DISSEMINATION_DATE": day}),
            ("06", OWNER | {"ENTRY_DATE": begun, "EXIT_DATE": day, "EXIT_REASON": "X01"}),
            ("07", OWNER | service | {"START_DATE": begun, "END_DATE": day}),
            ("08", child(1)["08"] | {"IEP_KEY": f"00008000{number}", "MEETING_DATE": day}),
            ("12", OWNER | {"FILE_NAME": f"{number}.pdf", "UPLOAD_DATE": day, "SHA256": "0" * 64}),
        ]
    return tuple(made)


@pytest.mark.rule("RLO-08")
@pytest.mark.rule("RLO-09")
@pytest.mark.rule("RLO-10")
def test_the_day_of_the_cut_is_migrated_and_the_day_before_it_archived(tmp_path):
    run_of(tmp_path, {1: child(1)}, around_the_cut())
    with scope.system():
        archived = sorted(ArchivedRecord.objects.values_list("record_type", "legacy_key"))
        assert archived == [
            ("03", f"{KEY}|911|911001|2011-01-01"), ("04", "000090001"), ("06", f"{KEY}|2011-01-01"),
            ("07", f"{KEY}|SLT|2011-01-01"), ("08", "000080001"), ("12", f"{KEY}|1.pdf"),
        ]  # fmt: skip
        for model in (Jurisdiction, Evaluation, SpecialEducationActivity, Service, Iep):
            assert model.objects.count() == 3, model  # of the cut, of the day after, and the child's own
        assert LegacyAttachment.objects.count() == 2


LONG_AGO = dict.fromkeys(("REFERRAL_DATE", "CONSENT_DATE", "COMPLETE_DATE", "DISSEMINATION_DATE"), "03042013")


@pytest.mark.rule("RLO-11")
def test_what_is_older_and_in_force_is_migrated_and_tagged(tmp_path):
    records = child(1)
    records["03"]["BEGIN_DATE"] = "08102010"
    records["04"] |= LONG_AGO
    records["06"]["ENTRY_DATE"] = records["07"]["START_DATE"] = "03222013"
    run_of(tmp_path, {1: records})
    with scope.system():
        for model in (Jurisdiction, Evaluation, SpecialEducationActivity, Service):
            assert model.objects.get().continuity, model


def long_gone() -> dict[str, dict[str, str]]:
    records = child(1)
    records["03"] |= {"BEGIN_DATE": "08102010", "END_DATE": BEFORE}
    records["04"] |= LONG_AGO
    records["06"] |= {"ENTRY_DATE": "03222013", "EXIT_DATE": BEFORE, "EXIT_REASON": "X01"}
    records["07"] |= {"START_DATE": "03222013", "END_DATE": BEFORE, "TERMINATION": "NLN"}
    records["08"]["MEETING_DATE"] = "03152013"
    return records


@pytest.mark.rule("RLO-12")
def test_a_child_with_nothing_newer_and_nothing_in_force_is_archived_whole(tmp_path):
    run = run_of(tmp_path, {1: long_gone()})
    with scope.system():
        assert not Student.objects.exists()
        assert run.archived_students == 1


@pytest.mark.rule("RLO-12")
def test_a_child_that_a_later_extract_brings_back_is_live_and_no_past_child(tmp_path):
    """What it has among the live records leaves the archive; what stays old stays there."""
    records = long_gone()
    run_of(tmp_path, {1: records})
    records["03"]["END_DATE"], records["08"]["MEETING_DATE"] = "", "03152022"
    run = run_of(tmp_path, {1: records})
    with scope.system():
        assert (Student.objects.count(), Iep.objects.count(), run.state) == (1, 1, "DONE")
        archived = ArchivedStudent.objects.get()
        in_pack = {record.record_type for record in unpacked(archived.pack)}
        in_index = {*ArchivedRecord.objects.values_list("record_type", flat=True)}
        assert (archived.whole, in_pack) == (False, in_index)
        assert not in_index & {"01", "02", "03", "08", "09"}
