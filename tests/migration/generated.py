"""An extract of any size with planted faults, and its answer key, told by what was planted.

Most children have no fault. Each plant changes one child, or a pair, and says which rules must find which
records, and what becomes of the child's records; everything else is migrated and found by no rule.
"""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from migration.sample import LEAS_CSV, SITES_CSV, Record, child, enclose, staff, write_line
from tests.migration.twin import write_twin

TYPES = [f"{number:02}" for number in range(1, 14)]
# Where a record's key stands in its values; days are written as ISO in a key.
KEYS = {
    "01": ("SER_STUDENT_KEY",), "02": ("SER_STUDENT_KEY", "SEQ"),
    "03": ("SER_STUDENT_KEY", "SPONSOR_CODE", "SITE_CODE", "BEGIN_DATE"), "04": ("EVAL_KEY",),
    "05": ("EVAL_KEY", "RANK"), "06": ("SER_STUDENT_KEY", "ENTRY_DATE"),
    "07": ("SER_STUDENT_KEY", "SERVICE", "START_DATE"), "08": ("IEP_KEY",),
    "09": ("IEP_KEY", "SECTION", "FIELD"), "10": ("IEP_KEY", "GOAL_NO"),
    "11": ("IEP_KEY", "TIME_FRAME", "SERVICE"), "12": ("SER_STUDENT_KEY", "FILE_NAME"), "13": ("USER_ID",),
}  # fmt: skip
SCAN = b"\x89PNG\r\n\x1a\n"
EVERY_WITH_A_SCAN = 20
SOME_NAME, NAMED = "Zephyrine", 0  # a child without faults, whom other children's texts name
NEW, NOBODY = "a key of its own", "a child who is not there"
LETTERS = str.maketrans("0123456789", "ghijklmnop")


@dataclass(frozen=True)
class Plant:
    """What is changed in a child: fields by type, `more` records, `without` types, a line that is cut short.

    `finds`: rule and type, each for all records of that type; with "more" or "own" only for those. `rejects`
    and `archives`: types whose own records are not migrated; `loses_more`: what becomes of `more` records.
    `pair`: what the child has in common with another one.
    """

    finds: tuple[str, ...] = ()
    changes: dict[str, dict[str, str]] = field(default_factory=dict)
    more: tuple[Record, ...] = ()
    without: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    loses_more: str = ""
    continuity: int = 0
    cut_short: str = ""
    pair: tuple[str, ...] = ()


def plant(*finds: str, **options: Any) -> Plant:
    """`t01` to `t12`: the fields that change in the record of that type."""
    changes = {name[1:]: options.pop(name) for name in list(options) if name[0] == "t" and name[1:].isdigit()}
    return Plant(finds, changes, **options)


CHILD, EVALUATION, IEP = tuple(TYPES[:12]), ("04", "05"), ("08", "09", "10", "11")
LATE, SPAN = {"MODIFIED_TS": "20220725080000"}, {"END_DATE": "03042022"}
LATER = {"BEGIN_DATE": "03042022", "SPONSOR_CODE": "912", "SITE_CODE": "912001"}
DRAFT = {"STATUS": "DRF", "MEETING_DATE": "", "PARENT_SIGN_DATE": "", "ODR_DATE": "", "LRE_CODE": ""}
ENDED = {"END_DATE": "03042022", "TERMINATION": "NLN"}
OLD = {"REFERRAL_DATE": "01042019", "CONSENT_DATE": "01112019", "COMPLETE_DATE": "02012019",
       "DISSEMINATION_DATE": "02082019"}  # fmt: skip
