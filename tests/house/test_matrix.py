"""Every address, read and written to, by every role and every relation to the child's district.

What each answers stands in security/rules/addresses.csv, which a director can read. An address that is not in
it fails the test.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from security import scope
from security.models import Assignment, User
from security.rules.addresses import AddressRow, Outcome, Relation, addresses
from security.rules.roles import Role, permissions_of
from tests import factories as make
from tests.conftest import signed_in
from tests.house.addresses import ABOUT_ONE, DUMMIES, NAME, NAMES, OPEN, SENT, STEPS, body_of
from tests.house.elsewhere import Elsewhere, records_at, with_every_role_at

pytestmark = pytest.mark.django_db
QUESTION = {"q": NAME[:7]}
# Roles with the same permissions are one to the system: the first of them is asked.
UNLIKE = {permissions_of(role): role for role in reversed(Role)}.values()
A_FEW = 4  # roles of one test: the records are made once for them


def batched(members: Iterable[Role], size: int) -> list[tuple[Role, ...]]:
    """As itertools of Python 3.12 does it."""
    every = tuple(members)
    return [every[i : i + size] for i in range(0, len(every), size)]


@pytest.fixture
def homes() -> dict[Relation, Elsewhere]:
    """One district with a child at its own school and one at a nonpublic site, each with all its records."""
    district = make.DistrictFactory(name="Heron Parish")
    academy = make.AffiliationFactory(district=district).site
    own = records_at(district, make.SiteFactory(district=district))
    return dict.fromkeys(Relation, own) | {Relation.AFFILIATED: records_at(district, academy, "4777000222")}


def person_of(relation: Relation, home: Elsewhere) -> User:
    """A person with every role there: what this one does not get, no single role gets."""
    if relation == Relation.NO_GRANT:
        return make.UserFactory()
    if relation == Relation.STATE:
        return make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    if relation == Relation.OTHER:
        return with_every_role_at(make.DistrictFactory(name="Cypress Parish"))
    if relation == Relation.FORMER:
        return with_every_role_at(former_district_of(home))
    person = with_every_role_at(home.district, assured=relation != Relation.UNSIGNED)
    if relation == Relation.EXPIRED:
        yesterday = timezone.localdate() - timedelta(days=1)
        Assignment.objects.filter(user=person).update(last_day=yesterday)
    return person


def former_district_of(home: Elsewhere):
    """A district that answered for the child last year, before the records were made."""
    earlier = make.DistrictFactory(name="Ibis Parish")
    with scope.elevated():
        taken_over = home.student.jurisdictions.get().first_day
    make.JurisdictionFactory(
        student=home.student, district=earlier,
        first_day=taken_over - timedelta(days=400), last_day=taken_over - timedelta(days=1),
    )  # fmt: skip
    return earlier


def answers(
    person: User, home: Elsewhere, rows: Iterator[AddressRow]
) -> Iterator[tuple[AddressRow, Outcome]]:
    """Each address as this person gets it; whatever it wrote is taken back."""
    client = signed_in(person)
    cookies = deepcopy(client.cookies)
    for row in rows:
        client.cookies = deepcopy(cookies)
        with transaction.atomic():
            yield row, outcome_of(asked(client, row, home), home)
            transaction.set_rollback(True)


def asked(client: Client, row: AddressRow, home: Elsewhere) -> Any:
    address = reverse(row.address, kwargs=arguments(row.address, home))
    if row.method == "GET":
        return client.get(address, QUESTION)
    kind = {"content_type": "application/json"} if row.address.startswith("api:") else {}
    return client.post(address, SENT.get(row.address, {}), **kind)


def arguments(name: str, home: Elsewhere) -> dict[str, object]:
    if name in ABOUT_ONE:
        return ABOUT_ONE[name](home)
    if name == "security:publish_assurance":
        return {"state": home.student.state_id}
    return {key: DUMMIES.get(key, 1) for key in NAMES[name]}


def outcome_of(answer: Any, home: Elsewhere) -> Outcome:
    if answer.status_code in (401, 403):
        return Outcome.REFUSED
    if answer.status_code == 404:
        return Outcome.NOT_THERE
    if answer.status_code == 302:
        return Outcome.LED_AWAY
    body = body_of(answer)
    told = NAME in body or home.student.state_student_id in body
    return Outcome.SHOWS if told else Outcome.OPENS


@pytest.mark.parametrize("relation", Relation)
def test_every_address_answers_every_relation_as_the_table_says(homes, relation):
    home = homes[relation]
    rows = (row for row in addresses() if relation != Relation.OWN or not row.needs)
    got = answers(person_of(relation, home), home, rows)
    wrong = {told(row): (outcome, getattr(row, relation)) for row, outcome in got}
    assert {address: pair for address, pair in wrong.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize("roles", batched(UNLIKE, A_FEW), ids=lambda roles: ", ".join(roles))
def test_every_address_answers_every_role_as_the_table_says(homes, roles):
    """An address that needs no permission answers every role as it answers all of them together, above."""
    home, wrong = homes[Relation.OWN], {}
    for role in roles:
        person = make.UserFactory(role=role, role__district=home.district)
        for row, outcome in answers(person, home, (row for row in addresses() if row.needs)):
            if outcome != row.at_home(role):
                wrong[role, told(row)] = (outcome, row.at_home(role))
    assert wrong == {}


def told(row: AddressRow) -> str:
    return f"{row.method} {row.address}"


def test_every_address_is_in_the_table():
    named = {row.address for row in addresses()}
    assert named == NAMES.keys() - OPEN - STEPS


def test_to_others_nothing_is_shown():
    """The one sentence that the table must never contradict."""
    hidden = (Relation.OTHER, Relation.NO_GRANT, Relation.EXPIRED, Relation.UNSIGNED)
    assert not [row for row in addresses() for relation in hidden if getattr(row, relation) == Outcome.SHOWS]
