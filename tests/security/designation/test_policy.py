"""What a district records each school year."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from journal.models import Entry
from security.actions.choices import choose
from security.actions.policy import record_policy, record_procedure, record_training
from security.models import AccessSettings, SecurityPolicy, Training
from security.queries.desk import checks_of
from security.queries.recorded import training_recorded
from security.refusals import NotAllowed
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.rule("SEC-02")
@pytest.mark.parametrize("section", ["", "   "])
def test_a_policy_without_its_iep_section_is_refused_beside_the_field(browse, parish, section):
    sent = {"adopted_on": "2026-07-28", "iep_section": section}
    answer = browse(parish.coordinator).post(f"/access/{parish.district.pk}/policy/", sent)
    assert answer.status_code == 400
    assert "iep_section" in answer.context["form"].errors
    assert SecurityPolicy.objects.count() == 1


@pytest.mark.rule("SEC-02")
def test_the_database_takes_no_policy_without_it_either(parish):
    with pytest.raises(DatabaseError), transaction.atomic():
        make.PolicyFactory(district=parish.district, iep_section="")


@pytest.mark.rule("SEC-02")
def test_a_policy_with_its_section_is_recorded_for_this_year(parish):
    policy = record_policy(
        by=parish.supervisor, district=parish.district, adopted_on=date(2026, 7, 28), iep_section="Section 4"
    )
    assert SecurityPolicy.objects.first() == policy


@pytest.mark.rule("SEC-03")
def test_a_training_has_day_topic_and_attendees(browse, parish):
    sent = {"held_on": "2026-08-06", "topic": "Passwords", "attendees": [parish.asker.pk]}
    answer = browse(parish.coordinator).post(f"/access/{parish.district.pk}/training/", sent)
    assert answer.status_code == 302
    training = Training.objects.get()
    assert (training.topic, list(training.attendees.all())) == ("Passwords", [parish.asker])


@pytest.mark.rule("SEC-03")
@pytest.mark.parametrize("missing", ["held_on", "topic", "attendees"])
def test_what_a_training_lacks_is_said(browse, parish, missing):
    sent = {"held_on": "2026-08-06", "topic": "Passwords", "attendees": [parish.asker.pk]}
    del sent[missing]
    answer = browse(parish.coordinator).post(f"/access/{parish.district.pk}/training/", sent)
    assert missing in answer.context["form"].errors
    assert not Training.objects.exists()


@pytest.mark.rule("SEC-03")
def test_a_training_counts_for_the_school_year_in_which_it_was_held(parish):
    record_training(
        by=parish.coordinator, district=parish.district, held_on=date(2026, 6, 30), topic="Passwords",
        attendees=[parish.asker],
    )  # fmt: skip
    assert training_recorded(parish.district, "2025-26")
    assert not training_recorded(parish.district, "2026-27")


@pytest.mark.rule("SEC-45")
def test_a_missing_removal_procedure_is_warned_about_until_it_is_recorded(parish):
    def procedure():
        return next(check for check in checks_of(parish.district) if "Removal procedure" in check.text)

    assert (procedure().tone, "missing" in procedure().text) == ("warn", True)
    record_procedure(by=parish.coordinator, district=parish.district, steps="The principal tells us.")
    assert procedure().tone == "good"


def test_another_district_records_nothing_here(browse, parish, neighbour):
    with pytest.raises(NotAllowed):
        record_procedure(by=neighbour.coordinator, district=parish.district, steps="x")
    for name in ("policy", "procedure", "training", "settings", "designate"):
        assert browse(neighbour.coordinator).get(f"/access/{parish.district.pk}/{name}/").status_code == 404


def test_what_the_rules_leave_open_the_coordinator_chooses_alone(browse, parish, neighbour):
    sent = {"assurance_period": "ROLLING", "review_months": "6", "site_requests": "WARN"}
    browse(parish.coordinator).post(f"/access/{parish.district.pk}/settings/", sent)
    chosen = AccessSettings.objects.get(district=parish.district)
    assert (chosen.assurance_period, chosen.review_months, chosen.policy_required) == ("ROLLING", 6, False)
    assert "review_months" in Entry.objects.get(kind="ACCESS_SETTINGS").words
    for stranger in (neighbour.coordinator, parish.supervisor, make.UserFactory(role=Role.SEA_ADMINISTRATOR)):
        with pytest.raises(NotAllowed, match="Only a security coordinator of Cypress Parish"):
            choose(by=stranger, district=parish.district, choices={"policy_required": True})
