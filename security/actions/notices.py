"""Telling a person something, once."""

from collections.abc import Iterable

from django.utils import timezone

from security.models import Notice, User


def tell(people: Iterable[User], words: str, *, key: str, address: str = "") -> int:
    """One notice for each person who was not yet told of `key`; returns how many were.

    `words` name no child: a notice can leave the product as an e-mail's subject.
    """
    notices = [Notice(user=person, words=words, key=key, address=address) for person in people]
    known = set(Notice.objects.filter(key=key, user__in=people).values_list("user_id", flat=True))
    new = [notice for notice in notices if notice.user_id not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def read_all(person: User) -> None:
    person.notices.unread().update(read_at=timezone.now())
