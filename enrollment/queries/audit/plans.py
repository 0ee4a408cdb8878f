"""Which plans are in force: IEPs live on a floor above, and say here how to ask for them."""

NONE_KNOWN = "SELECT NULL::bigint AS student_id, NULL::bigint AS district_id WHERE false"
_known: list[str] = []


def know_of_plans(sql: str) -> None:
    """Register a SELECT of (student_id, district_id) of plans in force; called from `ready()`.

    `student_id {children}` in it stands for the children looked at; it may name %(today)s.
    """
    _known.append(sql)


def plans_sql() -> str:
    return " UNION ALL ".join(_known) or NONE_KNOWN
