"""Which requests bring the state's copy to what is desired, and in which order."""

from dataclasses import replace
from datetime import date

import pytest

from edfi.rules.desired import desired_records
from edfi.rules.facts import DeleteOrder, EditPolicy
from edfi.rules.order import order_of, posting_order
from edfi.rules.plan import How, Known, Step, plan
from edfi.rules.records import SEORA, SSEPEA, Desired, Record

from .builders import SETTINGS, TODAY, a_child, an_enrollment, an_evaluation, case

EVAL_ONLY = an_enrollment(state_exclude=True, eval_only=True)


def desired(**child) -> Desired:
    return desired_records(a_child(**child), SETTINGS, TODAY)


def known(state: Desired) -> list[Known]:
    """As if everything of this desired state had been acknowledged."""
    return [Known(*record.address, record.payload_digest, record.evaluation_id) for record in state.records]


def words(steps: tuple[Step, ...]) -> list[str]:
    names = {SEORA: "responsibility", SSEPEA: "eligibility"}
    return [f"{step.verb} {names[step.resource]}" for step in steps]


MOVED = ["DELETE eligibility", "POST eligibility"]
BOTH_GONE = ["DELETE eligibility", "DELETE responsibility"]
BOTH_MOVED = [*BOTH_GONE, "POST responsibility", "POST eligibility"]

USUAL = {}
OVERRIDDEN = {"enrollments": [an_enrollment(override_school_edfi_id=19013)]}
CONSENT_MOVED = {"evaluations": [an_evaluation(consent_date=date(2025, 9, 16))]}
RECLASSED = {"evaluations": [an_evaluation(delay_reason="C")]}
NOTHING = {"evaluations": []}
ONLY_EVALUATED = {"enrollments": [EVAL_ONLY]}
ONLY_EVALUATED_MOVED = {**ONLY_EVALUATED, **CONSENT_MOVED}
NO_SHOW = {"enrollments": [replace(EVAL_ONLY, no_show=True)]}
OFF = How({(SSEPEA, 2026)})
UNCHECKED = {"enrollments": [replace(EVAL_ONLY, eval_only=False)]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        case("EDFI-R3", NOTHING, USUAL, ["POST eligibility"]),
        case("EDFI-D3", USUAL, USUAL, []),
        case("EDFI-R17", USUAL, RECLASSED, ["POST eligibility"]),
        case("EDFI-R19", USUAL, NOTHING, ["DELETE eligibility"]),
        case("EDFI-R26", NOTHING, NOTHING, []),
        case("EDFI-R35", USUAL, CONSENT_MOVED, MOVED),
        case(
            "EDFI-R18",
            USUAL,
            OVERRIDDEN,
            MOVED,
        ),
        case("EDFI-R34", USUAL, {"edfi_id": "700000"}, MOVED),
        case("EDFI-R7", NOTHING, ONLY_EVALUATED, ["POST responsibility", "POST eligibility"]),
        case("EDFI-R23", ONLY_EVALUATED, NO_SHOW, BOTH_GONE),
        case("EDFI-R23", ONLY_EVALUATED, UNCHECKED, BOTH_GONE),
        case("EDFI-R23", ONLY_EVALUATED, {"enrollments": []}, BOTH_GONE),
        case(
            "EDFI-D6",
            ONLY_EVALUATED,
            ONLY_EVALUATED_MOVED,
            BOTH_MOVED,
        ),
        case("EDFI-R24", ONLY_EVALUATED, USUAL, ["DELETE responsibility"]),
    ],
)
def test_the_requests_from_one_state_to_the_next(before, after, expected) -> None:
    assert words(plan(desired(**after), known(desired(**before)))) == expected


@pytest.mark.rule("EDFI-R24")
def test_a_responsibility_that_still_opens_a_record_is_kept() -> None:
    unreachable = replace(desired(), has_reported_enrollment=False)

    assert words(plan(unreachable, known(desired(**ONLY_EVALUATED)))) == []


@pytest.mark.rule("EDFI-R24")
@pytest.mark.rule("EDFI-R28")
def test_a_responsibility_is_kept_while_its_record_stays_in_a_resource_that_is_switched_off() -> None:
    """Without it the record that stays could never be deleted again (EDFI-B23)."""
    there = known(desired(**ONLY_EVALUATED))

    assert words(plan(desired(**NO_SHOW), there, OFF)) == []
    assert words(plan(desired(**NO_SHOW), there)) == BOTH_GONE
    assert words(plan(desired(**USUAL), there, OFF)) == ["DELETE responsibility"]


