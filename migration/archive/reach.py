"""Which live child a pack belongs to, which packs belong to a live child, and how stubs are found."""

import re

from django.db.models import Q, QuerySet

from migration.models import ArchivedStudent
from organizations.models import District
from security.access import holds_anywhere
from security.models import User
from security.rules.roles import Permission
from students.access import responsible_today
from students.models import Source, Student, every_record_of
from students.queries import begins_with


def live_child(archive: ArchivedStudent) -> Student | None:
    """Under the number that goes on, when it was merged."""
    rows = Student.objects.select_related("merged_into", "merged_into__state")
    child = rows.filter(source=Source.LEGACY_SER, legacy_key=archive.student_key).first()
    return child and (child.merged_into or child)


def district_of(archive: ArchivedStudent) -> District | None:
    """The last district of a wholly archived child; else the one that answers today."""
    child = None if archive.whole else live_child(archive)
    return (child and responsible_today(child)) or archive.district


def packs_of(child: Student) -> QuerySet[ArchivedStudent]:
    """Under its number, one that was merged into it, or the state's ID of a child that has come back."""
    keys = Student.objects.filter(pk__in=every_record_of(child), source=Source.LEGACY_SER)
    return ArchivedStudent.objects.without_pack().filter(
        Q(student_key__in=keys.values("legacy_key")) | Q(whole=True, state_student_id=child.state_student_id)
    )


def find_stubs(user: User, words: str, most: int) -> list[ArchivedStudent]:
    """Wholly archived children by ID or the beginning of the name, for who may ask for them (RLO-12)."""
    words = " ".join(words.replace("\x00", " ").split())
    if not words or not holds_anywhere(user, Permission.REQUEST_ARCHIVE):
        return []
    rows = ArchivedStudent.objects.without_pack().open_to(user).filter(whole=True).select_related("district")
    return list(rows.filter(_named(words))[:most])


def _named(words: str) -> Q:
    """ "Fontenot", "Fontenot, Ju", "Jules Fontenot", or an ID in full."""
    if any(letter.isdigit() for letter in words):
        typed = [words, re.sub(r"[\s-]", "", words)]
        return Q(state_student_id__in=typed) | Q(student_key__in=typed)
    *first, last = words.split()
    turned = f"{last} {' '.join(first)}" if first else words
    return begins_with("sort_name", words) | begins_with("sort_name", turned)
