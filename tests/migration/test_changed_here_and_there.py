"""What somebody has written here since the load stands, and is listed when a later extract says otherwise."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from enrollment.models import SpecialEducationActivity
from evaluations.models import Evaluation, Exceptionality
from ieps.models import Iep, SectionText, Service
from migration import reconciliation
from migration.models import LoadRun
from migration.result import result_of
from migration.sample import child, staff, write_extract, write_sample
from security import scope
from security.models import User
from students.models import Contact, Jurisdiction, Student
from tests.migration.conftest import places, run_over
from tests.migration.small import state_administrator

pytestmark = pytest.mark.django_db
DRAFT = {"STATUS": "DRF", "MEETING_DATE": "", "PARENT_SIGN_DATE": "", "ODR_DATE": ""}
IEP, CHILD, EVALUATION = "000020021", "000700021", "000010021"


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., LoadRun]:
    """Loads an extract of one child with a draft, the named types changed."""
    write_sample(tmp_path)
    state = places(tmp_path)

    def loads(**changes: dict[str, str]) -> LoadRun:
        records = child(21)
        records["08"] |= DRAFT
        for code, values in changes.items():
            records[code.removeprefix("t")] |= values
        (tmp_path / "legser.dat").write_bytes(write_extract([*records.items(), staff()]))
        return run_over(tmp_path / "legser.dat", state)

    return loads


@pytest.fixture
def author() -> User:
    return state_administrator()


@contextmanager
def written_by(user: User) -> Iterator[None]:
    """As in a request of this person, whom history then names."""
    told = (
        "SELECT set_config('pghistory.context_id', %s, true),"
        " set_config('pghistory.context_metadata', %s, true)"
    )
    with scope.system(), connection.cursor() as cursor:
        cursor.execute(told, ["0190f0d2-0000-7000-8000-000000000000", json.dumps({"user": user.pk})])
        yield
        cursor.execute(told, ["", ""])


def change(model: type[models.Model], **values: object) -> None:
    """The model's one row, as a person would save it."""
    row = model.objects.exclude(legacy_key=None).get() if model is Student else model.objects.get()
    for name, value in values.items():
        setattr(row, name, value)
    if hasattr(row, "original_modified_at"):
        row.modified_at = timezone.now()
    row.save()


def kept(run: LoadRun) -> list[tuple[str, str, str]]:
    with scope.system():
        rows = run.kept_rows.select_related("written_by")
        return [(row.record_type, row.key, row.written_by and row.written_by.username) for row in rows]


def difference(run: LoadRun) -> set[tuple[str, str]]:
    with scope.system():
        return set(run.findings.filter(record_type="run").values_list("rule", "key"))


CHANGED = [
    (Student, {"grade": "05"}, {"GRADE": "07"}, "01", CHILD),
    (Contact, {"city": "Houma"}, {"CITY": "Thibodaux"}, "02", f"{CHILD}|01"),
    (Jurisdiction, {"local_student_id": "77"}, {"LOCAL_STUDENT_ID": "88"}, "03",
     f"{CHILD}|911|911001|2018-08-10"),
    (Exceptionality, {"code": "OHI"}, {"EXCEPTIONALITY": "SLI"}, "05", f"{EVALUATION}|1"),
    (SpecialEducationActivity, {"exit_reason": "01"}, {"REEVAL_DECLINE_DATE": "03012022"}, "06",
     f"{CHILD}|2021-03-22"),
    (Service, {"provider_staff_id": ""}, {"PROVIDER_START": "04012021"}, "07", f"{CHILD}|SEI|2021-03-22"),
    (Iep, {"lre": "RC39"}, {"LRE_CODE": "RC40"}, "08", IEP),
]  # fmt: skip


def test_what_was_changed_here_stands_and_is_listed_with_whose_change(load, author):
    load()
    with written_by(author):
        for model, here, *_ in CHANGED:
            change(model, **here)

    second = load(**{f"t{code}": there for _, _, there, code, _ in CHANGED})

    assert kept(second) == [(code, key, author.username) for *_, code, key in CHANGED]
    with scope.system():
        for model, here, *_ in CHANGED:
            assert model.objects.filter(**here).exists(), model


def test_what_was_changed_there_alone_is_loaded(load):
    load()
    second = load(t02={"CITY": "Houma"}, t09={"TEXT": "Sings."}, t10={"TEXT": "Reads."})
    assert kept(second) == []
    with scope.system():
        assert Contact.objects.get().city == "Houma"
        assert SectionText.objects.filter(text__in=["Sings.", "Reads."]).count() == 2


class TestTexts:
    def test_a_text_that_was_written_here_stands(self, load, author):
        load()
        with written_by(author):
            SectionText.objects.filter(field="strengths").update(text="Written here.")
        second = load(t09={"TEXT": "Sings."})
        assert kept(second) == [("09", f"{IEP}|GSI|strengths", author.username)]
        with scope.system():
            assert SectionText.objects.get(field="strengths").text == "Written here."

    def test_a_text_of_a_goal_is_listed_as_the_goal(self, load, author):
        load()
        with written_by(author):
            SectionText.objects.filter(field__endswith=".goal").update(text="Written here.")
        assert kept(load(t10={"TEXT": "Reads."})) == [("10", f"{IEP}|01", author.username)]

    def test_nothing_is_written_into_an_iep_that_was_written_here(self, load, author):
        load()
        with written_by(author):
            change(Iep, grade="05")
        second = load(t08={"GRADE": "05"}, t09={"TEXT": "Sings."}, t10={"GOAL_NO": "02"})
        assert kept(second) == [("08", IEP, author.username)]
        with scope.system():
            assert not SectionText.objects.filter(text="Sings.").exists()
            assert Iep.objects.get().lines.filter(section="INS").count() == 1

    def test_nor_an_exceptionality_into_such_an_evaluation(self, load, author):
        load(t04={"LOCKED": "N"})
        with written_by(author):
            change(Evaluation, summary="Written here.")
        second = load(t04={"LOCKED": "N"}, t05={"EXCEPTIONALITY": "SLI"})
        assert kept(second) == [("04", EVALUATION, author.username)]
        with scope.system():
            assert Exceptionality.objects.get().code == "SLD"