ANOTHER = {"IEP_KEY": NEW}
LONG_AGO = {"SERVICE": "OT", "START_DATE": "03222012", "END_DATE": "05302014", "TERMINATION": "NLN"}
PLANTS = [
    plant("DQ-002 02", cut_short="02", rejects=("02",)),
    plant("DQ-003 01", t01=LATE, rejects=CHILD),
    plant("DQ-003 04", t04=LATE, rejects=EVALUATION),
    plant("DQ-003 08", t08=LATE, rejects=IEP),
    plant("DQ-010 01", t01={"LASID": "12345"}, rejects=CHILD),
    plant("DQ-011 01", pair=("LASID",), rejects=CHILD),
    plant("DQ-012 01", pair=("BIRTH_DATE", "LAST_NAME")),
    plant("DQ-013 01", t01={"BIRTH_DATE": "02302011"}, rejects=CHILD),
    plant("DQ-014 01", t01={"GRADE": "PK"}),
    plant("DQ-015 01", t01={"BIRTH_DATE": "09302006"}),
    plant("DQ-016 01", t01={"RACE_FLAGS": "9"}),
    plant("DQ-017 01", t01={"MIDDLE_NAME": "O\u2019DELL"}),
    plant("DQ-020 03 more", more=(("03", {"SER_STUDENT_KEY": NOBODY}),), loses_more="rejected"),
    plant("DQ-021 03", t03=SPAN, t07=ENDED, more=(("03", LATER | {"END_DATE": "05202022"}),)),
    plant("DQ-022 03", "DQ-051 07", t03={"END_DATE": "08092018"}),
    plant("DQ-023 03", t03={"SITE_CODE": "911090"}),
    plant("DQ-021 03", "DQ-024 03", more=(("03", LATER),)),
    plant("DQ-030 04", t04={"REFERRAL_DATE": "01122021"}),
    plant("DQ-031 04", t04={"CONSENT_DATE": ""}),
    plant("DQ-032 04", t04={"DISSEMINATION_DATE": "04062021"}),
    plant("DQ-033 04", t05={"RANK": "2"}),
    plant("DQ-034 05", t05={"EXCEPTIONALITY": "MR"}),
    plant("DQ-034 05", "DQ-035 05", t05={"EXCEPTIONALITY": "NC"}),
    plant("DQ-036 04", t04=OLD),
    plant("DQ-040 06", t06={"EXIT_REASON": "X01"}),
    plant("DQ-040 06", "DQ-041 06", t06={"EXIT_DATE": "05202022"}),
    plant("DQ-042 06", t06={"ENTRY_DATE": "03232021"}),
    plant("DQ-050 07", t07={"END_DATE": "04212021"}),
    plant("DQ-051 07", "DQ-042 06", t07={"START_DATE": "08092018"}),
    plant("DQ-052 07", t07={"PROVIDER_STAFF_ID": "912345678"}),
    plant("DQ-053 07", more=(("07", {"START_DATE": "04012021"}),)),
    plant("DQ-060 08", without=("10",)),
    plant("DQ-061 08", t08={"MEETING_DATE": "07252022"}),
    plant("DQ-062 08", t08={"LRE_CODE": "REC10YSVCS"}),
    plant("DQ-063 08", t08={"REG_CLASS_MIN_WK": "01404"}),
    plant("DQ-064 08", more=(("08", ANOTHER), ("10", ANOTHER), ("11", ANOTHER))),
    plant("DQ-065 08", t08={"MEETING_DATE": "07232021"}),
    plant("DQ-066 08", t08=DRAFT | {"EVAL_KEY": ""}),
    plant("DQ-067 08", t08=DRAFT, more=(("08", ANOTHER),)),
    plant("DQ-070 09", t09={"LINE_NO": "0002"}),
    plant("DQ-071 09", t09={"TEXT": "Number 123-45-6789."}),
    plant("DQ-072 09", t09={"TEXT": f"{SOME_NAME} reads. {SOME_NAME} writes. {SOME_NAME} sings."}),
    plant("DQ-080 12", more=(("12", {"FILE_NAME": "missing.pdf", "UPLOAD_DATE": "03102022"}),)),
    # What is old: a whole child, a service and an IEP of a child who is here, and a span that is still open.
    plant(
        t01={"ACTIVE": "N", "BIRTH_DATE": "08082004"},
        t03={"BEGIN_DATE": "08102010", "END_DATE": "05302014"},
        t04={"REFERRAL_DATE": "01032012", "CONSENT_DATE": "01092012", "COMPLETE_DATE": "03012012",
             "DISSEMINATION_DATE": "03082012"},
        t06={"ENTRY_DATE": "03222012", "EXIT_DATE": "05302014", "EXIT_REASON": "X01"},
        t07=LONG_AGO, t08={"MEETING_DATE": "03152013"}, archives=CHILD,
    ),
    plant("DQ-051 07 more", "DQ-042 06", more=(("07", LONG_AGO),), loses_more="archived"),
    plant(more=(("08", ANOTHER | {"MEETING_DATE": "03152014"}), *((code, ANOTHER) for code in IEP[1:])),
          loses_more="archived"),
    plant(t03={"BEGIN_DATE": "08102012"}, continuity=1),
]  # fmt: skip


@dataclass
class Generated:
    """The lines of the extract while it grows, the files that are attached, and the key."""

    records: list[Record] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)
    types: dict[str, Counter] = field(default_factory=lambda: {code: Counter() for code in TYPES})
    findings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    drafts: int = 0
    continuity: int = 0
    archived_students: int = 0

    def key(self) -> dict[str, Any]:
        """As `rollover load --json` prints it."""
        names = ("extracted", "migrated", "archived", "rejected")
        return {
            "types": {code: {name: counted[name] for name in names} for code, counted in self.types.items()},
            "drafts": self.drafts,
            "continuity": self.continuity,
            "archived_students": self.archived_students,
            "findings": {rule: sorted(keys) for rule, keys in self.findings.items()},
        }

    def add(self, code: str, values: dict[str, str], fate: str, *, cut_short: bool = False) -> None:
        line = write_line(code, values)
        self.lines.append(line[:-3] if cut_short else line)
        self.records.append((code, values))
        self.types[code]["extracted"] += 1
        self.types[code][fate] += 1
        self.drafts += values.get("STATUS") == "DRF" and fate == "migrated"
        self.archived_students += (code, fate) == ("01", "archived")


