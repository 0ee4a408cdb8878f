"""The merge queue: a person decides whether records are one child, and is not asked again."""

import pytest

from documents.models import Document
from enrollment.models import SpecialEducationActivity
from evaluations.models import Evaluation
from ieps.models import Iep, Service
from migration.actions.decide_duplicate import (
    children_of,
    is_one_child,
    keep_apart,
    merge_key,
    merge_loaded,
)
from migration.models import (
    DuplicateGroup,
    Finding,
    FindingCase,
    LegacyAttachment,
    LoadRun,
    RejectedRow,
    RunState,
    Verdict,
)
from migration.sample import child
from security import scope
from security.refusals import NotAllowed, RuleBroken
from students.models import Contact, Jurisdiction, Student
from tests.migration.small import Children, data_manager, run_of, state_administrator
from tests.migration.test_files_and_users import PDF, line_of

pytestmark = pytest.mark.django_db
REASON = "The birth certificate and the mother say so."


def sharing_a_lasid() -> Children:
    """Two records of one LASID, the second after a transfer within the district, and one child beside."""
    both = {1: child(1), 2: child(2), 3: child(3)}
    both[2]["01"]["LASID"] = both[1]["01"]["LASID"]
    return both


def alike(other_site: bool = False) -> Children:
    """Two children of one birth date whose names differ by a letter."""
    both = {1: child(1), 2: child(2, **({"sponsor": "912", "site": "912001"} if other_site else {}))}
    pair = {"LAST_NAME": "THERIOT", "FIRST_NAME": "MARGARET", "BIRTH_DATE": "03042010"}
    both[1]["01"] |= pair
    both[2]["01"] |= pair | {"FIRST_NAME": "MARGARETE"}
    return both


def group() -> DuplicateGroup:
    with scope.system():
        return DuplicateGroup.objects.get()


def record_of(number: int) -> int:
    with scope.system():
        return group().records.get(key=child(number)["01"]["SER_STUDENT_KEY"]).pk


def loaded_keys() -> set[str]:
    with scope.system():
        return set(Student.objects.filter(merged_into=None).values_list("legacy_key", flat=True))


def fatal(run: LoadRun) -> set[str]:
    with scope.system():
        return set(Finding.objects.filter(run=run, severity="fatal").values_list("key", flat=True))


@pytest.mark.rule("DQ-011")
def test_records_with_one_lasid_wait_side_by_side_and_neither_is_loaded(tmp_path):
    run_of(tmp_path, sharing_a_lasid())
    with scope.system():
        facts = [(record.key, record.facts["fate"]) for record in group().records.all()]
    assert facts == [("000700001", "rejected"), ("000700002", "rejected")]
    assert loaded_keys() == {"000700003"}


@pytest.mark.rule("DQ-011")
def test_one_child_the_record_that_stands_is_loaded_with_all_that_both_had(tmp_path):
    run_of(tmp_path, sharing_a_lasid())
    state = state_administrator()
    with scope.of(state):
        is_one_child(by=state, group=group(), reason=REASON, stands=record_of(2))
    run = run_of(tmp_path, sharing_a_lasid())
    assert loaded_keys() == {"000700002", "000700003"}
    assert run.state == RunState.DONE
    with scope.system():
        stands = Student.objects.get(legacy_key="000700002")
        assert Jurisdiction.objects.filter(student=stands).count() == 2
        assert Contact.objects.filter(student=stands).count() == 2
        rejected = RejectedRow.objects.filter(run=run)
        assert list(rejected.values_list("record_type", "key")) == [("01", "000700001")]
        assert FindingCase.objects.filter(rule="DQ-011").exclude(state="FIXED").count() == 0


@pytest.mark.rule("DQ-011")
def test_different_children_the_owner_is_loaded_and_the_other_waits_for_its_own_lasid(tmp_path):
    run_of(tmp_path, sharing_a_lasid())
    state = state_administrator()
    with scope.of(state):
        keep_apart(by=state, group=group(), reason=REASON, owner=record_of(1))
    assert fatal(run_of(tmp_path, sharing_a_lasid())) == {"000700002"}
    assert loaded_keys() == {"000700001", "000700003"}
    assert group().verdict == Verdict.DIFFERENT


