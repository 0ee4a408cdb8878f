"""A small extract of invented children, to try the rollover without real data.

It is always the same, with planted faults; its expected outcome is told with it.
Times and days are those of the cut-over of July 2022.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from migration.rules.layout import HEADER, LAYOUT_VERSION, SYSTEM, TRAILER, Field, Format, layouts
from migration.rules.records import record_types

Record = tuple[str, dict[str, str]]
EXTRACTED = "20220725001500"
SAVED = "20220310101500"
LAST_NAMES = [
    "Arceneaux",
    "Boudreaux",
    "Castille",
    "Dugas",
    "Fontenot",
    "Guidry",
    "Hebert",
    "Landry",
    "Melancon",
    "Naquin",
]
FIRST_NAMES = ["Adele", "Blaise", "Camille", "Dorian", "Elodie", "Felix", "Gisele", "Hugo", "Ines", "Julien"]
CHILDREN = 40
DISTRICTS = (("911", "Cypress Parish"), ("912", "Bayou Parish"))
LEAS_CSV = "sponsor_code,name\n" + "".join(f"{code},{name}\n" for code, name in DISTRICTS)
SITES_CSV = """site_code,name,sponsor_code,opened,closed,overseen_by
911001,Cypress Elementary,911,1990-01-01,,
911090,Old Ridge School,911,1990-01-01,2016-06-30,
912001,Bayou Elementary,912,1990-01-01,,
591001,Live Oak Academy,591,2001-08-01,,911
"""


@dataclass(frozen=True)
class Sample:
    """The file, what becomes of its records by type, and which keys each rule must find."""

    content: bytes
    types: dict[str, dict[str, int]]
    findings: dict[str, list[str]]


def write_line(record_type: str, values: dict[str, str]) -> bytes:
    """A line of the extract; a field that is not given is blank. Raises KeyError for an unknown field."""
    fields = {field.field: field for field in layouts()[record_type]}
    for name in values:
        fields[name]
    given = {"RECORD_TYPE": record_type, **values}
    return "".join(_padded(field, given.get(field.field, "")) for field in fields.values()).encode("cp1252")


def write_extract(records: Iterable[Record], *, extracted: str = EXTRACTED) -> bytes:
    """Header, records in the order of their types, and a trailer that counts them."""
    ordered = sorted(records, key=lambda record: record[0])
    return enclose([write_line(code, values) for code, values in ordered], extracted=extracted)


def enclose(lines: list[bytes], *, extracted: str = EXTRACTED) -> bytes:
    """The lines between a header and the trailer that counts them, each ended as the legacy system does."""
    counts = Counter(line[:2].decode("cp1252") for line in lines)
    head = write_line(
        HEADER,
        {
            "SYSTEM_ID": SYSTEM,
            "SPONSOR_CODE": "000",
            "EXTRACT_TS": extracted,
            "LAYOUT_VERSION": LAYOUT_VERSION,
        },
    )
    tail = write_line(
        TRAILER,
        {
            "TOTAL_RECORDS": str(len(lines) + 2),
            "COUNTS_01_13": "".join(f"{counts[code]:07}" for code in record_types()),
        },
    )
    return b"".join(line + b"\r\n" for line in (head, *lines, tail))


def child(number: int, *, sponsor: str = "911", site: str = "911001") -> dict[str, dict[str, str]]:
    """A child without faults and one record of each type that belongs to it."""
    key, evaluation, iep = f"{700_000 + number:09}", f"{10_000 + number:09}", f"{20_000 + number:09}"
    return {
        "01": _student(number, key),
        "02": {"SER_STUDENT_KEY": key, "SEQ": "01", "RELATION": "MO", "LAST_NAME": last_name(number),
               "FIRST_NAME": "Odile"},
        "03": {
            "SER_STUDENT_KEY": key, "SPONSOR_CODE": sponsor, "SITE_CODE": site, "BEGIN_DATE": "08102018",
            "LOCAL_STUDENT_ID": f"{number:05}",
        },
        "04": {
            "SER_STUDENT_KEY": key, "EVAL_KEY": evaluation, "EVAL_TYPE": "INIT", "REFERRAL_DATE": "01042021",
            "CONSENT_DATE": "01112021", "COMPLETE_DATE": "03012021", "DISSEMINATION_DATE": "03082021",
            "OUTCOME": "ELIG", "LOCKED": "Y", "MODIFIED_TS": SAVED,
        },
        "05": {"EVAL_KEY": evaluation, "RANK": "1", "EXCEPTIONALITY": "SLD"},
        "06": {"SER_STUDENT_KEY": key, "ENTRY_DATE": "03222021"},
        "07": {
            "SER_STUDENT_KEY": key, "SERVICE": "SEI", "RECIPIENT": "S", "START_DATE": "03222021",
            "PROVIDER_STAFF_ID": "9110010001", "PROVIDER_START": "03222021",
        },
        "08": {
            "SER_STUDENT_KEY": key, "IEP_KEY": iep, "STATUS": "OFF", "CATEGORY": "REG", "IEP_TYPE": "REV",
            "MEETING_DATE": "03152022", "ODR_DATE": "03152022", "PARENT_SIGN_DATE": "03152022", "GRADE": "06",
            "HOME_SITE": site, "EVAL_KEY": evaluation, "LRE_CODE": "RC80", "REG_CLASS_MIN_WK": "01700",
            "TOTAL_MIN_WK": "01800", "ASSESSMENT": "REG", "ESY_ELIGIBLE": "N", "CREATED_TS": SAVED,
            "MODIFIED_TS": SAVED, "MODIFIED_BY": "91100100",
        },
        "09": {
            "IEP_KEY": iep, "SECTION": "GSI", "FIELD": "strengths", "LINE_NO": "0001",
            "TEXT": f"{first_name(number)} draws maps of the bayou and explains them to the class.",
        },
        "10": {
            "IEP_KEY": iep, "GOAL_NO": "01", "AREA": "READ", "METHOD": "WORK", "TARGET_DATE": "03142023",
            "TEXT": "Will retell a story in order in 4 of 5 trials.",
        },
        "11": {
            "IEP_KEY": iep, "TIME_FRAME": "A", "SERVICE": "SEI", "MIN_PER_SESSION": "0030", "SESSIONS": "005",
            "PER": "W", "LOCATION": "R", "START_DATE": "03152022", "END_DATE": "03142023",
        },
    }  # fmt: skip


def staff(number: int = 1) -> Record:
    """A legacy user; the staff ID makes a provider known."""
    return "13", {
        "USER_ID": f"9110010{number}",
        "LAST_NAME": "Thibodeaux",
        "FIRST_NAME": "Renee",
        "SPONSOR_CODE": "911",
        "ROLE": "SER",
        "STAFF_ID": f"911001000{number}",
        "STATUS": "A",
    }


def sample() -> Sample:
    """Forty children: two of the other district, one past, two drafts, one evaluation open, six faults."""
    children = {number: child(number) for number in range(1, CHILDREN + 1)}
    for number in (39, 40):
        children[number] = child(number, sponsor="912", site="912001")
    _plant(children)
    records = [(code, values) for records in children.values() for code, values in records.items()]
    return Sample(write_extract([*records, staff()]), _expected_types(), FINDINGS)


def write_sample(folder: Path) -> Sample:
    """`legser.dat` with its reference files `leas.csv` and `sites.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = sample()
    (folder / "legser.dat").write_bytes(made.content)
    (folder / "leas.csv").write_text(LEAS_CSV)
    (folder / "sites.csv").write_text(SITES_CSV)
    return made


FINDINGS = {
    "DQ-010": ["000700001"],
    "DQ-014": ["000700002"],
    "DQ-031": ["000010003"],
    "DQ-040": ["000700004|2021-03-22"],
    "DQ-052": ["000700005|SEI|2021-03-22"],
    "DQ-060": ["000020006"],
}
PAST = 7
DRAFTS = (8, 9)
IN_PROGRESS = 10
_LONG_AGO = {
    "03": {"BEGIN_DATE": "08102010", "END_DATE": "05302014"},
    "04": {"REFERRAL_DATE": "01032012", "CONSENT_DATE": "01092012", "COMPLETE_DATE": "03012012",
           "DISSEMINATION_DATE": "03082012"},
    "06": {"ENTRY_DATE": "03222012", "EXIT_DATE": "05302014", "EXIT_REASON": "X01"},
    "07": {"START_DATE": "03222012", "END_DATE": "05302014", "TERMINATION": "NLN"},
    "08": {"MEETING_DATE": "03152013"},
}  # fmt: skip


def _plant(children: dict[int, dict[str, dict[str, str]]]) -> None:
    children[1]["01"]["LASID"] = "12345"
    children[2]["01"]["GRADE"] = "K"
    children[3]["04"]["CONSENT_DATE"] = ""
    children[4]["06"]["EXIT_DATE"] = "05202022"
    children[4]["07"] |= {"END_DATE": "05202022", "TERMINATION": "NLN"}
    children[5]["07"]["PROVIDER_STAFF_ID"] = ""
    children[6]["08"]["LRE_CODE"] = ""
    children[PAST]["01"] |= {"ACTIVE": "N", "BIRTH_DATE": "08082004"}
    for code, values in _LONG_AGO.items():
        children[PAST][code] |= values
    for number in DRAFTS:
        children[number]["08"] |= {
            "STATUS": "DRF",
            "MEETING_DATE": "",
            "PARENT_SIGN_DATE": "",
            "ODR_DATE": "",
        }
    children[IN_PROGRESS]["04"] |= {
        "CONSENT_DATE": "07112022", "REFERRAL_DATE": "07052022", "COMPLETE_DATE": "",
        "DISSEMINATION_DATE": "", "OUTCOME": "", "LOCKED": "N",
    }  # fmt: skip
    del children[IN_PROGRESS]["05"]


def _expected_types() -> dict[str, dict[str, int]]:
    """One child is rejected with all its records, one is archived, the others are migrated."""
    types = {}
    for code in record_types():
        extracted = CHILDREN - (code == "05")
        gone = {"archived": 1, "rejected": 1}
        if code in ("12", "13"):
            extracted, gone = int(code == "13"), {"archived": 0, "rejected": 0}
        types[code] = {"extracted": extracted, "migrated": extracted - sum(gone.values()), **gone}
    return types


def _student(number: int, key: str) -> dict[str, str]:
    return {
        "SER_STUDENT_KEY": key, "LASID": f"{4_100_000_000 + number}",
        "SSN_OR_TEMP_ID": f"{900_000_000 + number}",
        "LAST_NAME": last_name(number), "FIRST_NAME": first_name(number),
        "BIRTH_DATE": f"{number % 12 + 1:02}{number % 27 + 1:02}2010", "SEX": "FM"[number % 2],
        "HISPANIC": "N",
        "RACE_FLAGS": "NNNNY", "GRADE": "06", "HOME_LANGUAGE": "eng", "ACTIVE": "Y",
        "CREATED_TS": "20190812080000", "MODIFIED_TS": SAVED, "MODIFIED_BY": "91100100",
    }  # fmt: skip


def last_name(number: int) -> str:
    return LAST_NAMES[number % len(LAST_NAMES)].upper()


def first_name(number: int) -> str:
    return FIRST_NAMES[number // len(LAST_NAMES) % len(FIRST_NAMES)].upper()


def written(field: Field, value: str) -> str:
    """A number is filled with zeros unless it is blank; a LASID is written as it is."""
    is_number = field.format == Format.NUMBER and field.field != "LASID"
    return value.rjust(field.length, "0") if is_number and value else value


def _padded(field: Field, value: str) -> str:
    filled = written(field, value)
    if len(filled) > field.length:
        raise ValueError(f"{field.field} has room for {field.length} characters, not for {len(filled)}")
    return filled.ljust(field.length)
