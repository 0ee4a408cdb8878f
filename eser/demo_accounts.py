"""The sign-ins that `make demo` prints, one for each role."""

from eser.made_up.places import district_rows, site_rows
from eser.made_up.staff import PASSWORD, staff_rows
from security.rules.roles import row_of


def lines() -> list[str]:
    """A heading and a line per person: username, role, place."""
    names = {row.code: row.name for row in (*district_rows(), *site_rows())}
    rows = [
        (row.username, row_of(row.role).title, names.get(row.district or row.site, "the whole state"))
        for row in staff_rows()
    ]
    width = max(len(username) for username, _, _ in rows)
    told = [f"  {username:<{width}}  {title}, {place}" for username, title, place in rows]
    return [f"Sign in with the password “{PASSWORD}” as:", *told]