def generate(folder: Path, children: int, *, as_csv: bool = False) -> dict[str, Any]:
    """Writes the extract of so many children; its answer key. Every plant is there twice or more.

    `as_csv`: as its CSV twin, in which no line can be cut short.
    """
    made = Generated()
    times = 2 * max(1, children // 1_000)
    plants = [plant for plant in PLANTS if not (as_csv and plant.cut_short)]
    planted = [each for plant in plants for each in [plant] * times * (2 if plant.pair else 1)]
    for number, what in zip(range(children), chain([Plant()], planted, repeat(Plant())), strict=False):
        _add_child(made, number, what)
    _add_users(made)
    _write(folder, made)
    if as_csv:
        write_twin(folder, made.records, "utf-8")
    else:
        lines = enclose(sorted(made.lines, key=lambda line: line[:2]))
        (folder / "legser.dat").write_bytes(lines)
    return made.key()


def _add_child(made: Generated, number: int, what: Plant) -> None:
    records = _child(number)
    if what.pair and number % 2 == 0:
        records["01"] |= {name: _child(number - 1)["01"][name] for name in what.pair}
        if "BIRTH_DATE" in what.pair:
            records["01"]["FIRST_NAME"] = _child(number - 1)["01"]["FIRST_NAME"][:-1] + "Q"
    for code, values in what.changes.items():
        records[code] |= values
    own = [(code, values) for code, values in records.items() if code not in what.without]
    if not (what.changes or what.more or what.finds) and number % EVERY_WITH_A_SCAN == 0:
        own.append(_scan(made, number))
    more = [
        (code, _filled_in(records.get(code, _owner(number)) | values, number)) for code, values in what.more
    ]
    for code, values in own:
        fate = "rejected" if code in what.rejects else "archived" if code in what.archives else "migrated"
        made.add(code, values, fate, cut_short=code == what.cut_short)
    for code, values in more:
        made.add(code, values, what.loses_more or "migrated")
    made.continuity += what.continuity
    _add_findings(made, what, own, more)


def _add_findings(made: Generated, what: Plant, own: list[Record], more: list[Record]) -> None:
    for found in what.finds:
        rule, code, *which = found.split()
        where = {"own": own, "more": more}.get(which[0] if which else "", [*own, *more])
        made.findings[rule] += [key_of(code, values) for at, values in where if at == code]


def key_of(code: str, values: dict[str, str]) -> str:
    return "|".join(_in_key(name, values.get(name, "")) for name in KEYS[code])


def _in_key(name: str, value: str) -> str:
    return f"{value[4:]}-{value[:2]}-{value[2:4]}" if name.endswith("_DATE") else value


def _child(number: int) -> dict[str, dict[str, str]]:
    """Without faults, and with a name that is like nobody's."""
    records = child(number)
    name = hashlib.sha256(str(number).encode()).hexdigest().translate(LETTERS).upper()
    born = date(2008, 1, 1) + timedelta(days=number * 7 % 1_000)
    first = SOME_NAME.upper() if number == NAMED else name[12:22]
    records["01"] |= {"LAST_NAME": name[:12], "FIRST_NAME": first, "BIRTH_DATE": f"{born:%m%d%Y}"}
    records["09"]["TEXT"] = "Draws maps of the bayou."
    return records


def _scan(made: Generated, number: int) -> Record:
    made.scans.append(f"scan_{number}.png")
    digest = hashlib.sha256(SCAN).hexdigest()
    named = {"FILE_NAME": made.scans[-1], "DESCRIPTION": "Signature page", "UPLOAD_DATE": "03102022"}
    return "12", _owner(number) | named | {"SHA256": digest}


def _owner(number: int) -> dict[str, str]:
    return {"SER_STUDENT_KEY": child(number)["01"]["SER_STUDENT_KEY"]}


def _filled_in(values: dict[str, str], number: int) -> dict[str, str]:
    unique = {NEW: f"{800_000_000 + number}", NOBODY: f"{900_000_000 + number}"}
    return {name: unique.get(value, value) for name, value in values.items()}


def _add_users(made: Generated) -> None:
    for number, staff_id in ((1, "9110010001"), (2, ""), (3, "9110010003"), (4, "9110010003")):
        user = staff()[1] | {"USER_ID": f"9110010{number}", "STAFF_ID": staff_id}
        made.add("13", user, "migrated")
        if number > 1:
            made.findings["DQ-090"].append(user["USER_ID"])


def _write(folder: Path, made: Generated) -> None:
    for name in ("attachments", "reference"):
        (folder / name).mkdir(parents=True)
    (folder / "reference" / "leas.csv").write_text(LEAS_CSV)
    (folder / "reference" / "sites.csv").write_text(SITES_CSV)
    for name in made.scans:
        (folder / "attachments" / name).write_bytes(SCAN)
