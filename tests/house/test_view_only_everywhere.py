"""In view-only mode every address still shows what it showed, and no address writes to a child's record."""

from copy import deepcopy
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from security.actions.view_only import plan_view_only
from security.models import AccessRecord
from security.rules.addresses import addresses
from tests import factories as make
from tests.conftest import signed_in
from tests.house.elsewhere import Elsewhere, records_at
from tests.house.sent import SENT
from tests.house.test_matrix import QUESTION, arguments

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Elsewhere:
    district = make.DistrictFactory(name="Heron Parish")
    return records_at(district, make.SiteFactory(district=district))


def built(home: Elsewhere, method: str) -> dict[str, str]:
    """Each address by its name, with the records that it is built from."""
    rows = [row for row in addresses() if row.method == method and not row.address.startswith("mfa_")]
    return {row.address: reverse(row.address, kwargs=arguments(row.address, home)) for row in rows}


def asked(client: Client, at: dict[str, str], method: str) -> dict[str, Any]:
    """What each address answers; whatever it wrote is taken back."""
    cookies, got = deepcopy(client.cookies), {}
    for name, address in at.items():
        client.cookies = deepcopy(cookies)
        with transaction.atomic():
            got[name] = sent(client, name, address, method)
            transaction.set_rollback(True)
    return got


def sent(client: Client, name: str, address: str, method: str) -> Any:
    if method == "GET":
        return client.get(address, QUESTION)
    kind = {"content_type": "application/json"} if name.startswith("api:") else {}
    return client.post(address, SENT.get(name, {}), **kind)


def begin() -> str:
    since = timezone.now() - timedelta(minutes=1)
    return plan_view_only(
        since=since, until=since + timedelta(days=8), zone=ZoneInfo("America/Chicago")
    ).sentence


@pytest.mark.rule("RLO-04")
def test_everything_that_could_be_read_can_be_read(home):
    client, at = signed_in(home.keeper), built(home, "GET")
    before = {name: answer.status_code for name, answer in asked(client, at, "GET").items()}
    begin()
    looked = AccessRecord.objects.count()
    now = {name: answer.status_code for name, answer in asked(client, at, "GET").items()}
    assert {name: (status, now[name]) for name, status in before.items() if now[name] != status} == {}
    client.get(at["caseload:student"])
    assert AccessRecord.objects.count() > looked


@pytest.mark.rule("RLO-03", "RLO-05")
def test_every_way_to_write_is_told_the_sentence_and_what_bears_no_student_is_written(home):
    client, at = signed_in(home.keeper), built(home, "POST")
    sentence = begin()
    answers = asked(client, at, "POST")
    locked = {name: it for name, it in answers.items() if it.status_code == HTTPStatus.LOCKED}
    assert {name for name, it in locked.items() if sentence not in it.content.decode()} == set()
    assert len(locked) > 25
    assert not {name for name in locked if name.startswith(("security:", "api:access-request", "jobs:"))}
    assert not [name for name, it in answers.items() if it.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR]
