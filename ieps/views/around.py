"""What belongs to an IEP beside its sections: where progress, transition and a transfer are looked after."""

from collections.abc import Iterable, Iterator

from django.urls import reverse

from ieps.models import Iep
from ieps.outline import Chapter
from ieps.transition import SECTION

Link = tuple[str, str, str]


def around(this: Iep, written: Iterable[Chapter]) -> Iterator[Link]:
    """Label, address, and what is found there."""
    if not this.is_draft:
        yield (
            "Progress toward the goals", reverse("ieps:progress", args=[this.pk]),
            "What is measured, and what the parents are told",
        )  # fmt: skip
    if any(chapter.section == SECTION and chapter.needed for chapter in written):
        yield (
            "Transition checklist", reverse("ieps:transition", args=[this.pk]),
            "Indicator 13, rights at the age of majority, diploma",
        )  # fmt: skip
