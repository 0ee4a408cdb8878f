"""A section taken out by one person: nobody else saves there, until it is given back, over or taken away."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ieps.actions import TakenOut, give_back, leave, save_text, take_away, take_out
from ieps.models import CheckOut
from ieps.models.check_out import until_when
from journal.models import Entry
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import IepFactory, UserFactory

pytestmark = pytest.mark.usefixtures("as_system")


def save(by, iep, section="GSI", field="strengths", text="Reads maps."):
    return save_text(by=by, iep=iep, section=section, field=field, text=text, version=0)


def is_free(iep, by, section="GSI") -> bool:
    """Would a save of this person be taken there?"""
    try:
        with transaction.atomic():
            save(by, iep, section)
            transaction.set_rollback(True)
    except TakenOut:
        return False
    return True


def let_pass(minutes: int) -> None:
    """All that is written of check-outs was so many minutes earlier."""
    for row in CheckOut.objects.all():
        row.taken_at -= timedelta(minutes=minutes)
        row.until -= timedelta(minutes=minutes)
        row.save()


@pytest.fixture
def taken(draft, kofi):
    return take_out(by=kofi, iep=draft, section="GSI")


def test_who_takes_a_section_out_saves_there_alone(draft, dana, kofi, taken):
    assert save(kofi, draft).text == "Reads maps."
    with pytest.raises(TakenOut, match="Kofi Amédée has taken this section out .* until"):
        save(dana, draft)
    assert Entry.objects.get(kind="IEP_SECTION_TAKEN_OUT").details == {"iep": draft.pk, "section": "GSI"}


def test_another_section_is_free_meanwhile(draft, dana, taken):
    assert save(dana, draft, "ACC", "staff_support").text == "Reads maps."


def test_a_second_person_does_not_get_it_and_the_database_keeps_it_so(draft, dana, taken):
    with pytest.raises(TakenOut):
        take_out(by=dana, iep=draft, section="GSI")
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckOut.objects.create(iep=draft, section="GSI", by=dana, until=until_when())


def test_a_reader_takes_nothing_out(draft, parish):
    with pytest.raises(NotAllowed, match="can write in an IEP"):
        take_out(by=UserFactory(role=Role.READER, role__district=parish), iep=draft, section="GSI")


def test_it_ends_thirty_minutes_after_the_last_keystroke(draft, dana, kofi, taken):
    let_pass(20)
    save(kofi, draft)
    let_pass(20)
    assert not is_free(draft, dana)
    let_pass(11)
    assert is_free(draft, dana)


def test_after_its_time_somebody_else_takes_it(draft, dana, kofi, taken):
    let_pass(31)
    assert take_out(by=dana, iep=draft, section="GSI").by == dana
    assert not is_free(draft, kofi)
    assert [row.end for row in CheckOut.objects.order_by("pk")] == ["EXPIRED", ""]


def test_it_is_given_back(draft, dana, kofi, taken):
    give_back(by=dana, iep=draft, section="GSI")
    assert not is_free(draft, dana)
    give_back(by=kofi, iep=draft, section="GSI")
    assert is_free(draft, dana)
    assert Entry.objects.filter(kind="IEP_SECTION_GIVEN_BACK", actor_id=kofi.pk).count() == 1


def test_who_left_the_page_loses_it_in_a_minute_and_keeps_it_when_back(draft, dana, kofi, taken):
    leave(by=kofi, iep=draft, section="GSI")
    assert not is_free(draft, dana)
    take_out(by=kofi, iep=draft, section="GSI")
    let_pass(2)
    assert not is_free(draft, dana)
    leave(by=kofi, iep=draft, section="GSI")
    let_pass(2)
    assert is_free(draft, dana)


@pytest.mark.parametrize("who", ["the case manager", "the supervisor"])
def test_who_leads_takes_it_away_with_a_reason_and_the_holder_is_told(draft, dana, kofi, parish, taken, who):
    supervisor = UserFactory(role=Role.SPED_SUPERVISOR, role__district=parish)
    by = dana if who == "the case manager" else supervisor
    with pytest.raises(RuleBroken, match="Say why"):
        take_away(by=by, iep=draft, section="GSI", reason=" ")
    take_away(by=by, iep=draft, section="GSI", reason="The meeting is today.")
    assert is_free(draft, dana)
    assert Entry.objects.get(kind="IEP_CHECK_OUT_BROKEN").details["reason"] == "The meeting is today."
    assert kofi.notices.get().words.startswith(str(by))


def test_others_do_not_take_it_away(draft, parish, taken):
    colleague = UserFactory(role=Role.IEP_AUTHOR, role__district=parish)
    with pytest.raises(NotAllowed, match="So can the case manager of this IEP"):
        take_away(by=colleague, iep=draft, section="GSI", reason="I want it.")


def test_nothing_is_taken_away_from_nobody(draft, dana):
    with pytest.raises(RuleBroken, match="Nobody has this section alone"):
        take_away(by=dana, iep=draft, section="GSI", reason="The meeting is today.")


def test_an_official_iep_is_not_taken_out(child, parish, dana):
    official = IepFactory(student=child, district=parish, status="OFFICIAL")
    with pytest.raises(RuleBroken, match="This IEP is no draft"):
        take_out(by=dana, iep=official, section="GSI")


def test_the_database_wants_a_reason_for_a_broken_one(taken):
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckOut.objects.filter(pk=taken.pk).update(ended_at=timezone.now(), end="BROKEN")
