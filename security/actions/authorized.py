"""Taking the list of authorized users away as a file, and opening its public part (SEC-30, SEC-31)."""

import csv
import io
import tempfile

from django.db import transaction
from rustpy_xlsxwriter import write_worksheet

from journal.actions import record
from organizations.models import District
from security.access import check, check_looks_after
from security.models import AccessSettings, User
from security.queries.authorized import COLUMNS
from security.rules.roles import Permission

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@transaction.atomic
def export(*, by: User, district: District, kind: str, day: str, lines: list[dict[str, str]]) -> bytes:
    """The file, and the line in the journal that says who took it. `kind`: "csv" or "xlsx".

    Raises NotAllowed for whoever does not look after the district's access.
    """
    check_looks_after(by, district)
    words = f"exported the list of authorized users, {len(lines)} rows as {kind.upper()}"
    record(
        "EXPORTED", words, by=by, district_id=district.pk, list="authorized-users", day=day, rows=len(lines)
    )
    return _csv(lines) if kind == "csv" else _xlsx(lines)


def _csv(lines: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(lines: list[dict[str, str]]) -> bytes:
    with tempfile.TemporaryFile() as target:
        write_worksheet(
            iter(lines or [dict.fromkeys(COLUMNS, "")]),
            target,
            sheet_name="Authorized users",
            bold_headers=True,
            freeze_row=1,
            ignore_errors=list(COLUMNS),
        )
        target.seek(0)
        return target.read()


@transaction.atomic
def open_to_public(*, by: User, district: District, public: bool) -> None:
    """Names and positions can be read without signing in, or no longer. Raises NotAllowed."""
    check(by, Permission.GRANT_ACCESS, district, "publish the list of authorized users")
    AccessSettings.objects.update_or_create(district=district, defaults={"public_list": public})
    words = "opened the list of names and positions" if public else "closed the list of names and positions"
    record("PUBLIC_LIST", words, by=by, district_id=district.pk)
