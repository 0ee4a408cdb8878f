"""Every address, read and written to, by every role and every relation to the child's district.

What each answers stands in security/rules/addresses.csv, which a director can read. An address that is not in
it fails the test.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from security.models import Assignment, User
from security.rules.addresses import AddressRow, Outcome, Relation, addresses
from security.rules.roles import Role
from tests import factories as make
from tests.house.elsewhere import Elsewhere, records_at, with_every_role_at
from tests.house.test_addresses import ABOUT_ONE, DUMMIES, NAME, NAMES, OPEN, SENT, STEPS, body_of

pytestmark = pytest.mark.django_db
QUESTION = {"q": NAME[:7]}
AT_HOME = (Relation.OWN, Relation.AFFILIATED, Relation.FORMER)
ELSEWHERE = (Relation.OTHER, Relation.NO_GRANT, Relation.EXPIRED, Relation.UNSIGNED, Relation.STATE)


@pytest.fixture
def homes() -> dict[Relation, Elsewhere]:
    """One district with a child at its own school and one at a nonpublic site, each with all its records."""
    district = make.DistrictFactory(name="Heron Parish")
    academy = make.AffiliationFactory(district=district).site
    own = records_at(district, make.SiteFactory(district=district))
    return dict.fromkeys(Relation, own) | {Relation.AFFILIATED: records_at(district, academy, "4777000222")}


def somebody(role: Role, relation: Relation, home: Elsewhere) -> User:
    """A person with this one role, and none of the others."""
    place = former_district_of(home) if relation == Relation.FORMER else home.district
    return make.UserFactory(role=role, role__district=place)


def stranger(relation: Relation, home: Elsewhere) -> User:
    """A person with every role that could help: if these are refused, each single one is."""
    if relation == Relation.NO_GRANT:
        return make.UserFactory()
    if relation == Relation.STATE:
        return make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    if relation == Relation.OTHER:
        return with_every_role_at(make.DistrictFactory(name="Cypress Parish"))
    person = with_every_role_at(home.district, assured=relation != Relation.UNSIGNED)
    if relation == Relation.EXPIRED:
        yesterday = timezone.localdate() - timedelta(days=1)
        Assignment.objects.filter(user=person).update(last_day=yesterday)
    return person


def former_district_of(home: Elsewhere):
    """A district that answered for the child last year, before the records were made."""
    earlier = make.DistrictFactory(name="Ibis Parish")
    make.JurisdictionFactory(
        student=home.student, district=earlier,
        first_day=home.enrollment.first_day - timedelta(days=400),
        last_day=home.enrollment.first_day - timedelta(days=200),
    )  # fmt: skip
    return earlier


def answers(
    person: User, home: Elsewhere, rows: Iterator[AddressRow]
) -> Iterator[tuple[AddressRow, Outcome]]:
    """Each address as this person gets it; whatever it wrote is taken back."""
    client = Client()
    client.force_login(person, backend="security.backends.PasswordBackend")
    for row in rows:
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
    return {key: DUMMIES.get(key, 1) for key in NAMES[name]}


def outcome_of(answer: Any, home: Elsewhere) -> Outcome:
    if answer.status_code in (401, 403):
        return Outcome.REFUSED
    if answer.status_code == 404:
        return Outcome.NOT_THERE
    if answer.status_code == 302:
        return Outcome.LED_AWAY
    return Outcome.SHOWS if home.student.state_student_id in body_of(answer) else Outcome.OPENS


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("relation", AT_HOME)
def test_every_address_answers_every_relation_as_the_table_says(homes, role, relation):
    person = somebody(role, relation, homes[relation])
    rows = (row for row in addresses() if relation == Relation.OWN or row.address in ABOUT_ONE)
    got = {(row.address, row.method): (outcome, row.answers(role, relation))
           for row, outcome in answers(person, homes[relation], rows)}  # fmt: skip
    assert {key: pair for key, pair in got.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize("relation", ELSEWHERE)
def test_nobody_gets_more_by_any_role(homes, relation):
    person = stranger(relation, homes[relation])
    got = {(row.address, row.method): (outcome, getattr(row, relation.value))
           for row, outcome in answers(person, homes[relation], addresses())}  # fmt: skip
    assert {key: pair for key, pair in got.items() if pair[0] != pair[1]} == {}


def test_every_address_is_in_the_table():
    named = {row.address for row in addresses()}
    assert named == NAMES.keys() - OPEN - STEPS


def test_to_others_nothing_is_shown():
    """The one sentence that the table must never contradict."""
    hidden = (Relation.OTHER, Relation.NO_GRANT, Relation.EXPIRED, Relation.UNSIGNED)
    assert not [row for row in addresses() for relation in hidden if getattr(row, relation) == Outcome.SHOWS]
