"""Contacts in a merge: who the kept child has already stays behind."""

from django.db.models import F, Max, Q

from documents.models import Document
from students.extensions import MovesAlong
from students.models import Contact, Student


def known_contacts(kept: Student, merged: Student) -> Q:
    """The same person by relation and name."""
    found = Q(pk__in=[])
    for relation, last, first in kept.contacts.values_list("relation", "last_name", "first_name"):
        found |= Q(relation=relation, last_name__iexact=last, first_name__iexact=first)
    return found


def behind_the_others(kept: Student) -> dict[str, object]:
    highest = kept.contacts.aggregate(highest=Max("seq"))["highest"] or 0
    return {"seq": F("seq") + highest}


OF_THE_CHILD = (
    MovesAlong(Contact, "contacts", known_contacts, behind_the_others),
    MovesAlong(Document, "files"),
)
