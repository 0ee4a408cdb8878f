"""Reminders, the digest and the calendar feed: for who chose them, told once, and of no child."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from caseload.actions.feed import end_feed, make_feed
from caseload.actions.remind import choose, digest_all, remind_all, week_in_words
from caseload.models import ReminderChoice
from caseload.views.reminders import PerFeed
from security import scope
from security.actions.tokens import end_tokens
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def solange(mine):
    return make.UserFactory(
        role=Role.EVALUATION_COORDINATOR, role__district=mine, email="solange@cypress.test"
    )


def due(person, district, days, **facts):
    child = make.StudentFactory(
        district=district, last_name="Quillfeather", state_student_id=f"47770{days + 99}"
    )
    facts = {"responsible": person, "due_on": TODAY + timedelta(days=days)} | facts
    return make.DeadlineFactory(student=child, district=district, **facts)


def words_of(person) -> list[str]:
    return [notice.words for notice in person.notices.order_by("pk")]


def test_nobody_is_told_who_did_not_choose_it(mine, solange):
    due(solange, mine, 1)
    assert (remind_all(), digest_all()) == (0, 0)
    choose(by=solange, weekly=False, by_email=True, days_before=None)
    assert (remind_all(), digest_all()) == (0, 0)
    assert mail.outbox == []


def test_a_due_day_is_told_once_and_again_when_it_moves(mine, solange):
    choose(by=solange, weekly=False, by_email=False, days_before=7)
    near = due(solange, mine, 7)
    due(solange, mine, 8)
    due(solange, mine, -1)
    due(solange, mine, 2, standing="MET", met_on=TODAY)
    due(make.UserFactory(), mine, 3)
    assert (remind_all(), remind_all()) == (1, 0)
    assert remind_all(TODAY + timedelta(days=1)) == 1
    near.due_on += timedelta(days=-3)
    with scope.system():
        near.save()
    assert remind_all() == 1
    assert words_of(solange)[0].startswith("Evaluation is due on ")


def test_the_digest_counts_the_week_and_names_no_child(
    mine, solange, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.test"
    choose(by=solange, weekly=True, by_email=True, days_before=None)
    for days in (-5, -1, 0, 6, 7, 56, 57):
        due(solange, mine, days)
    due(solange, make.DistrictFactory(), 1)  # of a child that is out of reach
    with django_capture_on_commit_callbacks(execute=True):
        assert (digest_all(), digest_all()) == (1, 0)
    assert words_of(solange) == ["Your week: 2 overdue, 2 due this week, 2 later."]
    [letter] = mail.outbox
    assert letter.to == ["solange@cypress.test"]
    assert letter.subject == "Your week: 2 overdue, 2 due this week, 2 later"
    assert "Quillfeather" not in letter.subject + letter.body
    assert "47770" not in letter.body


def test_without_a_mail_server_no_letter_is_written(mine, solange, django_capture_on_commit_callbacks):
    choose(by=solange, weekly=True, by_email=True, days_before=None)
    due(solange, mine, 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert digest_all() == 1
    assert mail.outbox == []


def test_a_week_without_anything_is_not_told():
    assert week_in_words([], TODAY) == ""
    assert week_in_words([TODAY], TODAY) == "Your week: 1 due this week."


def test_the_feed_shows_days_and_no_child(mine, solange, client):
    deadline = due(solange, mine, 3)
    due(make.UserFactory(), mine, 4)
    due(solange, make.DistrictFactory(), 5)
    feed, secret = make_feed(by=solange)
    answer = client.get(reverse("caseload:feed", args=[secret]))
    body = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert body.count("BEGIN:VEVENT") == 1
    assert f"DTSTART;VALUE=DATE:{deadline.due_on:%Y%m%d}" in body
    assert "SUMMARY:Evaluation: due" in body
    assert "Quillfeather" not in body
    assert "47770" not in body
    assert secret not in feed.digest
    client.get(reverse("caseload:feed", args=[secret]))
    with scope.system():
        lines = AccessRecord.objects.filter(user=solange, what="calendar feed")
        assert [line.student_id for line in lines] == [deadline.student_id]  # once a day


def test_an_ended_or_replaced_or_closed_feed_is_not_there(mine, solange, client):
    first, second = make_feed(by=solange)[1], make_feed(by=solange)[1]
    assert client.get(reverse("caseload:feed", args=[first])).status_code == 404
    assert client.get(reverse("caseload:feed", args=[second])).status_code == 200
    end_feed(by=solange)
    assert client.get(reverse("caseload:feed", args=[second])).status_code == 404
    third = make_feed(by=solange)[1]
    solange.is_active = False
    solange.save()
    assert client.get(reverse("caseload:feed", args=[third])).status_code == 404


def test_the_feed_ends_with_the_tokens_of_the_account(mine, solange, client):
    """A new password, a lost second factor, a closed account: whoever knew it may have made the address."""
    secret = make_feed(by=solange)[1]
    coordinator = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)
    end_tokens(solange, by=coordinator, reason="Lost phone.")
    assert client.get(reverse("caseload:feed", args=[secret])).status_code == 404


def test_whoever_lost_the_role_finds_an_empty_feed(mine, solange, client):
    due(solange, mine, 3)
    secret = make_feed(by=solange)[1]
    solange.assignments.update(last_day=TODAY - timedelta(days=1))
    assert b"VEVENT" not in client.get(reverse("caseload:feed", args=[secret])).content


def test_whoever_asks_too_often_is_told_to_wait(solange, client, monkeypatch):
    monkeypatch.setattr(PerFeed, "rate", "2/hour")
    address = reverse("caseload:feed", args=[make_feed(by=solange)[1]])
    answers = [client.get(address) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 3000


def test_the_page_keeps_the_choice_and_shows_the_address_once(solange, browse):
    client = browse(solange)
    client.post("/caseload/reminders/", {"weekly": "on", "days_before": "7"})
    choice = ReminderChoice.objects.get(user=solange)
    assert (choice.weekly, choice.by_email, choice.days_before) == (True, False, 7)
    made = client.post("/caseload/reminders/feed", {"what": "make"}).content.decode()
    assert ".ics</p>" in made
    assert ".ics" not in client.get("/caseload/reminders/").content.decode()


def test_the_month_shows_its_due_days_mine_or_everybodys(mine, solange, browse):
    first = TODAY.replace(day=1)
    due(solange, mine, 0, due_on=first)
    due(None, mine, 1, due_on=first)
    due(solange, mine, 2, due_on=first - timedelta(days=1))
    client = browse(solange)
    asked = {"month": f"{first:%Y-%m}"}
    assert client.get("/caseload/calendar/", asked).content.decode().count("Quillfeather") == 1
    assert (
        client.get("/caseload/calendar/", asked | {"who": "all"}).content.decode().count("Quillfeather") == 2
    )
    for odd in ("2026-13", "x", "-", "99999-1", "2026-²"):
        assert client.get("/caseload/calendar/", {"month": odd}).status_code == 200
