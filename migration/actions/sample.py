"""The sample sheet: made from the legacy print, each mismatch decided with a word, signed by both parties."""

from typing import BinaryIO

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from journal.actions import record
from migration.access import check_may_run, check_may_sign, vendors
from migration.accounting.comparing import Records, compared, records_of
from migration.accounting.legacy_print import read_print
from migration.accounting.lines import every_line
from migration.actions.start import cutover_in, opened, sha256_of
from migration.extract import ExtractRefused
from migration.models import (
    LoadRun,
    Party,
    RunState,
    SampleMismatch,
    SampleSheet,
    SampleSignature,
    SampleStudent,
)
from migration.refusals import gone
from security.actions.notices import tell
from security.models import User
from security.queries.people import state_administrators
from security.refusals import RuleBroken

SIGNED = "The sheet is signed: nothing of it changes any more."
CHANGED = "The extract is not the one that was loaded: its content has changed. Transfer it again."
NOT_DONE = "A sample sheet is made of a run that reconciled. This run did not."


@transaction.atomic
def make_sample_sheet(*, by: User | None, run: LoadRun, name: str, file: BinaryIO) -> SampleSheet:
    """Compares the print with the extract; an earlier sheet that nobody has signed is made anew.

    `by` is None for the command line. Raises NotAllowed, RuleBroken.
    """
    if by is not None:
        check_may_run(by)
    if run.state != RunState.DONE:
        raise RuleBroken(NOT_DONE)
    _check_unsigned(SampleSheet.objects.filter(run=run).first())
    digest, children = sha256_of(file), read_print(file)
    records = _records(run, [child.key for child in children])
    SampleSheet.objects.filter(run=run).delete()
    sheet = SampleSheet.objects.create(
        run=run, file_name=name[:200], sha256=digest, students=len(children), fields=0, made_by=by
    )
    for child in children:
        fields, differences = compared(child, records[child.key])
        sampled = SampleStudent.objects.create(
            sheet=sheet, student_key=child.key, why=child.why, fields=fields
        )
        sheet.fields += fields
        SampleMismatch.objects.bulk_create(
            SampleMismatch(
                sheet=sheet, sampled=sampled, record_type=each.record_type, row=each.row, field=each.field,
                line=each.line, printed=each.printed, extracted=each.extracted,
            )
            for each in differences
        )  # fmt: skip
    sheet.save(update_fields=["fields"])
    _note("SAMPLE_SHEET_MADE", f"Made the sample sheet of rollover run {run.pk}", by, sheet)
    _tell_signers(sheet)
    return sheet


@transaction.atomic
def decide_mismatch(*, by: User, mismatch: SampleMismatch, word: str) -> SampleMismatch:
    """The word says what it is and what is done about it. Raises NotAllowed, RuleBroken."""
    check_may_run(by)
    sheet = SampleSheet.objects.select_for_update().get(pk=mismatch.sheet_id)
    _check_unsigned(sheet)
    if not word.strip():
        raise RuleBroken("Say what this difference is and what is done about it.", "word")
    mismatch.word, mismatch.decided_by, mismatch.decided_at = word.strip()[:300], by, timezone.now()
    mismatch.save(update_fields=["word", "decided_by", "decided_at"])
    _note(
        "SAMPLE_MISMATCH_DECIDED", f"Decided a mismatch of the sample sheet of run {sheet.run_id}", by, sheet
    )
    _tell_signers(sheet)
    return mismatch


@transaction.atomic
def sign_sample_sheet(*, by: User, sheet: SampleSheet, party: Party) -> SampleSignature:
    """Once by each party, by two persons, when every mismatch has its word. Raises NotAllowed, RuleBroken."""
    check_may_sign(by, party)
    sheet = SampleSheet.objects.select_for_update().get(pk=sheet.pk)
    if number := sheet.undecided:
        raise RuleBroken(f"{number} of the mismatches wait for a word. Decide them first.")
    if sheet.signatures.filter(party=party).exists():
        raise RuleBroken(f"The sheet is signed by the {party.label} already.")
    if sheet.signatures.filter(by=by).exists():
        raise RuleBroken("You have signed for the other party: somebody else signs for this one.")
    signature = SampleSignature.objects.create(sheet=sheet, party=party, by=by)
    _note(
        "SAMPLE_SHEET_SIGNED",
        f"Signed the sample sheet of run {sheet.run_id} for the {party.label}",
        by,
        sheet,
    )
    return signature


def _tell_signers(sheet: SampleSheet) -> None:
    """The vendor has no other way to the sheet than this notice."""
    if sheet.undecided == 0:
        said = f"The sample sheet of rollover run {sheet.run_id} can be signed."
        address = reverse("migration:sample", args=[sheet.run_id])
        people = [*state_administrators(), *vendors()]
        tell(people, said, key=f"sample-{sheet.pk}", address=address)


def _records(run: LoadRun, keys: list[str]) -> dict[str, Records]:
    try:
        with opened(run) as package:
            return records_of(every_line(package, cutover_in(run).freeze, run.sha256), keys)
    except ExtractRefused as refused:
        raise RuleBroken(gone() if str(refused) == gone() else CHANGED) from refused


def _check_unsigned(sheet: SampleSheet | None) -> None:
    if sheet and sheet.signatures.exists():
        raise RuleBroken(SIGNED)


def _note(kind: str, words: str, by: User | None, sheet: SampleSheet) -> None:
    record(kind, words, by=by, run=sheet.run_id, sheet=sheet.pk)
