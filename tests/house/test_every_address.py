"""Every address of the product: who is let in without signing in, and that no address opens another
district's child, whatever the role.
"""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from migration.models import LoadRun
from organizations.models import District
from security import scope
from security.models import AccessRecord
from tests import factories as make
from tests.house import addresses
from tests.house.addresses import (
    ABOUT_NO_CHILD,
    ABOUT_STAFF,
    DUMMIES,
    HOW_FOUND,
    LISTS,
    NAMES,
    NOWHERE,
    OPEN,
    READ_AT_HOME,
    SHOWN_AT_HOME,
    SLUGS,
    STATEWIDE,
    STEPS,
    asked_both_ways,
    bodies,
    tells_of_it,
)
from tests.house.arguments import ABOUT_ONE
from tests.house.elsewhere import NAME, Elsewhere

pytestmark = pytest.mark.django_db


def test_every_address_has_its_place_in_the_tables():
    placed = OPEN | STEPS | ABOUT_NO_CHILD | LISTS | STATEWIDE | ABOUT_ONE.keys()
    homeless = sorted(NAMES.keys() - placed)
    assert not homeless, (
        f"Add {', '.join(homeless)} to ABOUT_ONE of tests.house.arguments with how it is built from another"
        f" district's record; or, in {addresses.__name__}, to LISTS when children stand on it, else to"
        " ABOUT_NO_CHILD."
    )
    assert placed == NAMES.keys()


def test_nobody_gets_in_without_signing_in(client):
    let_in = {}
    for name in NAMES.keys() - OPEN - STEPS:
        address = reverse(name, kwargs={key: DUMMIES.get(key, NOWHERE) for key in NAMES[name]})
        for method, answer in asked_both_ways(client, address, name):
            to_sign_in = answer.status_code == 302 and answer.url.startswith(reverse("security:sign_in"))
            if not to_sign_in and answer.status_code not in (401, 403):
                let_in[name, method] = answer.status_code
    assert let_in == {}


def test_a_step_of_a_sign_in_leads_nobody_in_who_has_not_begun_one(client):
    for name in STEPS:
        address = reverse(name, kwargs=dict.fromkeys(NAMES[name], "elsewhere"))
        assert {answer.status_code for _, answer in asked_both_ways(client, address, name)} <= {302, 404}


def test_what_is_open_says_nothing_of_a_child(client, there):
    open_ones = {name: reverse(name, kwargs=dict.fromkeys(NAMES[name], 1)) for name in OPEN}
    pages = {name: client.get(at, {"q": NAME[:7]}).content.decode() for name, at in open_ones.items()}
    assert [name for name, page in pages.items() if NAME in page] == []


def test_a_text_of_another_districts_iep_is_not_there(browse, there, stranger):
    """The one address that is written to by PUT; for the others see security/rules/addresses.csv."""
    text = {"section": "GSI", "field": "strengths", "text": "", "version": 0}
    address = reverse("api:iep-texts", kwargs=ABOUT_ONE["api:iep-texts"](there))
    assert browse(stranger).put(address, text, content_type="application/json").status_code == 404
    # At home it is there, in a later version than this one.
    assert browse(there.keeper).put(address, text, content_type="application/json").status_code == 409


def test_whatever_opens_a_childs_record_leaves_a_line(browse, there):
    """34 CFR 300.614. A job has a result, which is noted when it is downloaded."""
    silent, client = [], browse(there.keeper)
    for name in sorted(READ_AT_HOME - {"jobs:job"} - ABOUT_STAFF):
        before = lines_about(there)
        answer = client.get(reverse(name, kwargs=ABOUT_ONE[name](there)))
        if answer.status_code == 200 and lines_about(there) == before:
            silent.append(name)
    assert silent == []


def test_whatever_lists_a_child_leaves_a_line(browse, there):
    silent, client = [], browse(there.keeper)
    for name in SHOWN_AT_HOME:
        before = lines_about(there)
        shown = any(map(tells_of_it, bodies(client, name, {"q": "Quillfe"})))
        if shown and lines_about(there) == before and name != "jobs:list":
            silent.append(name)
    assert silent == []


