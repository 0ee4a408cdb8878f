"""Sites that no district oversees are reported to the state (ROL-12)."""

import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from organizations.models import Site
from security.actions.notices import tell
from security.queries.people import state_administrators

ADDRESS = "/access/cut-over/#orphans"


@transaction.atomic
def report_orphans(day: date | None = None) -> int:
    """Tell the state administrators, once for each set of sites. Returns how many sites there are."""
    sites = list(Site.objects.orphans(on=day or timezone.localdate()).values_list("pk", "name"))
    if not sites:
        return 0
    names = ", ".join(name for _, name in sites[:3]) + (" and others" if len(sites) > 3 else "")
    words = f"No district oversees {len(sites)} of the sites in use: {names}. Nobody reaches them as a site."
    which = hashlib.sha256(repr(sorted(pk for pk, _ in sites)).encode()).hexdigest()[:16]
    if tell(state_administrators(), words, key=f"orphans:{which}", address=ADDRESS):
        record("SITES_WITHOUT_OVERSEER", f"reported {len(sites)} sites without an overseeing district")
    return len(sites)
