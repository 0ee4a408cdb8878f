"""What the archive says beside the live records: stubs in the search, and older records (RLO-09)."""

from django.urls import reverse

from migration.archive.reach import find_stubs, packs_of
from migration.models import ArchivedStudent
from security.access import holds_anywhere
from security.models import User
from security.rules.roles import Permission
from students.extensions import Beside, Stub
from students.models import Student


def archived_children(user: User, words: str, most: int) -> list[Stub]:
    return [
        Stub(
            name=child.list_name,
            born=child.birth_date,
            district=str(child.district or "No district"),
            why="archived",
            url=reverse("migration:archived", args=[child.pk]),
        )
        for child in find_stubs(user, words, most)
    ]


def archived_records_exist(user: User, child: Student) -> Beside | None:
    """Of the packs that row-level security shows; the link for who may ask."""
    packs = list(packs_of(child))
    if not packs:
        return None
    number = sum(pack.records for pack in packs)
    words = f"{number:,} record{'s' if number > 1 else ''} older than the cut of the rollover."
    return Beside("Archived records exist", words, *_way(user, packs[0]))


def _way(user: User, pack: ArchivedStudent) -> tuple[str, str]:
    """Asked again by the page that it leads to."""
    may_ask = holds_anywhere(user, Permission.REQUEST_ARCHIVE)
    return (reverse("migration:archived", args=[pack.pk]), "Ask for them") if may_ask else ("", "")
