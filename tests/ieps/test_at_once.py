"""Two people at the same instant, with real commits: what is agreed to is what was read, and nothing else."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction

from ieps.actions import add_line, attach, begin_amendment, discard_draft, save_text
from ieps.actions.hold import GONE, hold
from ieps.models import Iep, IepStatus, Line, SectionText
from security import scope
from security.refusals import RuleBroken
from security.rules.roles import Role
from tests.factories import DistrictFactory, IepFactory, StudentFactory, UserFactory
from tests.security.requests.test_at_once import both_at_once

NO_DRAFT = "no draft: what was agreed is no longer changed"
A_MOMENT = 0.3  # seconds in which a save that waits for nobody would be over


@pytest.fixture
def draft(own_database):
    parish = DistrictFactory(name="Cypress Parish")
    dana = UserFactory(role=Role.IEP_AUTHOR, role__district=parish)
    child = StudentFactory(district=parish)
    with scope.system():
        iep = IepFactory(student=child, district=parish, kind="REV", author=dana)
        write(iep, "Reads maps.")
    return iep


def as_system(deed: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with scope.system():
            return deed()

    return run


def write(iep, text, field="strengths", version=0):
    return save_text(by=iep.author, iep=iep, section="GSI", field=field, text=text, version=version)


def while_held(iep: Iep, deed: Callable[[], object], end: Callable[[Iep], object]) -> list[str]:
    """The refusals of a deed that begins while somebody else holds the IEP to `end` its being a draft."""
    refused: list[str] = []

    def run() -> None:
        try:
            as_system(deed)()
        except RuleBroken as sentence:
            refused.append(str(sentence))
        finally:
            connection.close()

    other = Thread(target=run)
    with scope.system(), transaction.atomic():
        held = hold(iep)
        other.start()
        other.join(A_MOMENT)
        end(held)
    other.join(60)
    return refused


def make_official(iep: Iep) -> None:
    Iep.objects.filter(pk=iep.pk).update(status=IepStatus.OFFICIAL)


def texts_and_lines() -> tuple[list[str], int]:
    with scope.system():
        return list(SectionText.objects.values_list("text", flat=True)), Line.objects.standing().count()


@pytest.mark.parametrize(
    "deed",
    [
        lambda iep: write(iep, "Reads music.", version=1),
        lambda iep: write(iep, "Homework", field="parent_concerns"),
        lambda iep: add_line(by=iep.author, iep=iep, section="GSI", table="participants"),
        lambda iep: attach(by=iep.author, iep=iep, kind="OTHER", file=None),
    ],
    ids=["a changed text", "a first text", "a line", "a file"],
)
def test_what_comes_while_it_becomes_official_is_refused_in_words(draft, deed):
    (said,) = while_held(draft, lambda: deed(draft), make_official)
    assert NO_DRAFT in said
    assert texts_and_lines() == (["Reads maps."], 0)


def test_a_text_for_a_draft_that_is_discarded_meanwhile_is_refused_in_words(draft):
    def discard(iep):
        discard_draft(by=iep.author, iep=iep, reason="Of another child")

    late = lambda: write(draft, "Homework", field="parent_concerns")  # noqa: E731
    assert while_held(draft, late, discard) == [GONE]


def test_a_discard_lets_who_is_saving_end_first(draft):
    refused: list[str] = []

    def discard() -> None:
        try:
            as_system(lambda: discard_draft(by=draft.author, iep=draft, reason="Of another child"))()
        except OperationalError as deadlock:
            refused.append(str(deadlock))
        finally:
            connection.close()

    other = Thread(target=discard)
    with scope.system(), transaction.atomic():
        SectionText.objects.select_for_update().get()
        other.start()
        other.join(A_MOMENT)
        write(draft, "Reads music.", version=1)
    other.join(60)
    assert (refused, texts_and_lines()) == ([], ([], 0))


def test_of_two_amendments_at_once_one_begins(draft):
    with scope.system():
        make_official(draft)
    begin = as_system(lambda: begin_amendment(by=draft.author, iep=draft, why="More speech"))
    assert len(both_at_once(begin, begin)) == 1
    with scope.system():
        assert draft.amendments.count() == 1
