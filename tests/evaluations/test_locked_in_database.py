"""A locked evaluation cannot be changed: not by plain SQL as the application, not through the ORM."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from evaluations.actions import lock, unlock
from evaluations.models import (
    Component,
    Evaluation,
    Exceptionality,
    Extension,
    ReportText,
    TeamMember,
    Waiver,
)
from security import scope
from tests.evaluations.conftest import DECIDED

pytestmark = pytest.mark.usefixtures("as_system")
REFUSED = "Cannot"


@pytest.fixture
def locked(decided, coordinator):
    return lock(by=coordinator, evaluation=decided)


def run(statement: str, *values) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


CHANGES = [
    "UPDATE evaluations_evaluation SET determination_date = '2025-10-21' WHERE id = %s",
    "UPDATE evaluations_evaluation SET summary = 'other' WHERE id = %s",
    "UPDATE evaluations_evaluation SET referral_reason = 'other' WHERE id = %s",
    "UPDATE evaluations_evaluation SET lock_version = 9 WHERE id = %s",
    "UPDATE evaluations_evaluation SET locked = false, outcome = 'NOTE' WHERE id = %s",
    "UPDATE evaluations_exceptionality SET code = 'AUT' WHERE evaluation_id = %s",
    "DELETE FROM evaluations_exceptionality WHERE evaluation_id = %s",
    "INSERT INTO evaluations_exceptionality (evaluation_id, rank, code, original_code, detail)"
    " VALUES (%s, 2, 'AUT', '', '')",
    "UPDATE evaluations_component SET findings = 'other' WHERE evaluation_id = %s",
    "DELETE FROM evaluations_component WHERE evaluation_id = %s",
    "UPDATE evaluations_reporttext SET text = 'other' WHERE evaluation_id = %s",
    "DELETE FROM evaluations_reporttext WHERE evaluation_id = %s",
    "UPDATE evaluations_teammember SET name = 'other' WHERE evaluation_id = %s",
    "DELETE FROM evaluations_teammember WHERE evaluation_id = %s",
    "UPDATE evaluations_waiver SET parent_name = 'other' WHERE evaluation_id = %s",
    "DELETE FROM evaluations_waiver WHERE evaluation_id = %s",
    "UPDATE evaluations_extension SET reason = 'other' WHERE evaluation_id = %s",
    "DELETE FROM evaluations_extension WHERE evaluation_id = %s",
    'INSERT INTO evaluations_extension (evaluation_id, code, "to", reason, asked_at, asked_by_id, answer,'
    " approved, decided_at, decided_by_id)"
    " SELECT id, 'PAR', '2026-01-01', 'late', now(), 1, '', true, now(), 2"
    " FROM evaluations_evaluation WHERE id = %s",
]


@pytest.fixture
def decided(decided, psychologist):
    """With a part of each kind."""
    its = {"evaluation": decided}
    Component.objects.create(
        **its, area="ACADEMIC", evaluator=psychologist, assigned_on=DECIDED, completed_on=DECIDED,
        instruments="WJ IV.", findings="Grade 2.",
    )  # fmt: skip
    ReportText.objects.create(**its, section="needs", text="A quiet room.", saved_by=psychologist)
    TeamMember.objects.create(**its, name="Ann Roy", part="TEACHER", agrees=True, signed_on=DECIDED)
    Waiver.objects.create(
        **its, parent_name="Ann Roy", parent_signed_on=DECIDED, agency_name="Marcus Ledet",
        agency_signed_on=DECIDED,
    )  # fmt: skip
    Extension.objects.create(
        **its, code="PAR", to=DECIDED, reason="Never came.", asked_by_id=psychologist.pk, approved=None
    )
    return decided


@pytest.mark.parametrize("statement", CHANGES)
def test_plain_sql_as_the_application_is_refused(locked, statement):
    assert connection.settings_dict["USER"] == "eser_app"
    with pytest.raises(DatabaseError, match=REFUSED):
        run(statement, locked.pk)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_same_sql_works_while_it_is_unlocked(decided, statement):
    assert run(statement, decided.pk) == 1


def test_deleting_the_row_is_refused(locked):
    with pytest.raises(DatabaseError, match=REFUSED):
        run("DELETE FROM evaluations_evaluation WHERE id = %s", locked.pk)


def test_emptying_the_table_is_refused(locked):
    with pytest.raises(Exception, match="permission denied"):
        run("TRUNCATE evaluations_evaluation CASCADE")


def test_the_orm_is_refused_too(locked):
    locked.summary = "other"
    for change in (
        locked.save,
        locked.delete,
        lambda: Evaluation.objects.filter(pk=locked.pk).update(outcome="NOTE"),
        lambda: Evaluation.objects.bulk_update([locked], ["summary"]),
        lambda: Evaluation.objects.filter(pk=locked.pk).delete(),
        lambda: Exceptionality.objects.filter(evaluation=locked).update(code="AUT"),
        lambda: Exceptionality.objects.create(evaluation=locked, rank=2, code="AUT"),
    ):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            change()


def test_unlocking_changes_nothing_that_was_determined(locked, supervisor):
    before = Evaluation.objects.values("determination_date", "outcome", "summary", "lock_version").get()
    unlock(by=supervisor, evaluation=locked, reason="Wrong date.")
    after = Evaluation.objects.values("determination_date", "outcome", "summary", "lock_version").get()
    assert after == before


def test_the_history_itself_cannot_be_changed(locked):
    before = list(locked.history.order_by("pk").values())
    for statement in (
        "UPDATE evaluations_evaluationevent SET summary = 'other' WHERE id = %s",
        "DELETE FROM evaluations_evaluationevent WHERE id = %s",
    ):
        with suppress(DatabaseError):
            run(statement, locked.pk)
    assert list(locked.history.order_by("pk").values()) == before


def test_a_locked_row_of_another_district_is_not_even_found(locked):
    from security.rules.roles import Role
    from tests.factories import DistrictFactory, UserFactory

    stranger = UserFactory(role=Role.SPED_SUPERVISOR, role__district=DistrictFactory())
    with scope.of(stranger):
        assert run("UPDATE evaluations_evaluation SET locked = false WHERE id = %s", locked.pk) == 0
