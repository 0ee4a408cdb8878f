"""The superintendent designates, the state gives the role, the last coordinator stays."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from security.actions.assign import assign, end_assignment
from security.actions.designate import designate, process_designation, withdraw_designation
from security.models import Assignment, Departure, Designation, EndReason, Notice, User
from security.queries.desk import every_district
from security.queries.recorded import has_designated_coordinator
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def superintendent(parish):
    return make.UserFactory(role=Role.SUPERINTENDENT, role__district=parish.district)


@pytest.fixture
def state():
    return make.UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.mark.rule("SEC-19")
def test_the_state_processes_the_form_and_gives_the_role(browse, parish, superintendent, state):
    form = SimpleUploadedFile("form.pdf", b"%PDF-1.7 signed", "application/pdf")
    sent = {"user": parish.asker.pk, "form": form}
    browse(superintendent).post(f"/access/{parish.district.pk}/designate/", sent)
    waiting = Designation.objects.waiting().get()
    assert waiting.form.kind == "designation_form"
    assert "Yvette Thibaut" in browse(state).get("/access/").content.decode()
    browse(state).post(f"/access/designations/{waiting.pk}/process")
    role = Assignment.objects.get(user=parish.asker)
    assert (role.role, role.district, role.granted_by) == ("security_coordinator", parish.district, state)


@pytest.mark.rule("SEC-43")
def test_who_has_left_since_the_designation_gets_no_role(parish, superintendent, state):
    waiting = designate(by=superintendent, district=parish.district, user=parish.asker)
    Departure.objects.create(
        user=parish.asker, district=parish.district, ends_at=timezone.now(), recorded_by=superintendent
    )
    with pytest.raises(RuleBroken, match="has left Cypress Parish since"):
        process_designation(by=state, designation=waiting)


@pytest.mark.rule("SEC-10")
def test_whose_staff_id_has_gone_to_another_gets_no_role(parish, superintendent, state):
    waiting = designate(by=superintendent, district=parish.district, user=parish.asker)
    User.objects.filter(pk=parish.asker.pk).update(staff_id=None)
    with pytest.raises(RuleBroken, match="no open account with a linked staff ID"):
        process_designation(by=state, designation=waiting)


@pytest.mark.rule("SEC-19")
def test_the_states_page_lists_the_district_without_a_coordinator(parish):
    bare = make.DistrictFactory(name="Lakeside")
    lines = {line.district: line.coordinators for line in every_district()}
    assert lines == {parish.district: 1, bare: 0}


@pytest.mark.rule("SEC-19")
def test_an_ended_role_ends_the_designation(parish):
    role = Assignment.objects.get(user=parish.coordinator)
    end_assignment(by=None, assignment=role, reason=EndReason.EMPLOYMENT_ENDED)
    assert not has_designated_coordinator(parish.district)


@pytest.mark.parametrize("who", ["coordinator", "supervisor", "asker"])
def test_only_the_superintendent_designates(parish, who):
    with pytest.raises(NotAllowed, match="Only a superintendent of Cypress Parish"):
        designate(by=getattr(parish, who), district=parish.district, user=parish.asker)


def test_a_form_is_processed_once_and_by_the_state(parish, superintendent, state):
    submitted = designate(by=superintendent, district=parish.district, user=parish.asker)
    with pytest.raises(NotAllowed):
        process_designation(by=parish.coordinator, designation=submitted)
    process_designation(by=state, designation=submitted)
    with pytest.raises(RuleBroken, match="processed already"):
        process_designation(by=state, designation=submitted)
    assert Assignment.objects.filter(user=parish.asker).count() == 1


@pytest.mark.parametrize("who", ["superintendent", "state"])
def test_a_waiting_designation_is_withdrawn_and_the_person_can_be_designated_anew(
    browse, parish, superintendent, state, who
):
    waiting = designate(by=superintendent, district=parish.district, user=parish.asker)
    address = f"/access/designations/{waiting.pk}/withdraw"
    for stranger in (parish.coordinator, parish.asker):
        assert browse(stranger).post(address).status_code in (403, 404)
    by, other = (superintendent, state) if who == "superintendent" else (state, superintendent)
    browse(by).post(address)
    assert Notice.objects.filter(user=other, key=f"designation-{waiting.pk}-withdrawn").exists()
    with pytest.raises(Stale, match=f"withdrawn by {by}"):
        process_designation(by=state, designation=waiting)
    with pytest.raises(Stale):
        withdraw_designation(by=by, designation=waiting)
    again = designate(by=superintendent, district=parish.district, user=parish.asker)
    process_designation(by=state, designation=again)
    with pytest.raises(Stale, match="processed already"):
        withdraw_designation(by=by, designation=again)


@pytest.mark.parametrize(
    ("change", "sentence"), [("staff_id", "not linked a staff ID"), ("twice", "designated already")]
)
def test_who_cannot_be_designated(parish, superintendent, change, sentence):
    person = make.UserFactory(district=parish.district, staff_id=None if change == "staff_id" else "777001")
    if change == "twice":
        designate(by=superintendent, district=parish.district, user=person)
    with pytest.raises(RuleBroken, match=sentence):
        designate(by=superintendent, district=parish.district, user=person)


@pytest.mark.rule("SEC-19")
def test_nobody_processes_a_form_of_their_own(parish, superintendent):
    assign(by=None, user=superintendent, role=Role.SEA_ADMINISTRATOR)
    waiting = designate(by=superintendent, district=parish.district, user=parish.asker)
    with pytest.raises(NotAllowed, match="Another state administrator"):
        process_designation(by=superintendent, designation=waiting)


@pytest.mark.rule("SEC-20")
def test_of_two_coordinators_both_act(browse, parish):
    second = make.DesignationFactory(district=parish.district).user
    for person in (parish.coordinator, second):
        assert browse(person).get(f"/access/{parish.district.pk}/settings/").status_code == 200


@pytest.mark.rule("SEC-20")
@pytest.mark.parametrize("reason", [EndReason.NO_LONGER_NEEDED, EndReason.REVIEW, EndReason.DUTIES_CHANGED])
def test_the_last_coordinator_is_not_removed(parish, reason):
    second = make.DesignationFactory(district=parish.district)
    end_assignment(by=None, assignment=second.assignment, reason=reason)
    last = Assignment.objects.get(user=parish.coordinator)
    with pytest.raises(RuleBroken, match="is the last security coordinator of Cypress Parish"):
        end_assignment(by=None, assignment=last, reason=reason)
    assert has_designated_coordinator(parish.district)


@pytest.mark.rule("SEC-20")
def test_of_two_coordinators_not_both_get_an_end_ahead(parish):
    """Each would be the other's reason to go."""
    second = make.DesignationFactory(district=parish.district)
    ahead = timezone.now() + timedelta(days=5)
    end_assignment(by=None, assignment=second.assignment, reason=EndReason.DUTIES_CHANGED, at=ahead)
    last = Assignment.objects.get(user=parish.coordinator)
    with pytest.raises(RuleBroken, match="is the last security coordinator of Cypress Parish"):
        end_assignment(by=None, assignment=last, reason=EndReason.DUTIES_CHANGED, at=ahead)
