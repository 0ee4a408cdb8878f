"""One username, one staff ID; what two want is kept and decided by a coordinator of either district."""

import pytest

from security.actions.staff_id import link_staff_id, resolve_conflict
from security.models import Notice, Resolution, StaffIdConflict, User
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(parish):
    return make.UserFactory(staff_id=None, district=parish.district)


@pytest.fixture
def holder(neighbour):
    return make.UserFactory(staff_id="A2041", district=neighbour.district)


@pytest.fixture
def conflict(new, holder):
    return link_staff_id(by=new, staff_id=" A2041 ")


@pytest.mark.rule("SEC-10")
def test_a_free_staff_id_is_linked(browse, new):
    browse(new).post("/access/staff-id/", {"staff_id": "A2041"})
    new.refresh_from_db()
    assert new.staff_id == "A2041"


@pytest.mark.rule("SEC-11")
def test_one_that_another_active_username_has_is_refused_and_both_districts_see_it(
    browse, new, holder, parish, neighbour
):
    answer = browse(new).post("/access/staff-id/", {"staff_id": "A2041"})
    assert answer.status_code == 400
    new.refresh_from_db()
    assert new.staff_id is None
    conflict = StaffIdConflict.objects.get()
    for coordinator in (parish.coordinator, neighbour.coordinator):
        assert Notice.objects.filter(user=coordinator, key=f"staff-id-conflict-{conflict.pk}").exists()
        assert "A2041" in browse(coordinator).get("/access/").content.decode()
        assert browse(coordinator).get(f"/access/staff-id/conflicts/{conflict.pk}/").status_code == 200


@pytest.mark.rule("SEC-11")
def test_a_third_districts_coordinator_does_not_find_it(browse, conflict):
    third = make.DesignationFactory().user
    assert browse(third).get(f"/access/staff-id/conflicts/{conflict.pk}/").status_code == 404


@pytest.mark.rule("SEC-11")
def test_of_somebody_who_has_left_it_goes_over(new, holder):
    holder.is_active = False
    holder.save()
    assert link_staff_id(by=new, staff_id="A2041") is None
    holder.refresh_from_db()
    assert (new.staff_id, holder.staff_id) == ("A2041", None)


@pytest.mark.parametrize("resolution", Resolution)
def test_a_coordinator_decides_with_a_reason(parish, conflict, new, holder, resolution):
    with pytest.raises(RuleBroken, match="Say why"):
        resolve_conflict(by=parish.coordinator, conflict=conflict, resolution=resolution, reason=" ")
    resolve_conflict(by=parish.coordinator, conflict=conflict, resolution=resolution, reason="Badge seen.")
    new.refresh_from_db()
    holder.refresh_from_db()
    goes_over = resolution == Resolution.CLAIMANT_GETS
    assert (new.staff_id, holder.staff_id) == (("A2041", None) if goes_over else (None, "A2041"))


def test_it_is_decided_once(parish, neighbour, conflict):
    decided = {"conflict": conflict, "resolution": Resolution.HOLDER_KEEPS, "reason": "Badge seen."}
    resolve_conflict(by=parish.coordinator, **decided)
    with pytest.raises(RuleBroken, match="has decided this already"):
        resolve_conflict(by=neighbour.coordinator, **decided)


def test_nobody_decides_about_their_own(conflict, new):
    make.DesignationFactory(user=new, district=new.district)
    with pytest.raises(NotAllowed, match="your own staff ID"):
        resolve_conflict(by=new, conflict=conflict, resolution=Resolution.CLAIMANT_GETS, reason="mine")


def test_asking_twice_is_one_conflict(conflict, new):
    assert link_staff_id(by=new, staff_id="A2041") == conflict


@pytest.mark.parametrize("odd", ["1", "12345678901", "20 417", "<b>", "²²²"])
def test_an_odd_staff_id_is_refused(new, odd):
    with pytest.raises(RuleBroken, match="3 to 10 digits or letters"):
        link_staff_id(by=new, staff_id=odd)


def given_to(claimant, conflict, coordinator):
    decided = {"resolution": Resolution.CLAIMANT_GETS, "reason": "Badge seen."}
    resolve_conflict(by=coordinator, conflict=conflict, **decided)
    assert User.objects.get(staff_id=conflict.staff_id) == claimant


def test_of_two_who_claim_one_staff_id_only_one_gets_it(parish, conflict, new, holder):
    second = make.UserFactory(staff_id=None, district=parish.district)
    other = link_staff_id(by=second, staff_id=holder.staff_id)
    given_to(new, conflict, parish.coordinator)
    with pytest.raises(Stale, match="any more"):
        given_to(second, other, parish.coordinator)
    assert User.objects.get(staff_id=conflict.staff_id) == new


def test_who_has_linked_another_staff_id_meanwhile_keeps_that_one(parish, conflict, new):
    link_staff_id(by=new, staff_id="900777")
    with pytest.raises(Stale, match="another staff ID"):
        given_to(new, conflict, parish.coordinator)
    assert User.objects.get(pk=new.pk).staff_id == "900777"


@pytest.mark.rule("SEC-11")
def test_of_two_people_without_a_district_the_state_decides(browse, parish):
    claimant, state = make.UserFactory(staff_id=None), make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    make.UserFactory(staff_id="A2041")
    conflict = link_staff_id(by=claimant, staff_id="A2041")
    assert Notice.objects.filter(user=state, key=f"staff-id-conflict-{conflict.pk}").exists()
    client, address = browse(state), f"/access/staff-id/conflicts/{conflict.pk}/"
    assert address in client.get("/access/").content.decode()
    with pytest.raises(NotAllowed, match="only a state administrator"):
        given_to(claimant, conflict, parish.coordinator)
    client.post(address, {"resolution": "CLAIMANT_GETS", "reason": "Badge seen."})
    assert User.objects.get(staff_id="A2041") == claimant


def test_where_one_of_them_has_a_district_the_state_does_not_decide(conflict):
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="of one of the two districts"):
        resolve_conflict(by=state, conflict=conflict, resolution=Resolution.HOLDER_KEEPS, reason="Seen.")