@pytest.mark.rule("DQ-011")
@pytest.mark.rule("RLO-14")
@pytest.mark.parametrize(("who", "still_open"), [(data_manager, ["000700002"]), (state_administrator, [])])
def test_that_a_child_stays_out_for_good_is_said_by_the_state_alone(tmp_path, who, still_open):
    run_of(tmp_path, sharing_a_lasid())
    by = who()
    with scope.of(by):
        keep_apart(by=by, group=group(), reason=REASON, owner=record_of(1))
    with scope.system():
        cases = FindingCase.objects.open().filter(rule="DQ-011")
        assert list(cases.values_list("key", flat=True)) == still_open


@pytest.mark.rule("DQ-011")
def test_different_children_both_are_loaded_when_the_right_lasid_is_given(tmp_path):
    run_of(tmp_path, sharing_a_lasid())
    state = state_administrator()
    with scope.of(state):
        right = {record_of(2): "4100009999"}
        keep_apart(by=state, group=group(), reason=REASON, owner=record_of(1), lasids=right)
    assert fatal(run_of(tmp_path, sharing_a_lasid())) == set()
    with scope.system():
        assert Student.objects.get(legacy_key="000700002").state_student_id == "4100009999"


@pytest.mark.parametrize(
    ("lasid", "words"),
    [("12345", "has 10 digits"), ("1111111111", "has 10 digits"), ("4100000003", "Another")],
)
def test_a_lasid_that_cannot_be_is_refused(tmp_path, lasid, words):
    run_of(tmp_path, sharing_a_lasid())
    state = state_administrator()
    with scope.of(state), pytest.raises(RuleBroken, match=words):
        keep_apart(by=state, group=group(), reason=REASON, owner=record_of(1), lasids={record_of(2): lasid})


@pytest.mark.rule("DQ-012")
def test_children_alike_are_loaded_as_two_and_only_a_person_merges_them(tmp_path):
    run_of(tmp_path, alike())
    assert loaded_keys() == {"000700001", "000700002"}
    merge_them()
    assert loaded_keys() == {"000700001"}
    assert group().verdict == Verdict.SAME


@pytest.mark.rule("DQ-012")
def test_a_merge_survives_the_next_run_and_is_not_asked_again(tmp_path):
    both = alike()
    (tmp_path / "attachments").mkdir()
    for number in both:
        (tmp_path / "attachments" / f"{number}.pdf").write_bytes(PDF)
    files = tuple(line_of(f"{number}.pdf", PDF, number) for number in both)
    run_of(tmp_path, both, files)
    kept, other = merge_them()
    before = of_each_kind(kept, other)
    run = run_of(tmp_path, both, files)
    assert (run.state, loaded_keys()) == (RunState.DONE, {"000700001"})
    assert group().verdict == Verdict.SAME
    left = {Document: [1, 1], SpecialEducationActivity: [1, 1]}
    assert of_each_kind(kept, other) == before == {**dict.fromkeys(KINDS, [2, 0]), **left}
    with scope.system():
        assert not FindingCase.objects.open().filter(rule="DQ-012").exists()


@pytest.mark.rule("DQ-012")
def test_what_a_later_extract_adds_under_a_merged_number_comes_to_the_child(tmp_path):
    both = alike()
    both[2]["06"]["ENTRY_DATE"] = "03232021"
    run_of(tmp_path, both)
    kept, other = merge_them()
    new = {
        "04": {"EVAL_KEY": "000010099"}, "06": {"ENTRY_DATE": "04012022"}, "07": {"START_DATE": "04012022"},
        "08": {"IEP_KEY": "000020099"},
    }  # fmt: skip
    run = run_of(tmp_path, both, tuple((code, both[2][code] | values) for code, values in new.items()))
    assert of_each_kind(kept, other) == {
        **dict.fromkeys((Evaluation, SpecialEducationActivity, Service, Iep), [3, 0]),
        **dict.fromkeys((LegacyAttachment, Document), [0, 0]),
    }
    with scope.system():
        assert not run.kept_rows.filter(record_type__in=new).exists()


