"""Sending what changed: the time grows with the changes and not with the state; what is unchanged stays."""

import json
import time
from datetime import date, timedelta
from urllib.request import urlopen

from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from edfi.actions.dirty import mark
from edfi.actions.exchange import exchange
from edfi.models import Connection
from edfi.pace import AT_MOST
from evaluations.models import Evaluation
from organizations.models import State
from security import scope
from tests.bench.edfi import LATENCY, by_us, far_away
from tests.bench.generated import use
from tests.bench.measure import Result, report
from tests.standin.ods import Ods

TITLE = "Changes sent to a state"
FEW, MANY = 100, 1_000  # children whose evaluation changed
ALL = 3.0  # times the requests alone, for reading, planning and writing down too
MS = LATENCY * 1000
SLACK = 1.3  # of ten times the time for ten times as many
CONSENT = date(2026, 9, 15)
# Enrolled on the day of the determination, in schools that the state knows by number.
NUMBERED = "UPDATE organizations_site SET edfi_id = 100000 + id WHERE edfi_id IS NULL"
EVALUATED = """
    INSERT INTO evaluations_evaluation (student_id, district_id, kind, referral_date, referral_reason,
        consent_requested_on, consent_date, coordinator_staff_id, extension_code, determination_date,
        dissemination_date, outcome, summary, delay_reason, late_reason, locked, locked_at, lock_version,
        not_enrolled, version, source, continuity, created_at, modified_at)
    SELECT student_id, district_id, 'INIT', %(consent)s::date - 9, '', %(consent)s::date - 5, %(consent)s, '',
        '', %(consent)s::date + 40, %(consent)s::date + 45, 'ELIG', '', '', '', true, now(), 1, '', 1,
        'ESER', false, now(), now()
    FROM (SELECT DISTINCT ON (e.student_id) e.student_id, e.district_id FROM enrollment_enrollment e
          WHERE e.first_day <= %(consent)s AND (e.last_day IS NULL OR e.last_day > %(consent)s::date + 60)
            AND NOT EXISTS (SELECT FROM evaluations_evaluation v WHERE v.student_id = e.student_id)
            AND NOT e.no_show AND NOT e.state_exclude AND NOT e.wise_exclude AND e.site_id IS NOT NULL
          ORDER BY e.student_id LIMIT %(many)s) c
    RETURNING student_id
"""


def run(students: int) -> int:
    """Measure at a generated state of this many students, and take all back; 0 when the goals are kept."""
    use(students)
    with far_away(0.0) as address, transaction.atomic():
        scope.enter(scope.EVERYTHING)
        children = arrange()
        connection = connect(address)
        mark(children, [connection])
        first, sent = timed(connection)
        few, many = (changed(connection, children[:number]) for number in (FEW, MANY))
        requests = taken_by(address)
        mark(children, [connection])
        nothing, _ = timed(connection)
        unchanged = taken_by(address) - requests
        transaction.set_rollback(True)
    far, alone = away()
    whole, most, expected = f"≤ {ALL}×", f"≤ {SLACK}×", few * MANY / FEW
    grows = many <= SLACK * expected
    results = [
        Result(f"{MANY:,} changes beside {FEW} ×{MANY // FEW}", expected, many, most, grows),
        Result(
            f"{MANY:,} first sent, {MS:.0f} ms away; requests alone", alone, far, whole, far <= ALL * alone
        ),
        Result(f"{sent:,} children unchanged: {unchanged} requests", first, nothing, "none", unchanged == 0),
    ]
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def away() -> tuple[float, float]:
    """Milliseconds for a whole run over a far server, and for its requests alone."""
    with far_away(LATENCY) as address, transaction.atomic():
        scope.enter(scope.EVERYTHING)
        children = arrange()
        connection = connect(address)
        mark(children, [connection])
        taken, _ = timed(connection)
        transaction.set_rollback(True)
    with far_away(LATENCY) as address:
        return taken, by_us(AT_MOST)(address, len(children)) * 1000


def arrange() -> list[int]:
    with database.cursor() as cursor:
        cursor.execute(NUMBERED)
        cursor.execute(EVALUATED, {"consent": CONSENT, "many": MANY})
        return [pk for (pk,) in cursor.fetchall()]


def connect(address: str) -> Connection:
    connection = Connection(
        name="Bench", state=State.objects.get(), base_url=address, key=Ods.key, enabled=True,
        program_education_organization_id=1,
    )  # fmt: skip
    connection.secret = Ods.secret
    connection.save()
    connection.years.create(school_year=2027)
    return connection


def changed(connection: Connection, children: list[int]) -> float:
    """A later determination for each of them, and the time until the state has it."""
    rows = Evaluation.objects.filter(student_id__in=children)
    later = rows[0].determination_date + timedelta(days=1)
    rows.update(locked=False)
    rows.update(locked=True, locked_at=timezone.now(), determination_date=later)
    taken, compared = timed(connection)
    assert compared == len(children), compared
    return taken


def timed(connection: Connection) -> tuple[float, int]:
    begun = time.perf_counter()
    compared = exchange(connection)
    return (time.perf_counter() - begun) * 1000, compared


def taken_by(address: str) -> int:
    """How many records were sent so far."""
    with urlopen(f"{address}taken") as answer:
        return json.load(answer)
