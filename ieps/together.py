"""What is shown of the people in an IEP and of the sections that somebody has alone."""

from dataclasses import dataclass, replace

from ieps.actions import take_out
from ieps.models import Iep
from ieps.presence import BEAT, Here, Holding, Room, beat, people, room
from security.access import holds_anywhere
from security.models import User
from security.rules.roles import Permission

MOST = 40  # sections of a list


@dataclass(frozen=True)
class Together:
    """What the head of a section shows. `held`: who has it alone, `mine` when it is this person; `others` are
    in it now; `may_take_away` as far as can be told without asking the database.
    """

    section: str
    others: list[Here]
    held: Holding | None
    mine: bool
    may_take_away: bool
    news: list[str]
    beat: int = BEAT


@dataclass(frozen=True)
class Place:
    """A section in a list: who else is in it, and who has it alone."""

    section: str
    names: list[str]
    held: Holding | None


Listed = tuple[Together | None, list[Place]]


def in_section(user: User, iep: Iep, section: str) -> Together | None:
    """This person opened the section, or came back to it. None where nothing is written any more."""
    everybody = list(beat(user, iep.pk, section).values())
    this = room(user, iep.pk) if iep.is_draft else None
    shown = this and _together(user, section, everybody, this)
    if shown and shown.mine:
        until = take_out(by=user, iep=iep, section=section).until
        return replace(shown, held=replace(shown.held, until=until))
    return shown


def in_list(user: User, iep_id: int, section: str, listed: list[str]) -> Listed | None:
    """Asked again and again by a page in this section ("" for none); None when the IEP is not to be seen."""
    this = room(user, iep_id)
    if this is None:
        return None
    everybody = list((beat(user, iep_id, section) if section else people(iep_id)).values())
    places = [_place(user, name, everybody, this) for name in listed[:MOST] if name]
    return (_together(user, section, everybody, this) if section else None), places


def _together(user: User, section: str, everybody: list[Here], this: Room) -> Together:
    here = [each for each in everybody if each.section == section]
    held = next((each for each in this.held if each.section == section), None)
    return Together(
        section=section,
        others=[each for each in here if each.user_id != user.pk],
        held=held,
        mine=held is not None and held.by_id == user.pk,
        may_take_away=this.author_id == user.pk or holds_anywhere(user, Permission.REASSIGN),
        news=[each.news for each in here if each.is_new],
    )


def _place(user: User, section: str, everybody: list[Here], this: Room) -> Place:
    held = next((each for each in this.held if each.section == section), None)
    known = {user.pk, held and held.by_id}
    names = [each.name for each in everybody if each.section == section and each.user_id not in known]
    return Place(section, names, held)
