"""The whole extract of Grand Bend against its answer key (read only: one run serves all tests)."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

import pytest
from django.db import connection

from enrollment.models import SpecialEducationActivity
from evaluations.models import Evaluation, Exceptionality
from ieps.models import Iep, IepStatus, SectionText, Service
from migration.accounting.became import FINDERS, outcome_of
from migration.accounting.lines import every_line
from migration.actions import make_sample_sheet
from migration.actions.start import cutover_in, opened
from migration.archive.pack import unpacked
from migration.models import ArchivedRecord, ArchivedStudent, Finding, LoadRun, RejectedRow, RunState
from security import scope
from students.models import Contact, Jurisdiction, Source, Student, StudentAccess


@pytest.fixture(autouse=True)
def _everything(loaded) -> Iterator[None]:
    with scope.system():
        yield


@pytest.mark.rule("RLO-06")
@pytest.mark.rule("DQ-100")
def test_every_record_of_the_extract_is_accounted_for(loaded, answers):
    counted = {
        count.record_type: {
            "extracted": count.extracted,
            "migrated": count.migrated,
            "archived": count.archived,
            "rejected": count.rejected,
        }
        for count in loaded.record_counts.all()
    }
    assert counted == answers["types"]
    assert loaded.state == RunState.DONE


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(f"DQ-{number:03}", marks=pytest.mark.rule(f"DQ-{number:03}"))
        for number in (
            2, 3, 10, 11, 12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 30, 31, 32, 33, 34, 35, 36,
            40, 41, 42, 50, 51, 52, 53, 60, 61, 62, 63, 64, 65, 66, 67, 70, 71, 72, 80, 90,
        )
    ],
)  # fmt: skip
def test_rule_finds_exactly_the_planted_faults(loaded, answers, rule):
    found = Finding.objects.filter(run=loaded, rule=rule)
    assert sorted(found.values_list("key", flat=True)) == sorted(answers["findings"][rule])
    assert sorted(found.values_list("line", flat=True)) == answers["finding_lines"][rule]


@pytest.mark.rule("RLO-14")
def test_no_rule_finds_anything_else(loaded, answers):
    expected = sum(len(keys) for keys in answers["findings"].values())
    assert Finding.objects.filter(run=loaded).count() == expected


def test_rejected_rows_are_kept_with_their_reason_and_text(loaded, answers):
    rows = RejectedRow.objects.filter(run=loaded)
    kept = [(row.record_type, row.line, row.key, row.reason) for row in rows]
    assert kept == [
        (row["type"], row["line"], row["key"], row["reason"])
        for row in sorted(answers["rejected_rows"], key=lambda row: row["line"])
    ]
    assert all(row.original.startswith(row.record_type) for row in rows)


@pytest.mark.rule("RLO-09")
@pytest.mark.rule("RLO-12")
def test_the_archive_holds_exactly_the_old_closed_records(loaded, answers):
    archived = defaultdict(list)
    for record in ArchivedRecord.objects.all():
        archived[record.record_type].append(record.legacy_key)
    assert {code: sorted(keys) for code, keys in archived.items()} == {
        code: sorted(keys) for code, keys in answers["archived_keys"].items() if keys
    }
    assert sorted(archived["01"]) == sorted(answers["archived_student_keys"])
    assert not Student.objects.filter(legacy_key__in=archived["01"]).exists()


@pytest.mark.rule("RLO-10")
@pytest.mark.rule("RLO-08")
@pytest.mark.parametrize(
    ("code", "model"),
    [
        ("03", Jurisdiction),
        ("04", Evaluation),
        ("06", SpecialEducationActivity),
        ("07", Service),
        ("08", Iep),
    ],
)
def test_a_record_dated_on_the_cut_is_migrated(loaded, answers, code, model):
    keys = answers["on_cut_keys"][code]
    assert model.objects.filter(source=Source.LEGACY_SER, legacy_key__in=keys).count() == len(keys)


@pytest.mark.rule("RLO-11")
@pytest.mark.parametrize(
    ("code", "model"),
    [("03", Jurisdiction), ("04", Evaluation), ("06", SpecialEducationActivity), ("07", Service)],
)
def test_old_records_still_in_force_are_kept_and_tagged(loaded, answers, code, model):
    tagged = model.objects.filter(continuity=True).values_list("legacy_key", flat=True)
    assert sorted(tagged) == sorted(answers["continuity_keys"][code])


@pytest.mark.rule("RLO-07")
def test_drafts_stay_drafts_also_those_of_unknown_students(loaded, answers):
    drafts = Iep.objects.filter(status=IepStatus.DRAFT)
    assert sorted(drafts.values_list("legacy_key", flat=True)) == sorted(answers["draft_keys"]["migrated"])
    assert drafts.filter(student=None).count() == answers["control_totals"]["000"]["expected"]["drafts"]
    assert not drafts.filter(original_author="").exists()


@pytest.mark.rule("DQ-102")
def test_control_totals_of_every_district_agree(loaded, answers):
    expected = {
        district: {
            measure: {"extracted": at["extracted"][measure], "expected": n, "live": n}
            for measure, n in at["expected"].items()
        }
        for district, at in answers["control_totals"].items()
    }
    assert loaded.control_totals == expected


@pytest.mark.rule("RLO-19")
@pytest.mark.parametrize("model", [Student, Jurisdiction, Evaluation, SpecialEducationActivity, Service, Iep])
def test_a_migrated_record_names_its_source(loaded, model):
    rows = model.objects.filter(source=Source.LEGACY_SER)
    assert rows.exists()
    assert not rows.exclude(load_run_id=loaded.pk).exists()
    assert not rows.filter(legacy_key=None).exists()


@pytest.mark.rule("RLO-19")
def test_a_migrated_student_keeps_who_saved_it_and_when(loaded):
    student = Student.objects.get(legacy_key="000604821")
    assert student.original_author == "90100121"
    assert f"{student.original_modified_at:%Y-%m-%d %H:%M:%S}" == "2022-06-16 18:30:30"  # 13:30:30 in Chicago


def test_disputed_jurisdictions_are_loaded_and_marked(loaded, answers):
    disputed = {key for rule in ("DQ-021", "DQ-022", "DQ-024") for key in answers["findings"][rule]}
    marked = Jurisdiction.objects.filter(contested=True).values_list("legacy_key", flat=True)
    assert set(marked) == disputed


def test_each_student_is_within_reach_of_the_district_that_answers_for_it(loaded):
    claimed = set(Jurisdiction.objects.values_list("student_id", "district_id"))
    assert set(StudentAccess.objects.values_list("student_id", "district_id")) == claimed


@pytest.mark.rule("DQ-034")
def test_retired_codes_are_mapped_and_the_original_kept(loaded):
    mapped = Exceptionality.objects.filter(original_code__in=["MR", "NC"]).values_list(
        "original_code", "code"
    )
    assert sorted(mapped) == [("MR", "ID"), ("NC", "DD")]


@pytest.mark.rule("DQ-070")
def test_a_missing_line_is_named_where_it_is_missing(loaded):
    assert SectionText.objects.filter(text__contains="[missing line ").count() == 1
    assert SectionText.objects.filter(text__contains="\ufffd").count() == 1


@pytest.mark.rule("DQ-017")
def test_names_are_loaded_without_what_is_no_name(loaded, answers):
    names = Student.objects.filter(legacy_key__in=answers["findings"]["DQ-017"])
    assert names.count() == len(answers["findings"]["DQ-017"])
    assert not names.filter(
        last_name__regex=r"DO NOT USE|\s(JR|SR|II|III)$|[\u0001-\u001f\u2018\u2019]"
    ).exists()


def test_no_social_security_number_is_stored_anywhere(loaded, grand_bend):
    """Every table of the database is searched for every number of the raw file."""
    lines = (grand_bend / "legser.dat").read_bytes().splitlines()
    numbers = {line[21:30].decode("cp1252") for line in lines if line[:2] == b"01"}
    numbers = {number for number in numbers if number.strip()}
    assert len(numbers) > 100
    assert found_in_database(numbers) == []
    assert [text for text in _texts_of_students() if any(number in text for number in numbers)] == []


def _texts_of_students() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT raw FROM staging.line_01"
            " UNION ALL SELECT original FROM ser_rollover_rejectedrow WHERE record_type = '01'"
        )
        return [text for (text,) in cursor.fetchall()] + _archived_texts()


def _archived_texts() -> list[str]:
    packs = (unpacked(child.pack) for child in ArchivedStudent.objects.all())
    return [str(record.data) for pack in packs for record in pack if record.record_type == "01"]


def found_in_database(numbers: set[str]) -> list[str]:
    """Nine digits that stand alone in any row of any table, and are one of the numbers."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'staging')"
        )
        for schema, table in cursor.fetchall():
            if not table.startswith(("auth_", "django_", "guardian_", "axes_", "security_")):
                cursor.execute(
                    f"SELECT DISTINCT m[1] FROM {schema}.{table} t,"
                    " regexp_matches(t::text, '(?<![0-9])[0-9]{9}(?![0-9])', 'g') m"
                )
                found += [f"{table}: {number}" for (number,) in cursor.fetchall() if number in numbers]
    return found


