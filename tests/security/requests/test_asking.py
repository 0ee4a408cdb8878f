"""Asking for access: who may, for which places, and what is refused with which sentence."""

import pytest

from organizations.models import District
from security.actions.requests import Wanted, ask
from security.models import AccessRequest, AccessSettings, Notice
from security.refusals import RuleBroken
from security.rules.requests import NOT_ASKED_FOR
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
BEFORE = (2022, 8, 20)


def wanted(*places, role=Role.SERVICE_PROVIDER, reason="speech therapy", iep_forms=False) -> Wanted:
    return Wanted(role, places, reason, iep_forms)


@pytest.mark.rule("SEC-10")
def test_without_a_staff_id_nobody_asks(parish):
    new = make.UserFactory(staff_id=None, district=parish.district)
    with pytest.raises(RuleBroken, match="Link your staff ID first"):
        ask(by=new, wanted=wanted(parish.school))


@pytest.mark.rule("SEC-10")
def test_the_page_leads_to_the_staff_id_first(browse, parish):
    new = make.UserFactory(staff_id=None, district=parish.district)
    page = browse(new).get("/access/ask/").content.decode()
    assert "Link your staff ID first." in page
    assert "/access/staff-id/" in page


def test_the_supervisor_is_told(parish):
    asked = ask(by=parish.asker, wanted=wanted(parish.school))
    assert Notice.objects.get(key=f"request-{asked.pk}-submitted").user == parish.supervisor


def test_several_places_of_one_district_are_one_request(parish):
    asked = ask(by=parish.asker, wanted=wanted(parish.district, parish.school))
    assert {row.place for row in asked.places.all()} == {parish.district, parish.school}
    assert asked.district == parish.district


def test_places_of_two_districts_are_two_requests(parish, neighbour):
    with pytest.raises(RuleBroken, match="one district at a time"):
        ask(by=parish.asker, wanted=wanted(parish.school, neighbour.district))


@pytest.mark.rule("ROL-12")
def test_a_site_that_nobody_oversees_has_nobody_to_decide(parish):
    with pytest.raises(RuleBroken, match="No district oversees"):
        ask(by=make.UserFactory(), wanted=wanted(make.NonpublicSiteFactory()))


@pytest.mark.parametrize("role", NOT_ASKED_FOR)
def test_some_roles_come_otherwise(parish, role):
    with pytest.raises(RuleBroken, match="not asked for here") as refused:
        ask(by=parish.asker, wanted=wanted(parish.school, role=role))
    assert refused.value.field == "role"


@pytest.mark.parametrize(
    ("changes", "field"), [({"reason": "  "}, "reason"), ({}, "places")], ids=["no reason", "no place"]
)
def test_what_is_missing_is_said_beside_its_field(parish, changes, field):
    places = () if field == "places" else (parish.school,)
    with pytest.raises(RuleBroken) as refused:
        ask(by=parish.asker, wanted=wanted(*places, **changes))
    assert refused.value.field == field


def test_a_replayed_form_asks_once(browse, parish):
    client, sent = browse(parish.asker), {"role": "service_provider", "reason": "speech therapy"}
    for _ in range(2):
        answer = client.post("/access/ask/", {**sent, "places": [f"site-{parish.school.pk}"]})
    assert answer.status_code == 400
    assert "asked for this role at Heron High already" in answer.content.decode()
    assert AccessRequest.objects.count() == 1


def test_what_one_has_is_not_asked_for_again(parish):
    holder = make.UserFactory(role=Role.READER, role__site=parish.school)
    with pytest.raises(RuleBroken, match="have this role at Heron High already"):
        ask(by=holder, wanted=wanted(parish.school, role=Role.READER))


def test_a_forged_place_is_not_on_offer(browse, parish, neighbour):
    sent = {"role": "reader", "reason": "curious", "places": [f"district-{neighbour.district.pk}"]}
    assert browse(parish.asker).post("/access/ask/", sent).status_code == 400
    assert not AccessRequest.objects.exists()