def lines_about(there: Elsewhere) -> int:
    with scope.elevated():
        return AccessRecord.objects.filter(student_id=there.student.pk).count()


def test_the_rollover_is_the_states_alone(browse, there, stranger):
    with scope.elevated():
        run = LoadRun.objects.create(
            of_state=there.student.state, file_name="legser.dat", sha256="0", extracted_at=datetime.now(UTC),
            freeze=datetime.now(UTC), cut=date(2019, 7, 1), job=there.job,
        )  # fmt: skip
    let_in, client = {}, browse(stranger)
    for name in STATEWIDE:
        address = reverse(name, kwargs=dict.fromkeys(NAMES[name], run.pk))
        for method, answer in asked_both_ways(client, address, name):
            if answer.status_code not in (403, 405):
                let_in[name, method] = answer.status_code
    assert let_in == {}


@pytest.mark.parametrize("asked", HOW_FOUND, ids=str)
def test_another_districts_child_is_in_no_list(browse, there, stranger, asked):
    client = browse(stranger)
    shown = [name for name in sorted(LISTS) for body in bodies(client, name, asked) if tells_of_it(body)]
    assert shown == []


def test_at_home_the_child_is_in_the_lists(browse, there):
    """Otherwise the test above would prove nothing."""
    client = browse(there.keeper)
    for name in SHOWN_AT_HOME:
        assert any(map(tells_of_it, bodies(client, name, {"q": "Quillfe"}))), name


@pytest.mark.parametrize("odd", ["\x00", "²", "9" * 30])
def test_odd_values_in_an_address_break_no_list(browse, there, odd):
    client = browse(there.keeper)
    asked = dict.fromkeys(("q", "name", "site", "kind", "who", "state", "sort", "page", "record"), odd)
    told = {}
    for name in sorted(LISTS):
        for slug in SLUGS if "slug" in NAMES[name] else [None]:
            answer = client.get(reverse(name, kwargs={"slug": slug} if slug else {}), asked)
            if answer.status_code not in (200, 302, 400, 404):
                told[name, slug] = answer.status_code
    assert told == {}


def test_odd_versions_in_the_form_of_an_iep_lose_no_text(browse, there):
    client, address = browse(there.keeper), reverse("ieps:autosave", args=[there.iep.pk, "GSI"])
    sent = {"_changed": "strengths", "strengths": "Counts well.", "version": f"@:x strengths:{'9' * 20}"}
    assert client.post(address, sent).status_code == 409
    ended = {"strengths": "Counts well.", "strengths_keep": "1", "strengths_seen": "abc", "version": ""}
    there_too = reverse("ieps:section", args=[there.iep.pk, "GSI"])
    assert client.post(there_too, ended).status_code == 409


def test_an_event_of_another_child_does_not_open_under_my_own(browse, there, stranger):
    mine = make.StudentFactory(district=District.objects.get(name="Cypress Parish"))
    address = reverse("caseload:event", args=[mine.pk, "iep", there.iep.pk])
    assert browse(stranger).get(address).status_code == 404


BEGUN = {
    "api:evaluation-list": {"kind": "INIT", "on": "2026-09-01", "reason": "reads late"},
    "api:iep-list": {"kind": "INI"},
    "api:enrollment-list": {"code": "1880", "first_day": "2026-09-01", "grade": "06"},
}


@pytest.mark.parametrize("way", BEGUN)
def test_no_record_is_begun_for_another_districts_child(browse, there, stranger, way):
    sent = {**BEGUN[way], "student": there.student.pk}
    if way == "api:enrollment-list":
        mine = make.SiteFactory(district=District.objects.get(name="Cypress Parish"))
        sent |= {"district": mine.district_id, "site": mine.pk}
    answer = browse(stranger).post(reverse(way), sent, "application/json")
    assert answer.status_code == 404, answer.json()
