"""The sample sheet: the legacy print against the extract, decided line by line, signed by two (DQ-101)."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from migration.accounting.legacy_print import read_print
from migration.accounting.signed_off import signed_off, why_not_signed_off
from migration.actions import decide_mismatch, make_sample_sheet, sign_sample_sheet
from migration.models import Party, RunState, SampleMismatch, SampleSheet, SampleSignature
from migration.sample import child, write_sample
from security import scope
from security.actions.assign import assign
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import UserFactory
from tests.migration.conftest import places, run_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def state():
    return UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.fixture
def vendor():
    return UserFactory(role=Role.SUPPORT)


@pytest.fixture
def run(tmp_path):
    write_sample(tmp_path)
    return run_over(tmp_path / "legser.dat", places(tmp_path))


@pytest.fixture
def printed(tmp_path):
    """Ten random children of the sample; the last one's grade is printed as another."""
    lines = [of(number) for number in range(11, 21)]
    lines[-1]["rows"]["01"][0]["GRADE"] = "07"
    path = tmp_path / "legacy_print.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def of(number: int) -> dict:
    records = child(number)
    shown = {code: records[code] for code in ("01", "03", "04", "08", "05", "07")}
    rows = {code: [{k: v for k, v in row.items() if k != "SSN_OR_TEMP_ID"}] for code, row in shown.items()}
    left_out = {code: [records[code]] for code in ("02", "06", "10", "11")}
    text = {**records["09"], "LINE_NO": "0001"}
    return {
        "key": records["01"]["SER_STUDENT_KEY"],
        "why": "random",
        "rows": {**rows, **left_out, "09": [text]},
    }


def sheet_of(run, printed, by) -> SampleSheet:
    with scope.of(by), printed.open("rb") as file:
        return make_sample_sheet(by=by, run=run, name=printed.name, file=file)


@pytest.mark.rule("DQ-101")
def test_it_is_signed_off_by_two_persons_after_each_difference_has_its_word(run, printed, state, vendor):
    assert not signed_off(run)
    sheet = sheet_of(run, printed, state)
    with scope.of(state):
        mismatch = sheet.mismatches.get()
        assert (mismatch.field, mismatch.printed, mismatch.extracted) == ("GRADE", "07", "06")
        with pytest.raises(RuleBroken, match="wait for a word"):
            sign_sample_sheet(by=state, sheet=sheet, party=Party.SEA)
        decide_mismatch(
            by=state, mismatch=mismatch, word="Printed after the promotion; the extract is right."
        )
        sign_sample_sheet(by=state, sheet=sheet, party=Party.SEA)
        assert why_not_signed_off(run) == ["The sample sheet is not signed by the vendor."]
    with scope.of(vendor):
        assert vendor.notices.filter(words__contains="can be signed").count() == 1
        sign_sample_sheet(by=vendor, sheet=sheet, party=Party.VENDOR)
        assert signed_off(run)


def test_nobody_signs_for_the_other_party(run, printed, state, vendor):
    printed.write_text("\n".join(json.dumps(of(number)) for number in range(11, 21)))
    sheet = sheet_of(run, printed, state)
    for person, party in ((state, Party.VENDOR), (vendor, Party.SEA)):
        with scope.of(person), pytest.raises(NotAllowed):
            sign_sample_sheet(by=person, sheet=sheet, party=party)
    with scope.of(state):
        sign_sample_sheet(by=state, sheet=sheet, party=Party.SEA)
    assign(by=None, user=state, role=Role.SUPPORT)
    with scope.of(state), pytest.raises(RuleBroken, match="somebody else signs"):
        sign_sample_sheet(by=state, sheet=sheet, party=Party.VENDOR)
    with transaction.atomic(), pytest.raises(IntegrityError, match="signed_by_two_persons"):
        SampleSignature.objects.create(sheet=sheet, party=Party.VENDOR, by=state)


def test_a_signed_sheet_changes_no_more(run, printed, state):
    sheet = sheet_of(run, printed, state)
    with scope.of(state):
        mismatch = decide_mismatch(by=state, mismatch=sheet.mismatches.get(), word="The extract is right.")
        sign_sample_sheet(by=state, sheet=sheet, party=Party.SEA)
        with pytest.raises(RuleBroken, match="nothing of it changes"):
            decide_mismatch(by=state, mismatch=mismatch, word="No.")
    with pytest.raises(RuleBroken, match="nothing of it changes"):
        sheet_of(run, printed, state)