@pytest.mark.rule("ROL-03")
def test_before_the_cut_over_district_and_sites_are_one_request(parish, clock):
    clock(*BEFORE)
    second = make.AffiliationFactory(district=parish.district).site
    asked = ask(
        by=parish.asker,
        wanted=wanted(
            parish.district, parish.academy, second, role=Role.DATA_MANAGER,
            reason="IEP due before September 5",
        ),
    )  # fmt: skip
    assert [row.place for row in asked.places.all()] == [parish.district, parish.academy, second]


@pytest.fixture
def iep_at_the_academy(parish):
    """`iep_at_the_academy(date)`: a student there has an IEP of that meeting date."""

    def there(meeting_date):
        child = make.StudentFactory(
            district=parish.district, district__site=parish.academy, district__first_day=make.DAY_ONE
        )
        make.IepFactory(student=child, district=parish.district, status="OFFICIAL", meeting_date=meeting_date)

    return there


@pytest.mark.rule("ROL-04")
@pytest.mark.parametrize(
    ("meeting", "warned"), [("2021-09-04", False), ("2021-09-05", True), ("2022-03-01", True)]
)
def test_a_site_without_an_iep_due_before_the_cut_over_is_warned_about(
    parish, clock, iep_at_the_academy, meeting, warned
):
    clock(*BEFORE)
    iep_at_the_academy(meeting)
    asked = ask(by=parish.asker, wanted=wanted(parish.academy))
    assert bool(asked.warning) is warned


@pytest.mark.rule("ROL-04")
@pytest.mark.parametrize(("meeting", "refused"), [("2021-09-04", False), ("2022-03-01", True)])
def test_where_the_district_wants_it_such_a_request_is_refused(
    parish, clock, iep_at_the_academy, meeting, refused
):
    AccessSettings.objects.create(district=parish.district, site_requests="REFUSE")
    clock(*BEFORE)
    iep_at_the_academy(meeting)
    if not refused:
        assert ask(by=parish.asker, wanted=wanted(parish.academy)).pk
        return
    with pytest.raises(RuleBroken, match="St. Brendan School has an IEP due before September 5"):
        ask(by=parish.asker, wanted=wanted(parish.academy))


@pytest.mark.rule("ROL-05")
@pytest.mark.parametrize(("moment", "offered"), [((2022, 9, 4, 23, 59, 59), True), ((2022, 9, 5), False)])
def test_from_the_cut_over_on_the_form_offers_no_affiliated_site(browse, parish, clock, moment, offered):
    clock(*moment)
    page = browse(parish.asker).get("/access/ask/").content.decode()
    assert ("St. Brendan School" in page) is offered
    assert "Heron High" in page


@pytest.mark.rule("ROL-05")
def test_the_api_refuses_it_and_names_the_district(browse, parish):
    sent = {"role": "data_manager", "sites": [parish.academy.pk], "reason": "an IEP is due"}
    answer = browse(parish.asker).post("/api/access-requests/", sent, "application/json")
    assert answer.status_code == 400
    assert "Ask for Cypress Parish instead" in answer.json()["detail"]


@pytest.mark.rule("ROL-05")
def test_who_works_at_the_site_itself_still_asks_for_it(browse, parish):
    native = make.UserFactory()
    page = browse(native).get("/access/ask/", {"district": parish.district.pk}).content.decode()
    assert "St. Brendan School" in page
    assert ask(by=native, wanted=wanted(parish.academy)).district == parish.district


@pytest.mark.rule("ROL-05")
def test_a_person_with_a_role_for_the_whole_district_reaches_the_site_by_it(parish):
    holder = make.UserFactory(role=Role.DATA_MANAGER, role__district=parish.district)
    with pytest.raises(RuleBroken, match="Ask for Cypress Parish instead"):
        ask(by=holder, wanted=wanted(parish.academy, role=Role.READER))


@pytest.mark.parametrize("odd", ["abc", "9" * 30, "²", "\x00"])
def test_an_odd_district_in_the_address_offers_the_own_one(browse, parish, odd):
    assert "Heron High" in browse(parish.asker).get("/access/ask/", {"district": odd}).content.decode()
    assert District.objects.count() == 1
