"""What the page of an evaluation says about the copies of its report for the parents."""

from django.urls import reverse

from evaluations import access
from evaluations.models import Evaluation
from evaluations.steps import COPY
from organizations.rules.calendar import in_words
from security.models import User
from ui.parts import Check


def copies_of(user: User, this: Evaluation) -> list[Check]:
    """What the parents got of the report, and the way to record it."""
    if this.determination_date is None:
        return []
    given = [Check("good", f"Copy to {each.to}, {in_words(each.on)}") for each in this.copies.all()]
    missing = [] if given else [Check("warn", "No copy for the parents is recorded")]
    url = f"{reverse('evaluations:evaluation', args=[this.pk])}?step={COPY}"
    more = [] if access.why_not_give_copy(user, this) else [Check("quiet", "Record a copy", url=url)]
    return [*given, *missing, *more]