def test_a_record_that_only_one_side_has_is_a_difference(run, printed, state):
    lines = [of(number) for number in range(11, 21)]
    lines[0]["rows"]["05"] = []
    lines[1]["rows"]["07"].append({**lines[1]["rows"]["07"][0], "SERVICE": "OT"})
    printed.write_text("\n".join(map(json.dumps, lines)))
    sheet = sheet_of(run, printed, state)
    with scope.of(state):
        said = [(m.record_type, m.row, m.printed, m.extracted) for m in sheet.mismatches.all()]
    assert said == [
        ("05", 1, "the record is not in the print", "in the extract"),
        ("07", 2, "printed", "the record is not in the extract"),
    ]


def test_an_extract_that_has_changed_is_no_ground_to_compare_on(run, printed, state, tmp_path):
    file = tmp_path / "legser.dat"
    file.write_bytes(file.read_bytes().replace(b"draws maps", b"draws cats"))
    with pytest.raises(RuleBroken, match="not the one that was loaded"):
        sheet_of(run, printed, state)
    file.unlink()
    with pytest.raises(RuleBroken, match="not there any more"):
        sheet_of(run, printed, state)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "fewer than 10 random"),
        (b"[]", "Line 1 of the print is no child"),
        (b'{"key": 1, "why": "edge", "rows": {"01": [1]}}', "Line 1 of the print is no child"),
        (b'{"key": 1, "why": "edge", "rows": {"01": [{"NICK": "Al"}]}}', "no field NICK"),
        (b"[" * 100_000, "Line 1 of the print is no child"),
        (b"\xff\xfe\x00", "Line 1 of the print is no child"),
        (b'{"key": "1", "why": "random", "rows": {}}\n' * 10, "stands twice"),
    ],
)
def test_a_print_that_is_none_is_refused_in_words(tmp_path, content, said):
    path = tmp_path / "print"
    path.write_bytes(content)
    with path.open("rb") as file, pytest.raises(RuleBroken, match=said):
        read_print(file)


def test_the_page_from_the_print_to_the_signatures(run, printed, state, vendor, browse):
    client, address = browse(state), reverse("migration:sample", args=[run.pk])
    assert "not compared with this run yet" in client.get(address).content.decode()
    assert client.post(address, {"file": SimpleUploadedFile("a", b"no")}).status_code == 400
    client.post(address, {"file": SimpleUploadedFile("p.jsonl", printed.read_bytes())})
    page = client.get(address).content.decode()
    assert "07 Seventh" in page
    assert "06 Sixth" in page
    with scope.system():
        mismatch = SampleMismatch.objects.get()
    decide, word = reverse("migration:decide_sample", args=[run.pk, mismatch.pk]), "The extract is right."
    client.post(decide, {"word": word})
    client.post(reverse("migration:sign_sample", args=[run.pk, "sea"]))
    seen = browse(vendor).get(address).content.decode()
    assert word not in seen
    assert "000700020" not in seen  # the vendor sees no child
    assert "Sign for the vendor" in seen
    browse(vendor).post(reverse("migration:sign_sample", args=[run.pk, "vendor"]))
    assert "Signed off by both parties" in client.get(address).content.decode()
    assert client.get(reverse("migration:print_sample", args=[run.pk])).content.startswith(b"%PDF")
    assert browse(vendor).get(reverse("migration:print_sample", args=[run.pk])).status_code == 403


def test_row_level_security_shows_the_sample_to_the_state_alone(run, printed, state, vendor):
    sheet = sheet_of(run, printed, state)
    with scope.of(state):
        assert sheet.sampled.count() == 10
    manager = UserFactory(role=Role.DATA_MANAGER, role__district=run.of_state.districts.first())
    for person in (vendor, manager):
        with scope.of(person):
            assert not sheet.sampled.exists()
            assert not sheet.mismatches.exists()


def test_a_run_that_did_not_reconcile_has_no_sheet(run, printed, state):
    run.state = RunState.BLOCKED
    with pytest.raises(RuleBroken, match="reconciled"):
        sheet_of(run, printed, state)


def test_the_command_makes_the_sheet_of_a_large_extract(run, printed, capsys):
    call_command("sample_sheet", str(run.pk), str(printed))
    assert "10 children" in capsys.readouterr().out
    assert SampleSheet.objects.get().made_by is None
