"""Several people in one IEP: who is where, whose changes came together, and a section taken out."""

import time
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.urls import reverse

from ieps import presence
from ieps.models import CheckOut
from security import scope
from security.rules.roles import Role
from tests.conftest import asked
from tests.factories import DistrictFactory, SectionTextFactory, UserFactory
from tests.ieps.test_pages import autosave, page, stands, version_shown

BEGUN = "Reads maps well. Likes music. Needs time to answer."
FRAME = 6  # session, user, holdings and scope, and the transaction


def here(client, iep, section: str = "GSI", **asked):
    address = reverse("ieps:here_in", args=[iep.pk, section])
    return client.get(address, asked, headers={"x-renews-itself": "yes"})


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def begun(draft, dana):
    SectionTextFactory(iep=draft, text=BEGUN, saved_by=dana)
    return draft


def later(iep, seconds: float) -> None:
    key = f"in-iep-{iep.pk}"
    kept = {
        who: replace(each, seen=each.seen - seconds, typed=each.typed and each.typed - seconds)
        for who, each in cache.get(key).items()
    }
    cache.set(key, kept)


def test_the_others_see_who_is_in_a_section_and_when_they_typed(draft, dana, kofi, browse):
    mine, theirs = browse(dana), browse(kofi)
    token = version_shown(mine, draft)
    assert "<strong>Dana Mouton</strong> is in this section, reading." in words(theirs.get(page(draft)))
    autosave(mine, draft, token, strengths="Reads maps.")
    later(draft, 18)
    assert "Dana Mouton</strong> is in this section, typing 20 seconds ago." in words(here(theirs, draft))
    assert "Dana" not in words(here(mine, draft))
    listed = words(here(theirs, draft, "ACC", **{"in": "GSI,ACC,"}))
    assert '<span class="e-face e-face--3" aria-hidden="true">DM</span>Dana Mouton</span>' in listed


def test_after_a_minute_they_are_gone(draft, dana, kofi, browse):
    browse(dana).get(page(draft))
    later(draft, presence.STAYS + 1)
    assert "Dana" not in words(here(browse(kofi), draft))


def test_a_poll_costs_one_query_writes_nothing_and_keeps_nobody_signed_in(begun, dana, kofi, browse):
    client = browse(kofi)
    here(client, begun)
    with asked() as statements:
        answer = here(client, begun)
    assert len(statements) <= FRAME + 1
    assert not [each for each in map(str, statements) if each.startswith(("INSERT", "UPDATE"))]
    assert "X-Signed-In-Until" not in answer.headers
    assert BEGUN not in words(answer)


def test_who_may_not_see_the_iep_is_told_nothing(draft, dana, browse):
    browse(dana).get(page(draft))
    stranger = browse(UserFactory(role=Role.IEP_AUTHOR, role__district=DistrictFactory()))
    assert here(stranger, draft).status_code == 404
    assert stranger.get(reverse("ieps:here", args=[draft.pk])).status_code == 404
    assert hold(stranger, draft, "take").status_code == 404


def test_changes_that_lie_apart_come_together_and_both_are_told(begun, dana, kofi, browse):
    mine, theirs = browse(dana), browse(kofi)
    token = version_shown(mine, begun)
    autosave(theirs, begun, version_shown(theirs, begun), strengths=f"{BEGUN} And quiet.")
    answer = autosave(mine, begun, token, strengths=f"At home: {BEGUN}").json()
    both = f"At home: {BEGUN} And quiet."
    assert stands(begun) == answer["merged"]["strengths"]["text"] == both
    assert answer["merged"]["strengths"]["words"].startswith("Merged with Kofi Amédée’s change in")
    assert "Dana Mouton: Merged with Kofi Amédée’s change" in words(here(theirs, begun))
    shown = words(mine.get(reverse("ieps:history", args=[begun.pk, "GSI", "strengths"])))
    assert f"<p>At home: {BEGUN}</p>" in shown
    assert "Two texts for one field" not in words(mine.get(page(begun)))


def test_what_was_undone_leaves_the_change_of_the_other_and_says_so(begun, dana, kofi, browse):
    mine, theirs = browse(dana), browse(kofi)
    token = version_shown(mine, begun)
    autosave(theirs, begun, version_shown(theirs, begun), strengths=f"{BEGUN} And quiet.")
    answer = autosave(mine, begun, token, strengths=BEGUN).json()
    assert answer["merged"]["strengths"]["text"] == f"{BEGUN} And quiet."


def hold(client, iep, deed: str, **sent):
    address = reverse("ieps:hold", args=[iep.pk, "GSI"])
    return client.post(address, {"deed": deed, **sent}, headers={"hx-request": "true"})


def test_a_section_that_is_taken_out_says_so_and_keeps_no_word_of_others(draft, dana, kofi, browse):
    mine, theirs = browse(dana), browse(kofi)
    token = version_shown(mine, draft)
    assert "You have this section alone until" in words(hold(theirs, draft, "take"))
    answer = autosave(mine, draft, token, strengths="Reads maps.")
    assert answer.status_code == 423
    assert "Kofi Amédée has taken this section out" in answer.json()["message"]
    assert "Kofi Amédée has this section alone until" in words(here(mine, draft))
    saved = mine.post(page(draft), {"version": token, "strengths": "Reads maps."})
    assert (saved.status_code, "Reads maps.</textarea>" in saved.content.decode()) == (400, True)
    hold(theirs, draft, "give_back")
    assert autosave(mine, draft, token, strengths="Reads maps.").status_code == 200


def test_only_who_leads_is_offered_to_take_it_away(draft, dana, kofi, parish, browse):
    hold(browse(kofi), draft, "take")
    colleague = browse(UserFactory(role=Role.IEP_AUTHOR, role__district=parish))
    assert "Take it away" not in words(here(colleague, draft))
    assert "Take it away" in words(here(browse(dana), draft))
    assert "Say why it is taken away" in words(hold(browse(dana), draft, "take_away", reason=""))
    assert "Take this section out" in words(hold(browse(dana), draft, "take_away", reason="Meeting today."))


def test_opening_the_section_again_keeps_what_leaving_gave_up(draft, kofi, browse):
    client = browse(kofi)
    hold(client, draft, "take")
    hold(client, draft, "leave")
    client.get(page(draft))
    with scope.system():
        assert CheckOut.objects.get().until.timestamp() - time.time() > 60 * 29


@pytest.mark.parametrize("deed", ["", "nothing"])
def test_another_deed_is_not_there(draft, dana, browse, deed):
    assert hold(browse(dana), draft, deed).status_code == 404


def test_where_the_cache_is_away_nobody_is_shown_and_everything_is_saved(draft, dana, browse, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0", "OPTIONS": {}}
    }
    client = browse(dana)
    autosave(client, draft, version_shown(client, draft), strengths="Reads maps.")
    assert stands(draft) == "Reads maps."
    assert here(client, draft).status_code == 200
