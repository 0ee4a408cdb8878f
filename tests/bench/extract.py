"""A legacy extract of any size for `tests.bench.rollover`: children with three spans each, by arithmetic.

Of the records one in eighty is refused, one in two hundred is past and goes to the archive, and a few more
break a rule that refuses nothing. Names are made of syllables; nobody is described.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from migration.rules.layout import TRAILER, layouts
from migration.sample import SAVED, enclose, write_line

DISTRICTS, SITES = 70, 27  # sites of each district
FIRST_BIRTH, DAYS_OF_BIRTH = date(2003, 8, 1), 5_700
SCHOOL_YEAR = date(2021, 9, 30)
LINES_AT_ONCE = 20_000
SYLLABLES = [
    "BA", "BEL", "COR", "DA", "DER", "DOU", "EL", "FA", "FON", "GAR", "GUI", "HA", "HER", "IS", "JO", "KA",
    "LAN", "LE", "LO", "MA", "MEL", "MON", "NA", "NOR", "O", "PA", "PER", "QUI", "RA", "RI", "RO", "SA",
    "SEN", "TA", "TES", "TRA", "U", "VA", "VER", "WIN", "YA", "ZEN",
]  # fmt: skip
SPANS = (("08102015", "05242018"), ("08092018", "05212021"), ("08102021", ""))
PAST = (("08102005", "05242008"), ("08072008", "05212010"), ("08102010", "05302014"))
OVERLAPPING = (SPANS[0], ("08092018", "09302021"), SPANS[2])
Values = dict[str, str]
# What one child in so many thousand has, by its number modulo 1,000.
FAULTS: dict[int, Values] = {
    **dict.fromkeys(range(5), {"LASID": "12345"}),
    **dict.fromkeys(range(5, 8), {"BIRTH_DATE": "02302011"}),
    **dict.fromkeys(range(8, 10), {"MODIFIED_TS": "20220725080000"}),
    **dict.fromkeys(range(10, 14), {"GRADE": "PK"}),
    **dict.fromkeys(range(14, 17), {"MIDDLE_NAME": "O\u2019DELL"}),
}
SHARES_A_NUMBER, ALIKE, IS_PAST, OVERLAPS, NO_SITE, NOBODY = (
    17,
    18,
    range(20, 25),
    range(25, 30),
    30,
    range(31, 37),
)


def extract_of(children: int, home: Path) -> Path:
    """The folder of the extract; written once for each size and state of this module."""
    made = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    folder = home / f"extract_{children}_{made}"
    if not (folder / "finished").exists():
        (folder / "reference").mkdir(parents=True, exist_ok=True)
        _write_places(folder / "reference")
        with (folder / "legser.dat").open("wb") as file:
            _write_records(file, children)
        (folder / "finished").touch()
    return folder


def _write_records(file: BinaryIO, children: int) -> None:
    file.write(enclose([]).partition(b"\r\n")[0] + b"\r\n")
    counts = dict.fromkeys((f"{number:02}" for number in range(1, 14)), 0)
    for code, records_of in (("01", _students), ("03", _spans)):
        counts[code] = _write_type(file, code, records_of, children)
    written = {"TOTAL_RECORDS": str(sum(counts.values()) + 2)}
    written["COUNTS_01_13"] = "".join(f"{number:07}" for number in counts.values())
    file.write(write_line(TRAILER, written) + b"\r\n")


def _write_type(
    file: BinaryIO, code: str, records_of: Callable[[int], Iterator[Values]], children: int
) -> int:
    fields = [(field.field, field.length) for field in layouts()[code]]
    records = chain.from_iterable(map(records_of, range(children)))
    lines = (
        "".join(values.get(name, "").ljust(length) for name, length in fields) + "\r\n" for values in records
    )
    written = 0
    while block := list(islice(lines, LINES_AT_ONCE)):
        file.write("".join(block).encode("cp1252"))
        written += len(block)
    return written


def _students(number: int) -> Iterator[Values]:
    """One child; some have the number, or nearly the name and the birth date, of the child before."""
    kind = number % 1_000
    like = number - 1 if kind == ALIKE else number
    born = FIRST_BIRTH + timedelta(days=_mixed(like, 1) % DAYS_OF_BIRTH)
    lasid = number - 1 if kind == SHARES_A_NUMBER else number
    last, first = _name(like, 3, 2), _name(like, 2, 5)
    yield {
        "RECORD_TYPE": "01", "SER_STUDENT_KEY": _key(number), "LASID": f"{4_100_000_000 + lasid}",
        "SSN_OR_TEMP_ID": f"{900_000_000 + number % 99_000_000}",
        "LAST_NAME": last + "X" * (kind == ALIKE), "FIRST_NAME": first, "MIDDLE_NAME": chr(65 + number % 26),
        "BIRTH_DATE": f"{born:%m%d%Y}", "SEX": "FM"[number % 2], "HISPANIC": "NY"[number % 7 == 0],
        "RACE_FLAGS": ("NNNNY", "NNYNN", "NNYNY")[number % 3], "GRADE": _grade(born), "HOME_LANGUAGE": "eng",
        "ACTIVE": "Y", "CREATED_TS": "20190812080000", "MODIFIED_TS": SAVED, "MODIFIED_BY": "91100100",
        **FAULTS.get(kind, {}),
    }  # fmt: skip


def _spans(number: int) -> Iterator[Values]:
    """Three of a child; every twentieth child comes from another district."""
    kind, home = number % 1_000, _mixed(number, 7) % DISTRICTS
    days = PAST if kind in IS_PAST else OVERLAPPING if kind in OVERLAPS else SPANS
    for place, (first, last) in enumerate(days):
        district = (home + 1) % DISTRICTS if number % 20 == 0 and place == 0 else home
        site = 900 if kind == NO_SITE and place == 2 else _mixed(number, 8) % SITES
        lost = kind in NOBODY and place == 0
        yield {
            "RECORD_TYPE": "03", "SER_STUDENT_KEY": _key(number + 800_000_000 * lost),
            "SPONSOR_CODE": f"{district + 1:03}", "SITE_CODE": _site(district, site),
            "BEGIN_DATE": first, "END_DATE": last, "LOCAL_STUDENT_ID": f"L{number}",
        }  # fmt: skip


def _write_places(folder: Path) -> None:
    districts = range(DISTRICTS)
    leas = (f"{number + 1:03},Parish {number + 1}\n" for number in districts)
    (folder / "leas.csv").write_text("sponsor_code,name\n" + "".join(leas))
    sites = (
        f"{_site(number, site)},School {site + 1} of Parish {number + 1},{number + 1:03},1990-01-01,,\n"
        for number in districts
        for site in range(SITES)
    )
    (folder / "sites.csv").write_text(
        "site_code,name,sponsor_code,opened,closed,overseen_by\n" + "".join(sites)
    )


def _site(district: int, site: int) -> str:
    return f"{district + 1:03}{site + 1:03}"


def _key(number: int) -> str:
    return f"{100_000_000 + number:09}"


def _mixed(number: int, salt: int) -> int:
    """A number that looks like chance, always the same."""
    mixed = (number * 2_654_435_761 + salt * 40_503_001) & 0xFFFFFFFF
    mixed = ((mixed >> 16) ^ mixed) * 73_244_475 & 0xFFFFFFFF
    return (mixed >> 15) ^ mixed


def _name(number: int, syllables: int, salt: int) -> str:
    mixed = _mixed(number, salt)
    return "".join(SYLLABLES[(mixed >> (8 * place)) % len(SYLLABLES)] for place in range(syllables))


def _grade(born: date) -> str:
    age = SCHOOL_YEAR.year - born.year - ((SCHOOL_YEAR.month, SCHOOL_YEAR.day) < (born.month, born.day))
    return "20" if age < 4 else "24" if age == 4 else "25" if age == 5 else f"{min(age - 5, 12):02}"
