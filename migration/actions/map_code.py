"""A legacy code is read as one of ours; the earlier reading is kept with who ended it and when."""

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from migration.access import check_may_run
from migration.code_maps import codes_of
from migration.models import CodeMap, CodeSet
from organizations.models import State
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def map_code(
    *, by: User, state: State, code_set: CodeSet, legacy_code: str, code: str, why: str = ""
) -> CodeMap:
    """Raises NotAllowed, RuleBroken for a code that is not ours. The same reading again changes nothing."""
    check_may_run(by)
    legacy_code, code, why = legacy_code.strip(), code.strip(), why.strip()
    if not legacy_code:
        raise RuleBroken("A blank is no code: somebody has to know the value.", "legacy_code")
    if code not in dict(codes_of(code_set, state)):
        raise RuleBroken("Choose one of the codes of the list.", "code")
    now = _in_force(state, code_set, legacy_code)
    if now and (now.code, now.why) == (code, why):
        return now
    _end(by, now)
    kept = CodeMap.objects.create(
        of_state=state, code_set=code_set, legacy_code=legacy_code, code=code, why=why, by=by
    )
    _tell(by, kept, f"Legacy code {legacy_code} ({code_set.label.lower()}) is read as {code}")
    return kept


@transaction.atomic
def unmap_code(*, by: User, reading: CodeMap) -> None:
    """The code waits again, or is read as the table says. Ended twice changes nothing."""
    check_may_run(by)
    reading = CodeMap.objects.select_for_update().get(pk=reading.pk)
    if reading.ended_at is None:
        _end(by, reading)
        _tell(by, reading, f"Legacy code {reading.legacy_code} is no longer read as {reading.code}")


def _in_force(state: State, code_set: CodeSet, legacy_code: str) -> CodeMap | None:
    rows = CodeMap.objects.in_force().select_for_update()
    return rows.filter(of_state=state, code_set=code_set, legacy_code=legacy_code).first()


def _end(by: User, reading: CodeMap | None) -> None:
    if reading:
        reading.ended_at, reading.ended_by = timezone.now(), by
        reading.save(update_fields=["ended_at", "ended_by"])


def _tell(by: User, reading: CodeMap, words: str) -> None:
    record("LEGACY_CODE_MAPPED", words, by=by, code_set=reading.code_set, code=reading.code)
