"""Deciding: supervisor first, then coordinator; nobody decides their own; what comes too late is said."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from security.access import requests as deciding
from security.actions.assign import assign
from security.actions.depart import depart
from security.actions.duties import change_duties
from security.actions.end_role import end_iep_forms
from security.actions.requests import Wanted, approve, ask, deny, escalate_requests, grant, withdraw
from security.models import AccessSettings, Assignment, Designation, EndReason, Notice, User
from security.queries.desk import checks_of
from security.refusals import NotAllowed, RuleBroken
from security.rules.requests import Move, RequestState
from security.rules.roles import Role
from tests import factories as make
from tests.security.conftest import CHICAGO

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(parish):
    return ask(
        by=parish.asker,
        wanted=Wanted(Role.IEP_AUTHOR, (parish.district, parish.school), "writes IEPs", iep_forms=True),
    )


@pytest.fixture
def approved(parish, asked):
    return approve(by=parish.supervisor, request=asked)


@pytest.mark.rule("SEC-12")
def test_the_coordinator_cannot_grant_before_the_supervisor_approved(parish, asked):
    with pytest.raises(RuleBroken, match="supervisor approves first"):
        grant(by=parish.coordinator, request=asked)
    assert not Assignment.objects.filter(user=parish.asker).exists()


@pytest.mark.rule("SEC-12")
def test_the_coordinator_cannot_approve_in_the_supervisors_place(parish, asked):
    with pytest.raises(NotAllowed, match="Only a special education supervisor"):
        approve(by=parish.coordinator, request=asked)


@pytest.mark.rule("SEC-13")
def test_a_grant_tells_role_place_forms_day_approvers_and_request(parish, approved):
    given = grant(by=parish.coordinator, request=approved)
    assert [role.place for role in given] == [parish.district, parish.school]
    for role in given:
        assert (role.role, role.iep_forms, role.request) == (Role.IEP_AUTHOR, True, approved)
        assert (role.approved_by, role.granted_by) == (parish.supervisor, parish.coordinator)
        assert role.first_day is not None


@pytest.mark.rule("SEC-13")
def test_who_was_granted_access_reaches_the_place_and_is_told(parish, approved):
    grant(by=parish.coordinator, request=approved)
    assert parish.district.pk in parish.asker.scope().district_ids
    assert Notice.objects.filter(user=parish.asker, key=f"request-{approved.pk}-granted").exists()


def test_a_role_leads_to_the_request_that_it_came_from(browse, parish, approved):
    grant(by=parish.coordinator, request=approved)
    page = browse(parish.coordinator).get(f"/access/people/{parish.asker.pk}/")
    assert f'href="/access/requests/{approved.pk}/"' in page.content.decode()


def coordinates_and_supervises(parish):
    both = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=parish.district)
    make.DesignationFactory(district=parish.district, user=both)
    return both


@pytest.mark.rule("SEC-14")
@pytest.mark.parametrize("move", [Move.APPROVE, Move.GRANT, Move.DENY])
def test_nobody_decides_their_own_request(parish, move):
    both = coordinates_and_supervises(parish)
    request = make.AccessRequestFactory(requester=both, district=parish.district)
    if move == Move.GRANT:
        request = approve(by=parish.supervisor, request=request)
    verb = {Move.APPROVE: approve, Move.GRANT: grant, Move.DENY: deny}[move]
    more = {"reason": "mine"} if move == Move.DENY else {}
    with pytest.raises(NotAllowed, match="your own request"):
        verb(by=both, request=request, **more)


@pytest.mark.rule("SEC-12")
def test_one_person_is_not_both_approvers(parish, asked):
    both = coordinates_and_supervises(parish)
    approve(by=both, request=asked)
    with pytest.raises(NotAllowed, match="somebody else grants it"):
        grant(by=both, request=asked)


@pytest.mark.rule("SEC-10")
@pytest.mark.parametrize(
    ("change", "said"), [({"staff_id": None}, "no linked staff ID"), ({"is_active": False}, "is closed")]
)
def test_who_has_lost_staff_id_or_account_since_asking_is_given_nothing(parish, approved, change, said):
    User.objects.filter(pk=parish.asker.pk).update(**change)
    with pytest.raises(RuleBroken, match=said):
        grant(by=parish.coordinator, request=approved)


@pytest.mark.rule("SEC-15")
def test_iep_forms_ends_while_the_role_goes_on_and_both_are_kept(parish, approved):
    role = grant(by=parish.coordinator, request=approved)[0]
    goes_on = end_iep_forms(by=parish.coordinator, assignment=role)
    role.refresh_from_db()
    assert (role.iep_forms, role.end_reason) == (True, EndReason.IEP_FORMS_ENDED)
    assert (goes_on.iep_forms, goes_on.request, goes_on.role) == (False, approved, role.role)
    held = parish.asker.assignments.in_force().filter(district=parish.district)
    assert list(held) == [goes_on]


@pytest.mark.rule("SEC-15")
def test_ending_iep_forms_twice_changes_nothing(browse, parish, approved):
    role = grant(by=parish.coordinator, request=approved)[0]
    client = browse(parish.coordinator)
    for _ in range(2):
        client.post(f"/access/roles/{role.pk}/end-iep-forms")
    assert parish.asker.assignments.filter(district=parish.district).count() == 2


@pytest.mark.rule("SEC-15")
def test_iep_forms_is_ended_by_who_grants_there_and_not_by_oneself(parish, neighbour, approved):
    role = grant(by=parish.coordinator, request=approved)[0]
    for stranger in (neighbour.coordinator, parish.supervisor, parish.asker):
        with pytest.raises(NotAllowed, match="can end IEP Forms access"):
            end_iep_forms(by=stranger, assignment=role)
    own = assign(by=None, user=parish.coordinator, role=role.role, district=parish.district, iep_forms=True)
    with pytest.raises(NotAllowed, match="your own access"):
        end_iep_forms(by=parish.coordinator, assignment=own)


@pytest.mark.rule("SEC-41")
def test_without_iep_forms_a_role_outlives_no_end_that_was_recorded(parish, approved):
    role = grant(by=parish.coordinator, request=approved)[0]
    change_duties(by=parish.coordinator, user=parish.asker, district=parish.district, note="moved")
    with pytest.raises(RuleBroken, match="is recorded already"):
        end_iep_forms(by=parish.coordinator, assignment=role)
    ahead = timezone.localdate() + timedelta(days=9)
    later = assign(
        by=None, user=parish.asker, role=role.role, site=parish.school, iep_forms=True, first_day=ahead
    )
    assert end_iep_forms(by=parish.coordinator, assignment=later).first_day == ahead


@pytest.mark.rule("SEC-16")
@pytest.mark.parametrize("step", ["supervisor", "coordinator"])
def test_a_denial_needs_a_reason_at_either_step_and_the_requester_is_told(parish, asked, step):
    if step == "coordinator":
        approve(by=parish.supervisor, request=asked)
    decider = getattr(parish, step)
    with pytest.raises(RuleBroken) as refused:
        deny(by=decider, request=asked, reason=" ")
    assert refused.value.field == "reason"
    denied = deny(by=decider, request=asked, reason="Not in your duties.")
    assert (denied.state, denied.closed_by) == (RequestState.DENIED, decider)
    assert "Not in your duties." in Notice.objects.get(user=parish.asker).words
    assert not Assignment.objects.filter(user=parish.asker).exists()


@pytest.mark.rule("SEC-17")
@pytest.mark.parametrize(
    ("today", "late"), [((2026, 9, 18), False), ((2026, 9, 21), True)], ids=["10 days", "11 days"]
)
def test_after_ten_business_days_the_other_approver_is_told_once(parish, asked, clock, today, late):
    """Asked on Thursday, Sep 3; Labor Day is closed."""
    calendar = make.CalendarFactory(district=parish.district, school_year__state=parish.district.state)
    calendar.closed.create(day="2026-09-07", reason="Labor Day")
    asked.submitted_at = noon(2026, 9, 3)
    asked.save()
    clock(*today)
    assert [escalate_requests(), escalate_requests()] == [int(late), 0]
    told = Notice.objects.filter(key=f"request-{asked.pk}-late")
    assert [row.user for row in told] == ([parish.coordinator] if late else [])


def noon(*day: int) -> datetime:
    return datetime(*day, 12, tzinfo=CHICAGO)


@pytest.mark.rule("SEC-17")
def test_one_that_waits_for_the_coordinator_is_told_to_the_supervisor(parish, approved, clock):
    approved.submitted_at = noon(2026, 9, 3)
    approved.save()
    clock(2026, 12, 1)
    escalate_requests()
    assert Notice.objects.get(key=f"request-{approved.pk}-late").user == parish.supervisor


@pytest.mark.rule("SEC-18")
@pytest.mark.parametrize("who", ["page", "api"])
def test_another_districts_coordinator_does_not_find_it(browse, parish, neighbour, approved, who):
    client = browse(neighbour.coordinator)
    if who == "page":
        address = f"/access/requests/{approved.pk}/"
        told = {client.get(address).status_code, client.post(f"{address}grant").status_code}
    else:
        address = f"/api/access-requests/{approved.pk}/"
        told = {client.get(address).status_code, client.post(f"{address}grant/").status_code}
    assert told == {404}
    approved.refresh_from_db()
    assert approved.state == RequestState.APPROVED


@pytest.mark.rule("SEC-18")
def test_the_state_looks_but_does_not_decide(parish, asked):
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    assert deciding.requests_seen_by(state).get() == asked
    with pytest.raises(NotAllowed):
        approve(by=state, request=asked)


@pytest.mark.rule("SEC-01")
@pytest.mark.parametrize("step", ["approve", "grant"])
def test_in_a_new_school_year_nothing_is_approved_until_its_policy_is_recorded(parish, asked, step, clock):
    verb, by = (approve, parish.supervisor) if step == "approve" else (grant, parish.coordinator)
    if step == "grant":
        approve(by=parish.supervisor, request=asked)
    clock(2031, 9, 1)
    with pytest.raises(RuleBroken, match="has recorded no security policy for 2031-32"):
        verb(by=by, request=asked)
    make.PolicyFactory(district=parish.district)
    assert verb(by=by, request=asked)


@pytest.mark.rule("SEC-01")
def test_a_district_may_choose_to_be_warned_only(parish, asked, clock):
    clock(2031, 9, 1)
    AccessSettings.objects.create(district=parish.district, policy_required=False)
    assert approve(by=parish.supervisor, request=asked).state == RequestState.APPROVED
    checks = {check.text: check.tone for check in checks_of(parish.district)}
    assert checks["Security policy 2031-32 is missing"] == "bad"


@pytest.mark.rule("SEC-19")
def test_without_a_designated_coordinator_nothing_is_approved(parish, asked):
    Designation.objects.all().delete()
    with pytest.raises(RuleBroken, match="no security coordinator designated by its superintendent"):
        approve(by=parish.supervisor, request=asked)


@pytest.mark.rule("ROL-05")
def test_what_was_asked_before_the_cut_over_is_not_granted_after_it(parish, clock):
    clock(2022, 9, 4)
    make.PolicyFactory(district=parish.district)
    asked = ask(by=parish.asker, wanted=Wanted(Role.READER, (parish.academy,), "IEP due before September 5"))
    approve(by=parish.supervisor, request=asked)
    clock(2022, 9, 5)
    with pytest.raises(RuleBroken, match="Ask for Cypress Parish instead"):
        grant(by=parish.coordinator, request=asked)


@pytest.mark.parametrize("first", [approve, deny, withdraw])
def test_a_stale_tab_gets_a_sentence_and_nothing_doubles(browse, parish, asked, first):
    by = parish.asker if first is withdraw else parish.supervisor
    first(by=by, request=asked, **({"reason": "no"} if first is deny else {}))
    answer = browse(parish.supervisor).post(f"/access/requests/{asked.pk}/approve", follow=True)
    assert "Nothing was changed." in answer.content.decode()


def test_granting_twice_gives_one_role_for_each_place(browse, parish, approved):
    client = browse(parish.coordinator)
    for _ in range(2):
        client.post(f"/access/requests/{approved.pk}/grant")
    assert parish.asker.assignments.count() == 2


def test_only_the_requester_withdraws(parish, asked):
    with pytest.raises(NotAllowed):
        withdraw(by=parish.supervisor, request=asked)
    assert withdraw(by=parish.asker, request=asked).state == RequestState.WITHDRAWN


def test_the_desk_shows_what_is_mine_to_decide(browse, parish, asked):
    assert "Approve<span" in browse(parish.supervisor).get("/access/").content.decode()
    page = browse(parish.coordinator).get("/access/").content.decode()
    assert "Grant<span" not in page
    assert "Only a special education supervisor of Cypress Parish can decide this now." in page


@pytest.mark.parametrize("role", [Role.SPED_SUPERVISOR, Role.SUPERINTENDENT])
def test_no_link_of_the_desk_leads_to_a_refusal(browse, parish, role):
    client = browse(make.UserFactory(role=role, role__district=parish.district))
    page = client.get("/access/").content.decode()
    links = set(re.findall(r'href="((?:/access|/people|/support)[^"#]*)', page))
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_api_goes_the_same_way(browse, parish):
    sent = {"role": "reader", "sites": [parish.school.pk], "reason": "covers for a colleague"}
    created = browse(parish.asker).post("/api/access-requests/", sent, "application/json")
    assert created.status_code == 201, created.json()
    address = f"/api/access-requests/{created.json()['id']}/"
    assert browse(parish.coordinator).post(f"{address}grant/").status_code == 400
    assert browse(parish.supervisor).post(f"{address}approve/").json()["state"] == "approved"
    granted = browse(parish.coordinator).post(f"{address}grant/").json()
    assert (granted["state"], len(granted["assignments"])) == ("granted", 1)


def test_every_deed_leaves_a_line_of_its_district(parish, approved):
    grant(by=parish.coordinator, request=approved)
    kinds = set(Entry.objects.filter(district_id=parish.district.pk).values_list("kind", flat=True))
    assert {"ACCESS_REQUESTED", "ACCESS_APPROVED", "ACCESS_GRANTED", "ROLE_GIVEN"} <= kinds


@pytest.mark.rule("SEC-21")
@pytest.mark.parametrize(
    ("way", "sent"),
    [
        ("/evaluations/refer/{child}/", {"kind": "INIT", "reason": "reads late"}),
        ("/students/{child}/enter", {"grade": "06"}),
        ("/ieps/start/{child}/", {"kind": "INI"}),
        ("/api/evaluations/", {"student": "{child}", "kind": "INIT", "on": "2026-09-01", "reason": "x"}),
        ("/api/ieps/", {"student": "{child}", "kind": "INI"}),
    ],
)
def test_a_reader_writes_nothing_and_the_attempt_is_noted(browse, parish, way, sent):
    child = make.StudentFactory(district=parish.district, district__site=parish.school)
    reader = make.UserFactory(role=Role.READER, role__district=parish.district)
    address = way.format(child=child.pk)
    body = {key: child.pk if value == "{child}" else value for key, value in sent.items()}
    kind = {"content_type": "application/json"} if way.startswith("/api/") else {}
    assert browse(reader).post(address, body, **kind).status_code == 403
    assert Entry.objects.filter(kind="WRITE_REFUSED", actor_id=reader.pk).count() == 1


@pytest.mark.rule("SEC-18")
@pytest.mark.rule("ROL-09")
@pytest.mark.parametrize("move", ["approve", "grant"])
def test_a_site_that_went_to_another_district_is_not_given_away(parish, neighbour, move):
    request = make.AccessRequestFactory(
        district=parish.district, requester=make.UserFactory(), places=[parish.academy]
    )
    if move == "grant":
        approve(by=parish.supervisor, request=request)
    today = timezone.localdate()
    parish.academy.affiliations.update(last_day=today - timedelta(days=1))
    make.AffiliationFactory(site=parish.academy, district=neighbour.district, first_day=today)
    person = parish.supervisor if move == "approve" else parish.coordinator
    with pytest.raises(RuleBroken, match="not in the care of Cypress Parish any more"):
        {"approve": approve, "grant": grant}[move](by=person, request=request)
    assert not request.requester.assignments.exists()


@pytest.mark.rule("SEC-43")
def test_what_was_asked_before_leaving_is_not_granted_to_who_returns(parish, approved):
    depart(by=parish.coordinator, user=approved.requester, district=parish.district)
    with pytest.raises(RuleBroken, match="Who returns asks again"):
        grant(by=parish.coordinator, request=approved)
    assert deny(by=parish.coordinator, request=approved, reason="left").state == RequestState.DENIED


def test_who_asks_after_a_departure_is_given_access(parish, asked):
    depart(by=parish.coordinator, user=asked.requester, district=parish.district)
    withdraw(by=asked.requester, request=asked)
    again = make.AccessRequestFactory(district=parish.district, requester=asked.requester)
    approve(by=parish.supervisor, request=again)
    assert grant(by=parish.coordinator, request=again)
