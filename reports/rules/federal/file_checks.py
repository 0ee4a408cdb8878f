"""The edit checks of whole files: sums, names, numbers of records (1, 2, 11, 15, 17, 18, 20).

Each gives a sentence for everything that is wrong, and nothing where nothing is.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from reports.rules.federal.cells import Codes, total
from reports.rules.federal.comparison import YearToYear
from reports.rules.federal.records import FileOf
from reports.rules.federal.tables import sets
from reports.rules.federal.written import Written


def sets_agree(written: Written) -> list[str]:
    """Check 1: of the records as they were written. A place that is not in the file has nothing to agree."""
    spec, amounts = written.file.spec, written.amounts
    whole = total(amounts)
    found = [
        f"Record {record['FileRecordNumber']} of {spec} is in no category set."
        for record in written.records if written.set_of(record) is None
    ]  # fmt: skip
    for row in sets(spec, written.file.level, written.file.year) if written.records else ():
        if row.set not in amounts:
            found.append(f"{row.name} of {spec} has no record.")
        elif (n := sum(amounts[row.set].values())) != whole:
            found.append(f"{row.name} of {spec} sums to {n:,}, the education unit total is {whole:,}.")
    return found


def districts_agree(spec: str, districts: int, children: int) -> list[str]:
    """Check 2: each child of the state stands in the file of one district.

    `districts`: how many the counts of the districts hold together; `children`: how many different ones.
    """
    if districts == children:
        return []
    return [f"The districts sum to {districts:,} in {spec}, and the state has {children:,} children in it."]


def changed_much(
    spec: str, lines: Iterable[YearToYear], commented: Collection[tuple[str, Codes]]
) -> list[str]:
    """Check 11: over the thresholds and without a comment."""
    return [
        f"{line.set.name} of {spec}, {' '.join(line.codes) or 'total'}: {line.before:,} last year,"
        f" {line.now:,} now. Write a comment."
        for line in lines
        if line.needs_comment and (line.set.set, line.codes) not in commented
    ]


def within_membership(counted: int, enrolled: int) -> list[str]:
    """Check 15."""
    if counted <= enrolled:
        return []
    return [f"FS002 and FS089 count {counted:,} children, and only {enrolled:,} are enrolled."]


def header_counts(said: int, records: int) -> list[str]:
    """Check 17."""
    return [] if said == records else [f"The header says {said:,} records, the file has {records:,}."]


def name_agrees(file: FileOf, header: Mapping[str, str], records: Sequence[Mapping[str, str]]) -> list[str]:
    """Check 18: of the columns of the header and of the records as they were written."""
    found = []
    if header["FileName"] != file.name:
        found.append(f"The header names the file {header['FileName']}, it is called {file.name}.")
    if f"{file.level}{file.table_type}v" not in header["FileName"]:
        found.append(f"The name {header['FileName']} does not say {file.level} and {file.table_type}.")
    if header["FileType"] and not header["FileType"].startswith(f"{file.level.words} "):
        found.append(f"The file type “{header['FileType']}” is not of the level {file.level}.")
    if strange := {record["TableTypeAbbrv"] for record in records} - {file.table_type}:
        found.append(f"Records of {', '.join(sorted(strange))} stand in the file of {file.table_type}.")
    return found


def twice(keys: Iterable[tuple[str, ...]]) -> list[str]:
    """Check 20: place, total indicator and codes of each record."""
    return [f"{' '.join(filter(None, key))} stands {n} times." for key, n in Counter(keys).items() if n > 1]
