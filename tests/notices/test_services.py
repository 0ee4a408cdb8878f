"""Consent to the first services: given, refused, withdrawn; services end only after the parents were told."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from notices import actions
from notices.actions import Handed, SignedAnswer, Typed
from notices.models import ServicesConsent
from notices.rules.kinds import Kind
from security import scope
from security.refusals import NotAllowed, RuleBroken
from tests.factories import ActivityFactory, EnrollmentFactory
from tests.notices.conftest import complete

GIVEN, REVOKED, TOLD = date(2026, 9, 1), date(2026, 9, 20), date(2026, 9, 24)
YES = SignedAnswer(True, GIVEN, "Corinne Dupre")


@pytest.fixture
def consented(child, coordinator):
    with scope.system():
        return actions.answer_services(by=coordinator, student=child, signed=YES)


@pytest.fixture
def revoked(consented, child, coordinator):
    with scope.system():
        return actions.revoke_services(by=coordinator, student=child, on=REVOKED, how="A letter")


def told(child, by, on: date) -> None:
    """A prior written notice that services end, delivered on the day."""
    typed = Typed(complete(Kind.PRIOR_WRITTEN), event_on=on + timedelta(days=10))
    notice = actions.draft(by=by, student=child, kind="PWN", typed=typed)
    actions.issue(by=by, notice=notice, on=on)
    actions.deliver(by=by, notice=notice, handed=Handed("HAND", on, "Corinne Dupre"))


@pytest.mark.usefixtures("as_system")
class TestConsent:
    @pytest.mark.rule("DEADLINE-D06")
    def test_services_may_begin_while_a_consent_stands(self, consented, child, coordinator):
        assert list(ServicesConsent.objects.standing()) == [consented]
        actions.revoke_services(by=coordinator, student=child, on=REVOKED, how="A letter")
        assert not ServicesConsent.objects.standing().exists()

    def test_a_refusal_is_kept_and_may_be_followed_by_a_consent(self, child, coordinator):
        refused = SignedAnswer(False, GIVEN, "Corinne Dupre")
        actions.answer_services(by=coordinator, student=child, signed=refused)
        assert not ServicesConsent.objects.standing().exists()
        actions.answer_services(by=coordinator, student=child, signed=YES)
        assert ServicesConsent.objects.standing().count() == 1
        with pytest.raises(RuleBroken, match=r"The consent of Sep 1, 2026 stands"):
            actions.answer_services(by=coordinator, student=child, signed=refused)

    def test_an_answer_stays_as_it_came_in(self, consented):
        with pytest.raises(ProgrammingError, match="answer_stays"), transaction.atomic():
            ServicesConsent.objects.update(given=False)

    @pytest.mark.parametrize(
        ("on", "how", "sentence"),
        [
            (GIVEN - timedelta(days=1), "A letter", "before the consent of Sep 1, 2026"),
            (REVOKED, " ", "must do so in writing"),
            (date(2999, 1, 1), "A letter", "in the future"),
        ],
    )
    def test_what_cannot_be_a_withdrawal(self, consented, child, coordinator, on, how, sentence):
        with pytest.raises(RuleBroken, match=sentence):
            actions.revoke_services(by=coordinator, student=child, on=on, how=how)

    def test_without_a_consent_nothing_is_withdrawn_and_no_services_end(self, child, coordinator):
        with pytest.raises(RuleBroken, match="no consent to services"):
            actions.revoke_services(by=coordinator, student=child, on=REVOKED, how="A letter")
        with pytest.raises(RuleBroken, match="no withdrawn consent"):
            actions.end_services(by=coordinator, student=child, on=REVOKED)

    @pytest.mark.rule("DEADLINE-D07")
    @pytest.mark.rule("DEADLINE-D20")
    def test_services_end_after_the_notice_and_louisianas_ten_days(self, revoked, child, coordinator):
        """34 CFR 300.300(b)(4)(i); RS 17:1946.1."""
        with pytest.raises(RuleBroken, match="only after the parents had a prior written notice"):
            actions.end_services(by=coordinator, student=child, on=TOLD)
        told(child, coordinator, TOLD)
        with pytest.raises(RuleBroken, match=r"came on Sep 24, 2026: .* at least 10 calendar days later"):
            actions.end_services(by=coordinator, student=child, on=TOLD + timedelta(days=9))
        ended = actions.end_services(by=coordinator, student=child, on=TOLD + timedelta(days=10))
        assert ended.services_end_on == date(2026, 10, 4)

    def test_with_them_special_education_ends_and_the_child_stays(self, revoked, child, coordinator, parish):
        activity = ActivityFactory(student=child, district=parish)
        enrollment = EnrollmentFactory(student=child, district=parish, seds_state="ACTIVE")
        told(child, coordinator, TOLD)
        actions.end_services(by=coordinator, student=child, on=date(2026, 10, 4))
        activity.refresh_from_db()
        enrollment.refresh_from_db()
        assert (activity.last_day, activity.exit_reason) == (date(2026, 10, 4), "X12")
        assert (enrollment.last_day, enrollment.seds_state) == (None, "NOT_ON")

    def test_a_day_ahead_may_change_and_falls_away_with_a_new_consent(
        self, revoked, child, coordinator, parish
    ):
        activity = ActivityFactory(student=child, district=parish)
        told(child, coordinator, TOLD)
        today = timezone.localdate()
        for days in (20, 25):
            ended = actions.end_services(by=coordinator, student=child, on=today + timedelta(days=days))
        activity.refresh_from_db()
        assert ended.services_end_on == activity.last_day == today + timedelta(days=25)
        again = SignedAnswer(True, today, "Corinne Dupre")
        actions.answer_services(by=coordinator, student=child, signed=again)
        activity.refresh_from_db()
        ended.refresh_from_db()
        assert (activity.last_day, ended.services_end_on) == (None, None)
        with pytest.raises(RuleBroken, match="no withdrawn consent"):
            actions.end_services(by=coordinator, student=child, on=today + timedelta(days=30))

    def test_a_day_that_has_come_stays(self, revoked, child, coordinator):
        told(child, coordinator, TOLD)
        actions.end_services(by=coordinator, student=child, on=date(2026, 10, 4))
        with pytest.raises(RuleBroken, match="no withdrawn consent"):
            actions.end_services(by=coordinator, student=child, on=date(2026, 12, 24))
        with pytest.raises(ProgrammingError, match="ended_once"), transaction.atomic():
            ServicesConsent.objects.update(services_end_on=date(2026, 12, 24))

    def test_an_earlier_notice_is_not_about_the_withdrawal(self, consented, child, coordinator):
        told(child, coordinator, REVOKED - timedelta(days=5))
        actions.revoke_services(by=coordinator, student=child, on=REVOKED, how="A letter")
        with pytest.raises(RuleBroken, match="only after the parents had"):
            actions.end_services(by=coordinator, student=child, on=date(2026, 12, 1))

    def test_a_registrar_takes_no_answer_about_services(self, child, registrar):
        with pytest.raises(NotAllowed, match="can write a notice to parents"):
            actions.answer_services(by=registrar, student=child, signed=YES)


def test_the_page_of_the_child_goes_the_way_with_them(child, coordinator, browse):
    client, page = browse(coordinator), reverse("notices:child", args=[child.pk])
    sent = {"given": "yes", "on": "9/1/2026", "signed_by": "Corinne Dupre"}
    client.post(reverse("notices:add", args=[child.pk, "services"]), sent)
    client.post(reverse("notices:add", args=[child.pk, "revocation"]), {"on": "9/20/2026", "how": "A letter"})
    refused = client.post(reverse("notices:add", args=[child.pk, "services-end"]), {"on": "12/1/2026"})
    assert (refused.status_code, "Services end only after" in refused.content.decode()) == (400, True)
    assert "services go on until a notice" in client.get(page).content.decode()
