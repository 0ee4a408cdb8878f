"""Why a file is refused: each a sentence that says what is wrong and what to do."""

from datetime import datetime

AS_HANDED_OVER = "Choose the file legser.dat as it was handed over."

NO_PURPOSE = "Say what you need the records for: the district decides by it, and a parent may read it."


def empty() -> str:
    return "The file is empty. Transfer the extract again."


def another_kind(kind: str) -> str:
    return f"The file is {kind}. Choose the fixed-width extract legser.dat, written in cp1252."


def endless_line() -> str:
    return f"The file is no legacy SER extract: its first line does not end. {AS_HANDED_OVER}"


def csv() -> str:
    return (
        "The file looks like a CSV. Choose the fixed-width extract legser.dat instead, or a ZIP of the folder"
        " with all files of its CSV twin."
    )


def beginning_missing() -> str:
    return "The extract has no header line (HD): its beginning is missing. Transfer it again."


def no_extract() -> str:
    return f"The file is no legacy SER extract: its first line does not begin with HD. {AS_HANDED_OVER}"


def other_header() -> str:
    return f"The first line is not the header of a legacy SER extract. {AS_HANDED_OVER}"


def other_layout(version: str, readable: str) -> str:
    return (
        f"The extract has layout version {version}; this system reads {readable}."
        " Ask for an extract in that layout."
    )


def no_time(text: str) -> str:
    return f"The header's extract time {text!r} is no time. Ask for a new extract."


def cut_off(line: int) -> str:
    return (
        f"The extract ends at line {line:,} without its trailer (TR): the transfer was cut off."
        " Transfer it again."
    )


def after_trailer(line: int) -> str:
    return (
        f"The extract goes on behind its trailer, at line {line:,}. Two files may have been joined:"
        " transfer it again."
    )


def wrong_total(promised: str, counted: int) -> str:
    return f"The trailer promises {promised} lines, the file has {counted:,}. Transfer the extract again."


def wrong_count(record_type: str, promised: str, counted: int) -> str:
    return (
        f"The trailer promises {promised} records of type {record_type}, the file has {counted:,}."
        " Transfer the extract again."
    )


def too_early(extracted: datetime, freeze: datetime) -> str:
    return (
        f"The extract was taken on {extracted:%B %-d, %Y at %H:%M}, before the freeze on"
        f" {freeze:%B %-d, %Y at %H:%M}. Later work would be lost: take a new extract."
    )


def too_many_damaged(damaged: int, lines: int, first: list[int], looks_utf8: bool) -> str:
    named = ", ".join(f"{line:,}" for line in first)
    cause = " They look like UTF-8; the extract must be written in cp1252." if looks_utf8 else ""
    return (
        f"{damaged:,} of {lines:,} lines do not have the length of their record type (first: {named}),"
        f" more than 0.1 %.{cause} Ask for a new extract."
    )


def gone() -> str:
    return "The extract is not there any more. Transfer it again."


def nothing_in_it() -> str:
    return "Neither legser.dat nor its CSV twin in csv/ is in there. Choose what was handed over as a whole."


def csv_missing(names: list[str]) -> str:
    return f"The CSV twin lacks {', '.join(names)}. A type without records has a file too: transfer it again."


def csv_columns(name: str, columns: list[str]) -> str:
    return f"{name} does not have the columns of its layout: {', '.join(columns)}. Ask for a new extract."


def csv_cut_off(name: str) -> str:
    return f"{name} ends within a line: the transfer was cut off. Transfer it again."


def csv_endless(name: str, line: int) -> str:
    return f"{name}: line {line:,} does not end. Ask for a new extract."


def csv_unreadable(name: str, line: int) -> str:
    return f"{name}: line {line:,} is no CSV. Ask for a new extract."


def csv_too_many_damaged(damaged: int, records: int, first: list[int]) -> str:
    named = ", ".join(f"{number:,}" for number in first)
    return (
        f"{damaged:,} of {records:,} records do not fit the layout of their file (first: {named}), more than"
        " 0.1 %. Ask for a new extract."
    )


def changed(name: str) -> str:
    return (
        f"{name} is not the same any more as when the run was started (its SHA-256 differs). Nothing was"
        " loaded: find out who changed it, then start again."
    )


def changed_meanwhile() -> str:
    return (
        "An attached file changed while the extract was being loaded (its SHA-256 differs). Find out who"
        " changed it, then start again: what is loaded already is not doubled."
    )


def changed_since_check(run: int) -> str:
    return (
        f"The extract is not the one that was checked in run {run} (its SHA-256 differs). Check it again"
        " first, then load it."
    )


def broken_zip() -> str:
    return "The ZIP archive is damaged or was cut off. Transfer it again."


def zip_too_large() -> str:
    return "The ZIP would unpack to far more than an extract has. Nothing was read: ask who made it."


def zip_leads_out() -> str:
    return "The ZIP has a name that leads out of its folder. Nothing was read: ask who made it."


def zip_twice() -> str:
    return "The ZIP has two files of one name. Pack the folder again."


def zip_has_password() -> str:
    return "The ZIP has a password. Pack the folder without one, and transfer it over a safe way."