@pytest.mark.rule("EDFI-D6")
@pytest.mark.rule("EDFI-R23")
def test_each_request_names_what_must_succeed_before() -> None:
    steps = plan(desired(**ONLY_EVALUATED_MOVED), known(desired(**ONLY_EVALUATED)))
    drop_eligibility, drop_responsibility, responsibility, eligibility = steps

    assert drop_eligibility.after == frozenset()
    assert drop_responsibility.after == {drop_eligibility.key}
    assert responsibility.after == {drop_responsibility.key}
    assert eligibility.after == {drop_eligibility.key, responsibility.key}


@pytest.mark.rule("EDFI-R28")
@pytest.mark.parametrize(("before", "after"), [(USUAL, NOTHING), (NOTHING, USUAL), (USUAL, RECLASSED)])
def test_a_resource_that_is_switched_off_gets_nothing(before, after) -> None:
    assert plan(desired(**after), known(desired(**before)), OFF) == ()


@pytest.mark.rule("EDFI-C3", "EDFI-R17")
def test_a_connection_may_want_an_edit_as_delete_and_post() -> None:
    strict = How(edits=EditPolicy.DELETE_AND_POST)
    steps = plan(desired(**RECLASSED), known(desired()), strict)

    assert words(steps) == MOVED
    assert steps[1].after == {steps[0].key}
    assert plan(desired(), known(desired()), strict) == ()
    assert words(plan(desired(), (), strict)) == ["POST eligibility"]


@pytest.mark.rule("EDFI-C4", "EDFI-R23")
def test_a_connection_may_want_the_responsibility_deleted_first() -> None:
    as_written = How(deletes=DeleteOrder.RESPONSIBILITY_FIRST)
    steps = plan(desired(**NO_SHOW), known(desired(**ONLY_EVALUATED)), as_written)

    assert words(steps) == ["DELETE responsibility", "DELETE eligibility"]
    assert [step.after for step in steps] == [frozenset(), {steps[0].key}]


@pytest.mark.rule("EDFI-D5")
def test_what_was_never_acknowledged_is_sent_again() -> None:
    unsure = [replace(row, payload_digest="") for row in known(desired())]

    assert words(plan(desired(), unsure)) == ["POST eligibility"]


TOLD = [
    {"resource": "/ed-fi/students", "order": 3, "operations": ["Create"]},
    {"resource": "/ed-fi/students", "order": 14, "operations": ["Update"]},
    {"resource": f"/ed-fi/{SEORA}", "order": 16, "operations": ["Create", "Update"]},
    {"resource": f"/ed-fi/{SSEPEA}", "order": 15, "operations": ["Create", "Update"]},
]


@pytest.mark.rule("EDFI-B20")
@pytest.mark.parametrize(
    ("told", "order"),
    [
        (TOLD, {"students": 3, SEORA: 16, SSEPEA: 15}),
        ([*TOLD, {"resource": f"/ed-fi/{SEORA}", "order": 2, "operations": ["Create"]}],
         {"students": 3, SEORA: 2, SSEPEA: 15}),
        (None, {}),
        ("<html>", {}),
        ([{"resource": "/ed-fi/students"}], {}),
    ],
)  # fmt: skip
def test_the_order_that_a_server_tells(told: object, order: dict) -> None:
    assert order_of(told) == order


@pytest.mark.rule("EDFI-B20")
@pytest.mark.rule("EDFI-R7")
def test_the_server_orders_all_but_what_the_rules_fix() -> None:
    order = order_of([*TOLD, {"resource": "/ed-fi/others", "order": 1, "operations": ["Create"]}])

    assert posting_order(order, (SEORA, SSEPEA, "others", "unheard")) == ["others", SEORA, SSEPEA, "unheard"]
    steps = plan(desired(**ONLY_EVALUATED_MOVED), known(desired(**ONLY_EVALUATED)), How(order=order))
    assert words(steps) == BOTH_MOVED
    other = Record("others", 2026, {"studentUniqueId": "604822"}, {}, 1)
    wanted = Desired((*desired(**ONLY_EVALUATED).records, other))
    assert [step.resource for step in plan(wanted, (), How(order=order))] == ["others", SEORA, SSEPEA]
    assert [step.resource for step in plan(wanted, ())] == [SEORA, SSEPEA, "others"]
