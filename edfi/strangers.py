"""Records at the state of children whom nobody here knows: deleted one by one, in the order of the rules."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from edfi.actions.send import Sent, send_plans
from edfi.answers import Outcome
from edfi.calling import Api
from edfi.models import Connection, Identity, Result, ResyncRow
from edfi.rules.plan import How, Known, Step, Verb, plan
from edfi.rules.records import Address, Desired
from security import scope
from students.models import Student


def delete_strangers(
    connection: Connection,
    rows: Sequence[ResyncRow],
    looked: Mapping[int, dict | None | Outcome],
    api: Api,
) -> dict[int, Result]:
    """By row. One that is gone is done; one that was made anew or became ours since the report is left."""
    results = {row.pk: Result.DONE for row in rows if looked[row.pk] is None}
    found = [(row, item) for row in rows if isinstance(item := looked[row.pk], dict)]
    ours = _ours_by_now(connection, [row for row, _ in found])
    results |= {row.pk: Result.LEFT for row, item in found if item["id"] != row.ods_id or row.pk in ours}
    same = [row for row, _ in found if row.pk not in results]
    sent = {_address(row): Sent(row.natural_key, row.ods_id) for row in same}
    outcomes = api.ask(send_plans(api.client, _plans(same, connection), sent)) if same else {}
    for row in same:
        outcome = outcomes.get((Verb.DELETE, _address(row)))
        results[row.pk] = Result.DONE if outcome and outcome.done else Result.FAILED
    return results


def _ours_by_now(connection: Connection, rows: Sequence[ResyncRow]) -> set[int]:
    """Those that we have sent meanwhile, or whose child bears this number here by now."""
    numbers = {row.pk: row.natural_key["studentUniqueId"] for row in rows}
    with scope.system():
        sent = Identity.objects.filter(connection=connection, key_digest__in=[row.key_digest for row in rows])
        noted = {row.address for row in sent}
        children = Student.objects.filter(state=connection.state_id, edfi_id__in=numbers.values())
        here = set(children.values_list("edfi_id", flat=True))
    return {row.pk for row in rows if _address(row) in noted or numbers[row.pk] in here}


def _plans(rows: Sequence[ResyncRow], connection: Connection) -> list[tuple[Step, ...]]:
    """For each child: nothing should be there."""
    of_child: dict[str, list[Known]] = defaultdict(list)
    for row in rows:
        of_child[row.natural_key["studentUniqueId"]].append(Known(*_address(row), "", 0))
    return [plan(Desired(), each, How(order=connection.order)) for each in of_child.values()]


def _address(row: ResyncRow) -> Address:
    return row.resource, row.school_year, row.key_digest
