"""Every address, read and written to, by every role and every relation to the child's district.

What each answers stands in security/rules/addresses.csv, which a director can read. An address that is not in
it fails the test.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import timedelta
from http import HTTPStatus
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
from tests.house.addresses import DUMMIES, NAME, NAMES, NOWHERE, OPEN, STEPS, body_of
from tests.house.arguments import ABOUT_ONE
from tests.house.elsewhere import Elsewhere, records_at, with_every_role_at, with_roles_at
from tests.house.sent import SENT

pytestmark = pytest.mark.django_db
QUESTION = {"q": NAME[:7]}
LEAST_FIRST = sorted(Role, key=lambda role: len(permissions_of(role)))


@pytest.fixture
def home() -> Elsewhere:
    """A child at a school of its district, with all its records; at a nonpublic site there is another."""
    return home_of(Relation.OWN)


def home_of(relation: Relation) -> Elsewhere:
    district = make.DistrictFactory(name="Heron Parish")
    academy = make.AffiliationFactory(district=district).site
    own = records_at(district, make.SiteFactory(district=district))
    return records_at(district, academy, "4777000222") if relation == Relation.AFFILIATED else own


def person_of(relation: Relation, home: Elsewhere) -> User:
    """A person with every role there: what this one does not get, no single role gets."""
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
    person: User, home: Elsewhere, rows: Iterable[AddressRow]
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
        return client.get(address, SENT.get(row.address, QUESTION))
    kind = {"content_type": "application/json"} if row.address.startswith("api:") else {}
    return client.post(address, SENT.get(row.address, {}), **kind)


def arguments(name: str, home: Elsewhere) -> dict[str, object]:
    if name in ABOUT_ONE:
        return ABOUT_ONE[name](home)
    if name == "security:publish_assurance":
        return {"state": home.student.state_id}
    return {key: DUMMIES.get(key, NOWHERE) for key in NAMES[name]}


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


@pytest.mark.parametrize("relation", [each for each in Relation if each != Relation.NO_GRANT])
def test_every_address_answers_every_relation_as_the_table_says(relation):
    home = home_of(relation)
    rows = (row for row in addresses() if relation != Relation.OWN or not row.needs)
    got = answers(person_of(relation, home), home, rows)
    wrong = {told(row): (outcome, getattr(row, relation)) for row, outcome in got}
    assert {address: pair for address, pair in wrong.items() if pair[0] != pair[1]} == {}


def test_every_address_answers_a_role_that_may_as_the_table_says(home):
    """Permissions open an address, not roles: each one that it needs comes with the role that may least.

    An address that needs none answers every role as it answers all of them together, above.
    """
    wrong = {}
    for role, rows in those_who_may_least().items():
        person = with_roles_at(home.district, [role])
        wrong |= {(role, said): pair for said, pair in answered_otherwise(person, home, rows, role).items()}
    assert wrong == {}


def those_who_may_least() -> dict[Role, list[AddressRow]]:
    rows_of: dict[Role, list[AddressRow]] = {}
    for row in addresses():
        by_what: dict[frozenset, Role] = {}
        for role in LEAST_FIRST:
            if opened := permissions_of(role).intersection(row.needs):
                by_what.setdefault(opened, role)
        for role in by_what.values():
            rows_of.setdefault(role, []).append(row)
    return rows_of


def test_every_address_answers_all_roles_that_may_not_as_the_table_says(home):
    """All of them together: what one person with all these roles does not get, no single one gets."""
    wrong = {}
    for roles, rows in without_permission().items():
        person = with_roles_at(home.district, roles)
        wrong |= answered_otherwise(person, home, rows, roles[0])
    assert wrong == {}


def without_permission() -> dict[tuple[Role, ...], list[AddressRow]]:
    """The rows by the roles that lack what each needs and get the same there."""
    rows_of: dict[tuple[Role, ...], list[AddressRow]] = {}
    for row in addresses():
        may_not = [role for role in Role if row.needs and not permissions_of(role).intersection(row.needs)]
        for outcome in {row.at_home(role) for role in may_not}:
            alike = tuple(role for role in may_not if row.at_home(role) == outcome)
            rows_of.setdefault(alike, []).append(row)
    return rows_of


def answered_otherwise(
    person: User, home: Elsewhere, rows: Iterable[AddressRow], role: Role
) -> dict[str, tuple[Outcome, Outcome]]:
    """What was got and what the table says, where they differ."""
    got = answers(person, home, rows)
    return {told(row): (outcome, row.at_home(role)) for row, outcome in got if outcome != row.at_home(role)}


def told(row: AddressRow) -> str:
    return f"{row.method} {row.address}"


def test_who_never_had_a_role_gets_what_one_gets_whose_roles_have_ended():
    """So it is the latter who is asked above: there is more that could have stayed open."""
    assert not [told(row) for row in addresses() if row.no_grant != row.expired]


def test_every_address_is_in_the_table():
    named = {row.address for row in addresses()}
    assert named == NAMES.keys() - OPEN - STEPS


def test_what_is_not_in_the_table_is_no_way_to_ask(home):
    """A page that only shows is not written to, and what is only written to shows no page."""
    client = signed_in(home.keeper)
    listed = {(row.address, row.method) for row in addresses()}
    others = {(name, method) for name, _ in listed for method in ("GET", "POST")} - listed
    answered = {
        told: answer.status_code
        for told in others
        if (answer := client.generic(told[1], reverse(told[0], kwargs=arguments(told[0], home)))).status_code
        != HTTPStatus.METHOD_NOT_ALLOWED
    }
    assert answered == {}


def test_to_others_nothing_is_shown():
    """The one sentence that the table must never contradict."""
    hidden = (Relation.OTHER, Relation.NO_GRANT, Relation.EXPIRED, Relation.UNSIGNED)
    assert not [row for row in addresses() for relation in hidden if getattr(row, relation) == Outcome.SHOWS]
