"""A file that cannot be loaded is refused with one sentence: what is wrong and what to do."""

import io
from datetime import datetime

import pytest
from django.urls import reverse

from migration.actions import roll_over
from migration.extract import Extract, ExtractRefused, without_ssn
from migration.models import LoadRun, RunState
from migration.sample import child, enclose, sample, write_extract, write_line, write_sample
from security import scope
from security.refusals import RuleBroken
from students.models import Student
from tests.migration.conftest import places, run_over, start
from tests.migration.small import state_administrator

FREEZE = datetime(2022, 7, 24, 23, 59)  # noqa: DTZ001  local wall clock
GOOD = sample().content
HEADER, BODY = GOOD.split(b"\r\n", 1)
LINES = GOOD.split(b"\r\n")[:-1]


def read(content: bytes) -> Extract:
    extract = Extract(io.BytesIO(content), FREEZE)
    for _ in extract.lines():
        pass
    return extract


def damaged(lines: int, of: int) -> bytes:
    records = [write_line("06", child(n)["06"]) for n in range(1, of + 1)]
    return enclose([record[:-1] if n < lines else record for n, record in enumerate(records)])


REFUSED = [
    ("empty", b"", "DQ-001", "is empty"),
    ("cut off within the header", GOOD[:20], "DQ-001", "is not the header"),
    ("cut off between lines", b"\r\n".join(LINES[:50]) + b"\r\n", "DQ-001", "was cut off"),
    ("cut off within a line", GOOD[: len(GOOD) // 2], "DQ-001", "was cut off"),
    ("cut off within the trailer", GOOD[:-40], "DQ-001", "Transfer the extract again"),
    ("no header", BODY, "DQ-001", "no header line"),
    ("a line after the trailer", GOOD + LINES[1] + b"\r\n", "DQ-001", "behind its trailer"),
    ("a lost line", GOOD.replace(LINES[3] + b"\r\n", b""), "DQ-001", "promises"),
    ("a line twice", GOOD.replace(LINES[3], LINES[3] + b"\r\n" + LINES[3]), "DQ-001", "promises"),
    ("a CSV", b"ser_student_key,lasid\r\n1,2\r\n", "DQ-001", "looks like a CSV"),
    ("a PDF", b"%PDF-1.7\n...", "DQ-001", "is a PDF"),
    ("an Excel file", b"PK\x03\x04....", "DQ-001", "ZIP archive or an Office document"),
    ("gzip", b"\x1f\x8b\x08....", "DQ-001", "gzip"),
    ("UTF-16", GOOD.decode("cp1252").encode("utf-16"), "DQ-001", "UTF-16"),
    ("UTF-8 with its mark", b"\xef\xbb\xbf" + GOOD, "DQ-001", "UTF-8"),
    ("one line of 5 MB", b"x" * 5_000_000, "DQ-001", "does not end"),
    (
        "another system's header",
        HEADER.replace(b"LEGSER", b"OTHERS") + b"\r\n" + BODY,
        "DQ-001",
        "not the header",
    ),
    ("another layout", HEADER.replace(b"0100", b"0200") + b"\r\n" + BODY, "DQ-001", "layout version 0200"),
    (
        "a time that is none",
        HEADER.replace(b"20220725", b"20221325") + b"\r\n" + BODY,
        "DQ-001",
        "is no time",
    ),
    ("taken too early", write_extract([], extracted="20220724235859"), "DQ-003", "before the freeze"),
    ("too many damaged lines", damaged(2, 1_000), "DQ-002", "more than 0.1 %"),
    (
        "a 5 MB line within",
        enclose([LINES[1], b"01" + b"x" * 5_000_000]),
        "DQ-002",
        "length of their record type",
    ),
]


@pytest.mark.rule("DQ-001")
@pytest.mark.rule("DQ-002")
@pytest.mark.rule("DQ-003")
@pytest.mark.parametrize(
    ("content", "rule", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_file_that_is_no_whole_extract_is_refused(content, rule, words):
    with pytest.raises(ExtractRefused, match=words) as refused:
        read(content)
    assert refused.value.rule == rule
    assert str(refused.value).endswith(".")


def test_utf8_sent_for_cp1252_is_named_as_the_cause():
    records = [write_line("02", child(n)["02"] | {"CITY": "Métairie"}) for n in range(1, 9)]
    with pytest.raises(ExtractRefused, match="look like UTF-8"):
        read(enclose([record.decode("cp1252").encode() for record in records]))


@pytest.mark.rule("DQ-002")
@pytest.mark.parametrize(("lines", "of"), [(0, 1_000), (1, 1_000), (2, 2_000)])
def test_few_damaged_lines_do_not_stop_the_run(lines, of):
    assert read(damaged(lines, of)).damaged == lines


@pytest.mark.rule("DQ-003")
def test_an_extract_taken_at_the_freeze_is_in_time():
    assert read(write_extract([], extracted="20220724235900")).extracted_at == FREEZE


def test_line_ends_may_be_those_of_unix():
    assert read(GOOD.replace(b"\r\n", b"\n")).records == len(LINES) - 2


def test_the_social_security_number_is_blanked_also_where_the_line_is_damaged():
    line = write_line("01", child(1)["01"]).decode()
    number = child(1)["01"]["SSN_OR_TEMP_ID"]
    assert number in line
    for shift in range(-3, 4):
        moved = line[:14] + line[14 - shift :] if shift < 0 else line[:14] + "9" * shift + line[14:]
        assert number not in without_ssn("01", bool(shift), moved)


def test_a_nine_digit_number_in_the_staff_field_is_not_kept():
    line = write_line("07", child(1)["07"] | {"PROVIDER_STAFF_ID": "912345678"}).decode()
    assert "912345678" not in without_ssn("07", False, line)


FAULT_FILES = ("truncated", "count", "total", "no-header", "after-trailer")


@pytest.mark.rule("DQ-001")
@pytest.mark.parametrize(
    "fault", [*(f"dq-001-{name}" for name in FAULT_FILES), "dq-002-share", "dq-003-early"]
)
def test_each_fault_file_of_grand_bend_stops_with_its_rule(grand_bend, fault):
    with pytest.raises(ExtractRefused) as refused:
        read((grand_bend / "faults" / f"{fault}.dat").read_bytes())
    assert refused.value.rule == fault[:6].upper()


def test_the_undamaged_twin_of_the_fault_files_passes(grand_bend):
    assert read((grand_bend / "faults" / "clean.dat").read_bytes()).records == 102


@pytest.mark.django_db
class TestRun:
    @pytest.mark.rule("DQ-001")
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (GOOD[: len(GOOD) // 2], "was cut off"),
            (b"\r\n".join(LINES[:-1]) + b"\r\n", "without its trailer"),
            (GOOD[:-40], "The trailer promises"),
        ],
        ids=["in a line", "trailer missing", "in the trailer"],
    )
    def test_a_run_over_a_truncated_extract_loads_nothing(
        self, tmp_path, sample_places, browse, content, words
    ):
        (tmp_path / "cut.dat").write_bytes(content)
        run = run_over(tmp_path / "cut.dat", sample_places)
        assert run.state == RunState.REFUSED
        assert words in run.sentence
        page = browse(state_administrator()).get(reverse("migration:run", args=[run.pk]))
        assert words in page.content.decode()
        assert run.job.state == "FAILED"
        with scope.system():
            assert not Student.objects.exists()

    @pytest.mark.rule("DQ-001")
    def test_a_file_that_changed_before_its_run_began_is_not_loaded(self, tmp_path, sample_places):
        (tmp_path / "good.dat").write_bytes(GOOD)
        run = start(tmp_path / "good.dat", sample_places)
        (tmp_path / "good.dat").write_bytes(GOOD.replace(b"of the bayou", b"of the marsh"))
        roll_over(run.pk)
        run.refresh_from_db()
        assert run.state == RunState.REFUSED
        assert "is not the same any more" in run.sentence
        with scope.system():
            assert not Student.objects.exists()

    def test_a_file_without_a_header_starts_no_run(self, tmp_path, sample_places):
        (tmp_path / "list.dat").write_bytes(b"name,grade\r\n")
        with pytest.raises(RuleBroken, match="looks like a CSV"):
            start(tmp_path / "list.dat", sample_places)
        assert not LoadRun.objects.exists()

    def test_a_second_run_waits_for_the_end_of_the_first(self, tmp_path, sample_places):
        (tmp_path / "good.dat").write_bytes(GOOD)
        start(tmp_path / "good.dat", sample_places)
        with pytest.raises(RuleBroken, match="is under way"):
            start(tmp_path / "good.dat", sample_places)

    def test_a_file_that_was_taken_away_is_missed_in_words(self, tmp_path, sample_places):
        (tmp_path / "good.dat").write_bytes(GOOD)
        run = start(tmp_path / "good.dat", sample_places)
        (tmp_path / "good.dat").unlink()
        roll_over(run.pk)
        run.refresh_from_db()
        assert run.state == RunState.REFUSED
        assert "not there any more" in run.sentence

    @pytest.fixture
    def sample_places(self, tmp_path):
        write_sample(tmp_path / "places")
        return places(tmp_path / "places")