def test_a_span_that_only_the_load_has_marked_is_nobodys_change(load):
    load()
    load(t03={"BEGIN_DATE": "08112018"})  # the first span is not in it, and is marked as contested
    third = load()
    assert kept(third) == []
    with scope.system():
        assert not Jurisdiction.objects.get(first_day="2018-08-10").contested


@pytest.mark.rule("DQ-100")
@pytest.mark.rule("DQ-102")
def test_the_account_closes_over_what_was_changed_here(load, author):
    """Each of these is counted in the control totals, or was a record of the extract."""
    in_progress = {"LOCKED": "N", "OUTCOME": "", "COMPLETE_DATE": "", "DISSEMINATION_DATE": ""}
    load(t04=in_progress)
    with written_by(author):
        change(Student, is_active=False)
        change(Service, last_day=date(2022, 7, 1), termination="NLN")
        change(Evaluation, outcome="ELIG", dissemination_date=date(2022, 7, 1))
        change(Iep, status="OFFICIAL", meeting_date=date(2022, 7, 1))
        Exceptionality.objects.all().delete()
        SectionText.objects.filter(field="strengths").delete()
    second = load(t04=in_progress, t10={"GOAL_NO": "02"})

    assert (second.state, difference(second)) == ("DONE", set())
    assert [code for code, *_ in kept(second)] == ["01", "04", "07", "08"]


@pytest.mark.rule("DQ-100")
def test_what_is_missing_of_a_record_that_nobody_wrote_here_is_unaccounted_for(load):
    run = load()
    with scope.system(), connection.cursor() as cursor:
        Exceptionality.objects.all().delete()
        Iep.objects.update(status="OFFICIAL")  # behind the back of every action: it does not say when
        reconciliation.count_records(cursor, run)
        run.control_totals = reconciliation.count_totals(cursor)
        reconciliation.note_differences(run)
    assert difference(run) == {("DQ-100", "05"), ("DQ-102", "911")}


SPAN = f"{CHILD}|911|911001|2018-08-10"


def spans() -> list[tuple[str, date, date | None, bool]]:
    with scope.system():
        rows = Jurisdiction.objects.order_by("first_day")
        return [(row.source, row.first_day, row.last_day, row.contested) for row in rows]


@pytest.mark.rule("RLO-07")
def test_a_span_that_was_changed_here_is_not_in_dispute_because_the_extract_says_otherwise(load, author):
    load()
    with written_by(author):
        change(Jurisdiction, last_day=date(2022, 5, 27))
    second = load(t03={"END_DATE": "06302022"})

    assert spans() == [("LEGACY_SER", date(2018, 8, 10), date(2022, 5, 27), False)]
    assert kept(second) == [("03", SPAN, author.username)]


def test_a_span_that_was_entered_here_stands_and_the_one_that_claims_its_days_is_in_dispute(load, author):
    """The load does not stop for it, and goes on the same way with every later extract."""
    load(t03={"END_DATE": "05272021"})
    with written_by(author):
        ours = Jurisdiction.objects.get()
        ours.pk, ours.source, ours.legacy_key, ours.load_run = None, "ESER", None, None
        ours.first_day, ours.last_day = date(2021, 8, 9), None
        ours.save()
    for _ in range(2):
        again = load(t03={"END_DATE": ""})
        assert again.state == "DONE"
        assert spans() == [
            ("LEGACY_SER", date(2018, 8, 10), None, True), ("ESER", date(2021, 8, 9), None, False)
        ]  # fmt: skip
        assert kept(again) == [("03", SPAN, author.username)]
    settled = load(t03={"END_DATE": "05272021"})
    assert spans()[0] == ("LEGACY_SER", date(2018, 8, 10), date(2021, 5, 27), False)
    assert kept(settled) == []


def test_the_run_its_page_and_its_status_name_them(load, author, browse):
    load()
    with written_by(author):
        change(Student, grade="05")
    second = load(t01={"GRADE": "07"})

    page = browse(author).get(reverse("migration:run", args=[second.pk])).content.decode()
    assert "1 record was changed here, and this extract says something else." in page
    listed = browse(author).get(reverse("migration:kept", args=[second.pk])).content.decode()
    with scope.system():
        assert reverse("caseload:student", args=[Student.objects.get(legacy_key=CHILD).pk]) in listed
        assert set(result_of(second)) == {
            "run", "types", "drafts", "continuity", "archived_students", "findings"
        }  # fmt: skip
    out = StringIO()
    call_command("rollover", "status", stdout=out)
    assert f"1 record was changed here and in the extract of run {second.pk}" in out.getvalue()
    assert str(author) in listed
    assert CHILD in listed