def test_contacts_and_texts_hang_on_loaded_owners_only(loaded):
    assert Contact.objects.exclude(student__source=Source.LEGACY_SER).count() == 0
    assert SectionText.objects.exclude(iep__source=Source.LEGACY_SER).count() == 0


def test_drafts_continuity_and_whole_students_are_counted(loaded, answers):
    assert (loaded.drafts, loaded.continuity, loaded.archived_students) == (
        answers["drafts"], answers["continuity"], answers["archived_students"]
    )  # fmt: skip


def test_the_run_says_what_became_of_the_records(loaded):
    assert LoadRun.objects.get(pk=loaded.pk).sentence.endswith("every record is accounted for.")
    assert loaded.job.sentence == loaded.sentence


@pytest.mark.rule("DQ-101")
def test_the_print_of_grand_bend_differs_exactly_where_the_answers_say(loaded, grand_bend, answers):
    with scope.system(), (grand_bend / "legacy_print.jsonl").open("rb") as file:
        sheet = make_sample_sheet(by=None, run=loaded, name="legacy_print.jsonl", file=file)
        found = [
            {"key": m.sampled.student_key, "type": m.record_type, "row": m.row, "field": m.field,
             "extract": m.extracted, "print": m.printed}
            for m in sheet.mismatches.select_related("sampled")
        ]  # fmt: skip
        asked = {row.student_key for row in sheet.sampled.all()}
    expected = answers["legacy_print"]
    assert found == expected["mismatches"]
    assert asked == {*expected["random"], *expected["edge"]}
    assert sheet.fields > 4_000


def test_each_migrated_record_is_found_beside_its_line_and_most_fields_say_the_same(loaded):
    fields, differing = 0, []
    with scope.system(), opened(loaded) as package:
        every = every_line(package, cutover_in(loaded).freeze, loaded.sha256)
        for line in islice(every, 0, None, 40):
            outcome = outcome_of(loaded, line, 1)
            assert outcome.fate or line.record_type not in FINDERS, line.number
            if outcome.fate == "migrated":
                fields += len(outcome.fields)
                differing += [field for field in outcome.fields if not field.same]
    assert fields > 1_000
    assert len(differing) < fields / 50
