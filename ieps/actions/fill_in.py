"""Empty fields are filled in from what is known: the record, the evaluation, the IEP itself."""

from collections.abc import Collection

from django.db import transaction

from ieps import access
from ieps.actions.save_text import save_text
from ieps.models import Iep, SectionText
from ieps.outline import chapters
from ieps.suggested import suggestions
from ieps.written import written_of
from security.models import User


@transaction.atomic
def fill_in(*, by: User, iep: Iep, section: str, keys: Collection[str] | None = None) -> list[SectionText]:
    """Save what is suggested for these fields, or for every empty one; what is written stays.

    Raises NotAllowed, RuleBroken.
    """
    access.check_may_write(by, iep)
    written = written_of(iep)
    chapter = next((each for each in chapters(written) if each.section == section), None)
    found = suggestions(iep, chapter, written) if chapter else {}
    chosen = {key: each for key, each in found.items() if keys is None or key in keys}
    seen = dict(iep.texts.filter(section=section, field__in=chosen).values_list("field", "version"))
    return [
        save_text(by=by, iep=iep, section=section, field=key, text=each.text, version=seen.get(key, 0))
        for key, each in chosen.items()
    ]
