"""OneRoster 1.2 CSV as rows of the own layout: schools, people and classes become enrollments.

OneRoster enrolls in classes; the classes of one child at one school that begin under one entry code are one
enrollment here. Entry and exit codes stand in extension columns (metadata.entryCode, metadata.exitCode).
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator

from enrollment.rules.feed import FeedRefused, check_header, files

SEXES = {"female": "F", "male": "M", "other": "X", "unspecified": "X"}
MOST_BYTES = 512 * 1024**2
MOST_TIMES = 200  # as large unpacked as packed: a table of children is never so much alike
WORTH_A_LOOK = 1024**2  # bytes
READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = "it has more or fewer cells than the first line."
Row = dict[str, str]


def rows_of_oneroster(archive: zipfile.ZipFile) -> Iterator[tuple[int, Row]]:
    """(line of enrollments.csv, row). Raises FeedRefused when a file or a column is missing."""
    _check_files(archive)
    schools = {key: row for key, row in _by_id(archive, "orgs.csv").items() if row["type"] == "school"}
    people, born = _by_id(archive, "users.csv"), _by_id(archive, "demographics.csv")
    for line, row in _enrollments(archive):
        child, key = people.get(row["userSourcedId"], {}), row["userSourcedId"]
        yield line, _in_own_layout(row, child, born.get(key, {}), schools.get(row["schoolSourcedId"], {}))


def _check_files(archive: zipfile.ZipFile) -> None:
    """Told by the directory of the archive, before anything is unpacked."""
    inside = {info.filename: info for info in archive.infolist()}
    if missing := [name for name in files()[1:] if name not in inside]:
        raise FeedRefused(f"The ZIP file lacks {', '.join(missing)}.")
    parts = [inside[name] for name in files()[1:]]
    if any(part.flag_bits & 1 for part in parts):
        raise FeedRefused("The ZIP file is protected by a password. Pack it without one.")
    if any(part.compress_type not in READ for part in parts):
        raise FeedRefused(
            "The ZIP file is packed in a way that is not read here. Pack it as usual (deflate)."
        )
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise FeedRefused("Unpacked, the files are larger than 512 MB. Send them as one CSV instead.")
    if part := next((part for part in parts if _is_a_bomb(part)), None):
        raise FeedRefused(
            f"Unpacked, {part.filename} is more than {MOST_TIMES} times as large: that is no list of"
            " children. Export it again."
        )


def _is_a_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > WORTH_A_LOOK and part.file_size > MOST_TIMES * part.compress_size


def _by_id(archive: zipfile.ZipFile, name: str) -> dict[str, Row]:
    """Raises FeedRefused when one ID stands for two."""
    found: dict[str, Row] = {}
    for line, row in _rows(archive, name):
        if found.setdefault(row["sourcedId"], row) != row:
            raise FeedRefused(
                f"{name}, line {line}: {row['sourcedId'][:40]} stands for two. Export it again."
            )
    return found


def _enrollments(archive: zipfile.ZipFile) -> Iterator[tuple[int, Row]]:
    """Classes of one child at one school with one entry code, together."""
    found: dict[tuple[str, str, str], tuple[int, Row]] = {}
    for line, row in _rows(archive, "enrollments.csv"):
        if row["role"] != "student":
            continue
        key = (row["userSourcedId"], row["schoolSourcedId"], row["metadata.entryCode"])
        found[key] = (found[key][0], _together(found[key][1], row)) if key in found else (line, row)
    yield from found.values()


def _together(one: Row, other: Row) -> Row:
    """From the earliest beginning; ended only when every class ended, on the latest day."""
    ends = [one.get("endDate", ""), other.get("endDate", "")]
    return {
        **one,
        "beginDate": min(one["beginDate"], other["beginDate"]),
        "endDate": max(ends) if all(ends) else "",
        "metadata.exitCode": one.get("metadata.exitCode") or other.get("metadata.exitCode", ""),
    }


def _in_own_layout(row: Row, child: Row, born: Row, school: Row) -> Row:
    ended = row.get("metadata.exitCode", "")
    return {
        "state_student_id": child.get("identifier", ""),
        "local_student_id": child.get("username", ""),
        "last_name": child.get("familyName", ""),
        "first_name": child.get("givenName", ""),
        "middle_name": child.get("middleName", ""),
        "birth_date": born.get("birthDate", ""),
        "sex": SEXES.get(born.get("sex", "").lower(), born.get("sex", "")),
        "grade": child.get("grades", ""),
        "school_code": school.get("identifier", ""),
        "entry_code": row["metadata.entryCode"],
        "entry_date": row["beginDate"],
        "exit_code": ended,
        "exit_date": row.get("endDate", "") if ended else "",
        "first_attended": row.get("metadata.firstAttended", ""),
        "last_attended": row.get("metadata.lastAttended", ""),
        "forms_received": row.get("metadata.formsReceived", ""),
        "agreement_received": row.get("metadata.agreementReceived", ""),
    }


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[int, Row]]:
    """Rows that are not marked as deleted, with their lines."""
    with archive.open(name) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        reader = csv.DictReader(_whole_lines(text, name), strict=True)
        try:
            check_header(list(reader.fieldnames or []), name)
            for line, cells in enumerate(reader, start=2):
                if None in cells or None in cells.values():
                    raise FeedRefused(f"{name}, line {line}: {DAMAGED} Export the files again.")
                if cells.get("status") != "tobedeleted":
                    yield line, {key: cell.strip() for key, cell in cells.items() if key}
        except csv.Error:
            raise FeedRefused(
                f"{name}: a quotation mark is opened and never closed, or a cell is far too long."
                " Export the files again."
            ) from None


def _whole_lines(text: Iterable[str], name: str) -> Iterator[str]:
    """A part that was cut before it was packed ends in the middle of a line."""
    for line in text:
        if not line.endswith(("\n", "\r")):
            raise FeedRefused(
                f"{name} ends in the middle of a line: the export had not finished. Export the files again;"
                " every line must end with a line break."
            )
        yield line
