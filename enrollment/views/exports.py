"""The files of a list: the same rows as on its page. The lists themselves live a floor above, in reports."""

from dataclasses import replace

from security.access import holds_anywhere
from security.models import User
from security.rules.roles import Permission
from ui.lists import DEFAULT_SIZE, ListState


def exports(user: User, slug: str, state: ListState, **more: object) -> list[tuple[str, str]]:
    """Format and address of each file of the list as filtered and sorted now; none for who may take none."""
    if not holds_anywhere(user, Permission.EXPORT):
        return []
    whole, asked = replace(state, page=1, size=DEFAULT_SIZE), {k: str(v) for k, v in more.items() if v}
    return [(f.upper(), f"/lists/{slug}/export{whole.url(format=f, **asked)}") for f in ("csv", "xlsx")]