@pytest.mark.rule("DQ-012")
def test_a_transfer_that_a_later_extract_has_under_a_merged_number_is_in_dispute_and_listed(tmp_path):
    """The span that the child's own one took in does not come a second time."""
    both = alike()
    run_of(tmp_path, both)
    kept, _ = merge_them()
    run_of(tmp_path, both)
    before = spans_of(kept)
    both[2]["03"]["END_DATE"] = "05272022"
    later = ("03", both[2]["03"] | {"SPONSOR_CODE": "912", "SITE_CODE": "912001", "BEGIN_DATE": "05282022",
             "END_DATE": ""})  # fmt: skip
    run = run_of(tmp_path, both, (later,))
    assert before == [("911", False)]
    assert (run.state, spans_of(kept)) == (RunState.DONE, [("911", False), ("912", True)])
    with scope.system():
        assert run.kept_rows.filter(record_type="03", key__contains="|912|").exists()


def spans_of(child: Student) -> list[tuple[str, bool]]:
    with scope.system():
        rows = Jurisdiction.objects.filter(student=child).order_by("first_day")
        return list(rows.values_list("district__code", "contested"))


def merge_them() -> list[Student]:
    """The child that stands, and the record that became it."""
    manager = data_manager()
    with scope.of(manager):
        kept, other = children_of(group())
        key = merge_key(kept, [kept, other])
        merge_loaded(by=manager, group=group(), kept=kept, reason=REASON, key=key, checked=True)
    return [kept, other]


KINDS = (Evaluation, SpecialEducationActivity, Service, Iep, LegacyAttachment, Document)


def of_each_kind(*children: Student) -> dict[type, list[int]]:
    with scope.system():
        return {
            kind: [kind.objects.filter(student_id=child.pk).count() for child in children] for kind in KINDS
        }


@pytest.mark.rule("DQ-012")
def test_different_children_are_kept_and_not_asked_again(tmp_path):
    run_of(tmp_path, alike())
    state = state_administrator()
    with scope.of(state):
        keep_apart(by=state, group=group(), reason="Twins, both birth certificates seen.")
    run_of(tmp_path, alike())
    assert loaded_keys() == {"000700001", "000700002"}
    assert group().verdict == Verdict.DIFFERENT


def test_a_likeness_that_a_later_extract_does_not_have_is_gone(tmp_path):
    run_of(tmp_path, alike())
    run_of(tmp_path, {1: child(1), 2: child(2)})
    assert group().verdict == Verdict.GONE


def test_a_decision_is_made_once(tmp_path):
    run_of(tmp_path, alike())
    state = state_administrator()
    with scope.of(state):
        keep_apart(by=state, group=group(), reason=REASON)
        with pytest.raises(RuleBroken, match="decided this already: different children"):
            keep_apart(by=state, group=group(), reason=REASON)


def test_a_pair_over_two_districts_is_the_states_alone(tmp_path):
    run_of(tmp_path, alike(other_site=True))
    for manager in (data_manager("911"), data_manager("912")):
        with scope.of(manager):
            assert not DuplicateGroup.objects.exists()
            with pytest.raises(NotAllowed):
                keep_apart(by=manager, group=DuplicateGroup(pk=group().pk), reason=REASON)


def test_the_state_edits_no_districts_children_and_so_merges_none(tmp_path):
    run_of(tmp_path, alike())
    state = state_administrator()
    with scope.of(state):
        kept, other = children_of(group())
        key = merge_key(kept, [kept, other])
        with pytest.raises(NotAllowed, match="can merge two records"):
            merge_loaded(by=state, group=group(), kept=kept, reason=REASON, key=key, checked=True)
    assert group().is_open
