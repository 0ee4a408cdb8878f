"""Each quality rule as a truth table: a child without faults, one change, and the rules that must notice it.

All cases stand in one extract, each with a child of its own, because the checks work in sets.
"""

# ruff: noqa: E501  the cases are a table: one line, one case

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Jaro

from migration import twins
from migration.models import Finding, LoadRun
from migration.rules.findings import Outcome, quality_rules
from migration.sample import LEAS_CSV, SITES_CSV, Record, child, enclose, staff, write_line
from migration.twins import SIMILAR, letters, may_be_similar, similar_names
from security import scope
from tests.database import database
from tests.migration.conftest import places, run_over


@dataclass(frozen=True)
class Case:
    """`changes` by record type; `more` records; `without` types; `rules` that must find something, no others."""

    circumstance: str
    rules: str = ""
    changes: dict[str, dict[str, str]] = field(default_factory=dict)
    more: tuple[Record, ...] = ()
    without: tuple[str, ...] = ()


def case(
    circumstance: str,
    rules: str = "",
    *,
    more: tuple[Record, ...] = (),
    without: tuple[str, ...] = (),
    **changes,
) -> Case:
    return Case(
        circumstance,
        rules,
        {name.removeprefix("t"): values for name, values in changes.items()},
        more,
        without,
    )


LATER = {"BEGIN_DATE": "03042022", "SPONSOR_CODE": "912", "SITE_CODE": "912001", "END_DATE": "05202022"}
OPEN_LATER = LATER | {"END_DATE": ""}
EVALUATION_2022 = {
    "EVAL_KEY": "000090001", "EVAL_TYPE": "REEV", "REFERRAL_DATE": "01042022", "CONSENT_DATE": "01112022",
    "COMPLETE_DATE": "02012022", "DISSEMINATION_DATE": "02082022", "OUTCOME": "INCO", "LOCKED": "Y",
    "MODIFIED_TS": "20220310101500",
}  # fmt: skip
OLD = {
    "REFERRAL_DATE": "01042019", "CONSENT_DATE": "01112019", "COMPLETE_DATE": "03012019",
    "DISSEMINATION_DATE": "07232019",
}  # fmt: skip
DRAFT = {"STATUS": "DRF", "MEETING_DATE": "", "PARENT_SIGN_DATE": "", "ODR_DATE": "", "LRE_CODE": ""}
EARLY = {"GRADE": "24", "LRE_CODE": "REC10YSVCS", "REG_CLASS_MIN_WK": "", "TOTAL_MIN_WK": ""}
AGE_FIVE = {"BIRTH_DATE": "05012017", "GRADE": "24", "ACTIVE": "N"}

CASES = [
    case("without faults"),
    # DQ-003: only later than the freeze
    case("saved in the minute of the freeze", t01={"MODIFIED_TS": "20220724235900"}),
    case("saved a second later", "DQ-003", t01={"MODIFIED_TS": "20220724235901"}),
    case("evaluation saved after the freeze", "DQ-003", t04={"MODIFIED_TS": "20220801080000"}),
    case("IEP saved after the freeze", "DQ-003", t08={"MODIFIED_TS": "20220801080000"}),
    # DQ-002: a line that cannot be read
    case("a required day that is none", "DQ-002", t07={"START_DATE": "02302021"}),
    case("a required time that is none", "DQ-002", t08={"CREATED_TS": "20211301000000"}),
    case("an unknown district", "DQ-002", t03={"SPONSOR_CODE": "999"}, without=("07",)),
    case("an unknown IEP status", "DQ-002", t08={"STATUS": "XYZ"}),
    # 01
    case("LASID of nine digits", "DQ-010", t01={"LASID": "410000000"}),
    case("LASID with a letter", "DQ-010", t01={"LASID": "41000000O1"}),
    case("LASID of one digit only", "DQ-010", t01={"LASID": "7777777777"}),
    case("27th birthday on the day of the freeze", "DQ-013", t01={"BIRTH_DATE": "07241995", "ACTIVE": "N"}),
    case("27th birthday on the day after", t01={"BIRTH_DATE": "07251995", "ACTIVE": "N"}),
    case("born after the freeze", "DQ-013 DQ-015 DQ-061", t01={"BIRTH_DATE": "07252022"}),
    case("born on February 30", "DQ-013", t01={"BIRTH_DATE": "02302011"}),
    case("day and month swapped", "DQ-013", t01={"BIRTH_DATE": "25112010"}),
    case("no birth date", "DQ-013", t01={"BIRTH_DATE": ""}),
    case("grade K", "DQ-014", t01={"GRADE": "K"}),
    case("no grade", "DQ-014", t01={"GRADE": ""}),
    case("grade 6 at 9", "DQ-015", t01={"BIRTH_DATE": "10012011"}),
    case("grade 6 at 10", t01={"BIRTH_DATE": "09302011"}),
    case("grade 6 at 14", t01={"BIRTH_DATE": "10012006"}),
    case("grade 6 at 15", "DQ-015", t01={"BIRTH_DATE": "09302006"}),
    case("grade 6 at 15, not active", t01={"BIRTH_DATE": "09302006", "ACTIVE": "N"}),
    case("an ungraded student of 20", t01={"BIRTH_DATE": "09302001", "GRADE": "35"}),
    case("no race and not Hispanic", "DQ-016", t01={"RACE_FLAGS": "NNNNN"}),
    case("no race but Hispanic", t01={"RACE_FLAGS": "NNNNN", "HISPANIC": "Y"}),
    case("a single legacy race code", "DQ-016", t01={"RACE_FLAGS": "9"}),
    case("a curly quote", "DQ-017", t01={"LAST_NAME": "O\u2019NEIL"}),
    case("a straight quote", t01={"LAST_NAME": "O'NEIL"}),
    case("a control character", "DQ-017", t01={"FIRST_NAME": "ZED\x07"}),
    case("do not use", "DQ-017", t01={"LAST_NAME": "QUIN DO NOT USE"}),
    case("a test child", "DQ-017", t01={"FIRST_NAME": "TEST"}),
    case("a name that begins like test", t01={"LAST_NAME": "TESTARD"}),
    case("a suffix in the last name", "DQ-017", t01={"LAST_NAME": "WILTZ JR"}),
    case("an accent is a letter", t01={"LAST_NAME": "BÉLIZAIRE"}),
    # 03
    case("a span of a child who is not there", "DQ-020", more=(("03", {"SER_STUDENT_KEY": "999999999"}),)),
    case("two spans that share a day", "DQ-021",
         t03={"END_DATE": "03042022"}, more=(("03", LATER),), t07={"END_DATE": "03042022", "TERMINATION": "NLN"}),
    case("two spans that meet", t03={"END_DATE": "03032022"}, more=(("03", LATER),),
         t07={"END_DATE": "03032022", "TERMINATION": "NLN"}),
    case("two open spans", "DQ-021 DQ-024", more=(("03", OPEN_LATER),)),
    case("a span turned around", "DQ-022 DQ-051", t03={"END_DATE": "08092018"}),
    case("a span of one day", "DQ-051", t03={"END_DATE": "08102018"}),
    case("an end of nines is open", t03={"END_DATE": "99999999"}),
    case("an end of zeros is open", t03={"END_DATE": "00000000"}),
    case("an end that is no day", "DQ-022", t03={"END_DATE": "02302022"}),
    case("a site of another district", "DQ-023", t03={"SITE_CODE": "912001"}),
    case("a closed site", "DQ-023", t03={"SITE_CODE": "911090"}),
    case("a nonpublic site under oversight", t03={"SITE_CODE": "591001"}),
    case("a site that nobody knows", "DQ-023", t03={"SITE_CODE": "911999"}),
    # 04
    case("referral after consent", "DQ-030", t04={"REFERRAL_DATE": "01122021"}),
    case("completion before consent", "DQ-030", t04={"COMPLETE_DATE": "01102021"}),
    case("dissemination after the freeze", "DQ-030 DQ-032", t04={"DISSEMINATION_DATE": "07252022"}),
    case("all on one day", t04={"REFERRAL_DATE": "03082021", "CONSENT_DATE": "03082021", "COMPLETE_DATE": "03082021"}),
    case("a consent that is no day", "DQ-030 DQ-031", t04={"CONSENT_DATE": "13012021"}),
    case("no consent", "DQ-031", t04={"CONSENT_DATE": ""}),
    case("no consent for a waiver", t04={"CONSENT_DATE": "", "EVAL_TYPE": "WAIV"}),
    case("60 business days", t04={"DISSEMINATION_DATE": "04052021"}),
    case("61 business days", "DQ-032", t04={"DISSEMINATION_DATE": "04062021"}),
    case("61 business days with extension", t04={"DISSEMINATION_DATE": "04062021", "EXTENSION_CODE": "PAR"}),
    case("61 business days and still open", "DQ-032", without=("05",),
         t04={"CONSENT_DATE": "04282022", "COMPLETE_DATE": "", "DISSEMINATION_DATE": "", "OUTCOME": "", "LOCKED": "N"}),
    case("eligible without a primary", "DQ-033", t05={"RANK": "2"}),
    case("eligible with nothing", "DQ-033", without=("05",)),
    case("eligible with two primaries", "DQ-033", more=(("05", {"RANK": "1", "EXCEPTIONALITY": "SLI"}),)),
    case("eligible with a second rank", more=(("05", {"RANK": "2", "EXCEPTIONALITY": "SLI"}),)),
    case("not eligible with a primary", "DQ-033", t04={"OUTCOME": "NOTE"}),
    case("not eligible without", t04={"OUTCOME": "NOTE"}, without=("05",)),
    case("last evaluation 3 years and a day old", "DQ-032 DQ-036", t04=OLD),
    case("last evaluation 3 years old", "DQ-032", t04=OLD | {"DISSEMINATION_DATE": "07242019"}),
    case("old, but the child is not active", "DQ-032", t04=OLD, t01={"ACTIVE": "N"}),
    case("old, but evaluated again", "DQ-032", t04=OLD, more=(("04", EVALUATION_2022),)),
    # 05
    case("mental retardation", "DQ-034", t05={"EXCEPTIONALITY": "MR"}),
    case("noncategorical preschool at 10", "DQ-034 DQ-035", t05={"EXCEPTIONALITY": "NC"}),
    case("developmental delay at 8", t05={"EXCEPTIONALITY": "DD"}, t01={"BIRTH_DATE": "03022012", "ACTIVE": "N"}),
    case("developmental delay at 9", "DQ-035",
         t05={"EXCEPTIONALITY": "DD"}, t01={"BIRTH_DATE": "03012012", "ACTIVE": "N"}),
    # 06
    case("exit without reason", "DQ-040 DQ-041", t06={"EXIT_DATE": "05202022"}),
    case("reason without exit", "DQ-040", t06={"EXIT_REASON": "X01"}),
    case("exit with an open service", "DQ-041", t06={"EXIT_DATE": "05202022", "EXIT_REASON": "X01"}),
    case("exit with the service ended", t06={"EXIT_DATE": "05202022", "EXIT_REASON": "X01"},
         t07={"END_DATE": "05202022", "TERMINATION": "NLN"}),
    case("entry before the first service", "DQ-042", t06={"ENTRY_DATE": "03212021"}),
    case("entry after the first service", "DQ-042", t06={"ENTRY_DATE": "03232021"}),
    case("no service at all", without=("07",)),
    # 07
    case("end before start", "DQ-050", t07={"END_DATE": "03212021", "TERMINATION": "NLN"}),
    case("end without reason", "DQ-050", t07={"END_DATE": "04212021"}),
    case("start before the jurisdiction", "DQ-042 DQ-051", t07={"START_DATE": "08092018"}),
    case("end after the jurisdiction", "DQ-051",
         t03={"END_DATE": "05202022"}, t07={"END_DATE": "05212022", "TERMINATION": "NLN"}),
    case("a provider nobody knows", "DQ-052", t07={"PROVIDER_STAFF_ID": "9119999999"}),
    case("a Social Security number as provider", "DQ-052", t07={"PROVIDER_STAFF_ID": "912345678"}),
    case("the same service open twice", "DQ-053", more=(("07", {"START_DATE": "04012021"}),)),
    case("another service open", more=(("07", {"START_DATE": "04012021", "SERVICE": "OT"}),)),
    case("the same service, one ended",
         more=(("07", {"START_DATE": "04012021", "END_DATE": "05012021", "TERMINATION": "NLN"}),)),
    # 08
    case("official without meeting", "DQ-060", t08={"MEETING_DATE": ""}),
    case("official without environment", "DQ-060", t08={"LRE_CODE": ""}),
    case("official without goal", "DQ-060", without=("10",)),
    case("official without service", "DQ-060", without=("11",)),
    case("official without parent and ODR", "DQ-060", t08={"PARENT_SIGN_DATE": "", "ODR_DATE": ""}),
    case("official with ODR alone", t08={"PARENT_SIGN_DATE": ""}),
    case("meeting after the freeze", "DQ-061", t08={"MEETING_DATE": "07252022"}),
    case("meeting before 2 years and 9 months", "DQ-032 DQ-061 DQ-065", t08={"MEETING_DATE": "05302013"},
         t01={"BIRTH_DATE": "08312010"}, t04=OLD | {"DISSEMINATION_DATE": "07242019"}),
    case("early childhood code on grade 6", "DQ-062", t08={"LRE_CODE": "REC10YSVCS"}),
    case("early childhood code before kindergarten at 4", t08=EARLY, t01=AGE_FIVE,
         t05={"EXCEPTIONALITY": "SLI"}),
    case("school-age code before kindergarten at 4", "DQ-062", t08={"GRADE": "24"}, t01=AGE_FIVE),
    case("separate school before kindergarten at 4", t08=EARLY | {"LRE_CODE": "SS"}, t01=AGE_FIVE),
    case("separate school on grade 6", t08={"LRE_CODE": "SS"}),
    case("more regular minutes than there are", "DQ-063", t08={"REG_CLASS_MIN_WK": "01801"}),
    case("79 per cent agrees with 80", t08={"REG_CLASS_MIN_WK": "01422"}),
    case("78 per cent does not", "DQ-063", t08={"REG_CLASS_MIN_WK": "01404"}),
    case("40 per cent in a separate class", t08={"LRE_CODE": "RC39", "REG_CLASS_MIN_WK": "00720"}),
    case("41 per cent in a separate class", "DQ-063", t08={"LRE_CODE": "RC39", "REG_CLASS_MIN_WK": "00738"}),
    case("two official IEPs of one meeting", "DQ-060 DQ-064", more=(("08", {"IEP_KEY": "000080001"}),)),
    case("official IEP one year old", t08={"MEETING_DATE": "07242021"}),
    case("official IEP one year and a day old", "DQ-065", t08={"MEETING_DATE": "07232021"}),
    case("a draft", t08=DRAFT),
    case("a draft without evaluation", "DQ-066", t08=DRAFT | {"EVAL_KEY": ""}),
    case("a draft of an evaluation nobody knows", "DQ-066", t08=DRAFT | {"EVAL_KEY": "000099999"}),
    case("two drafts", "DQ-067", t08=DRAFT, more=(("08", {"IEP_KEY": "000080002"}),)),
    # 09
    case("a line is missing", "DQ-070", more=(("09", {"LINE_NO": "0003", "TEXT": "And more."}),)),
    case("the first line is missing", "DQ-070", t09={"LINE_NO": "0002"}),
    case("a Word bullet", t09={"TEXT": "\u2022 Draws maps."}),
    case("a number like a Social Security number", "DQ-071", t09={"TEXT": "His number is 123-45-6789."}),
    case("a longer number", t09={"TEXT": "Order 5123-45-67890 came."}),
    case("another child's LASID", "DQ-071", t09={"TEXT": "See 4100000001."}),
    case("a number that is nobody's LASID", t09={"TEXT": "See 4199999999."}),
    case("another child's name three times", "DQ-072", t09={"TEXT": "Adele reads. Adele writes. Adele sings."}),
    case("another child's name twice", t09={"TEXT": "Adele reads. Adele writes."}),
    case("another child's name beside the own",
         t09={"TEXT": "Adele and Adele and Adele met NAME."}),
]  # fmt: skip
FIRST = 100


def own_name(number: int) -> str:
    """A name that no other case has, so that nobody is anybody's twin."""
    return "".join(chr(65 + (number * step + 7) % 26) for step in (1, 3, 5, 7, 11, 17, 19, 23))


def lines_of(number: int, tried: Case) -> Iterator[bytes]:
    records = child(number)
    records["01"] |= {"LAST_NAME": own_name(number), "FIRST_NAME": own_name(number * 31 + 5)}
    records["09"]["TEXT"] = "Draws maps of the bayou."
    for code, values in tried.changes.items():
        records[code] |= values
    records["09"]["TEXT"] = records["09"]["TEXT"].replace("NAME", records["01"]["FIRST_NAME"].title())
    extra = [(code, records[code] | values) for code, values in tried.more]
    for code, values in [*records.items(), *extra]:
        if code not in tried.without:
            yield write_line(code, values)


def the_extract() -> bytes:
    lines = [write_line(*staff()), write_line("01", child(1)["01"])]
    for number, tried in enumerate(CASES, start=FIRST):
        lines += lines_of(number, tried)
    return enclose(sorted(lines, key=lambda line: line[:2]))


@pytest.fixture(scope="module")
def found(django_db_setup, django_db_blocker, worker_id, tmp_path_factory) -> Iterator[dict[int, set[str]]]:
    """Case number and the rules that found something at its child."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "legser.dat").write_bytes(the_extract())
    (folder / "leas.csv").write_text(LEAS_CSV)
    (folder / "sites.csv").write_text(SITES_CSV)
    with django_db_blocker.unblock(), database(f"test_eser_{worker_id}_cases"):
        run = run_over(folder / "legser.dat", places(folder))
        yield by_case(run, (folder / "legser.dat").read_bytes().split(b"\r\n"))


def by_case(run: LoadRun, lines: list[bytes]) -> dict[int, set[str]]:
    case_of_line = dict(enumerate(map(case_number, lines), start=1))
    rules = defaultdict(set)
    with scope.system():
        for rule, line in Finding.objects.filter(run=run).exclude(line=None).values_list("rule", "line"):
            rules[case_of_line[line]].add(rule)
    return rules


def case_number(line: bytes) -> int | None:
    """Student, evaluation and IEP keys of a child all end with its number."""
    if line[:2] in (b"HD", b"TR", b"13", b""):
        return None
    key = int(line[2:11])
    more = {
        90_001: "old, but evaluated again",
        80_001: "two official IEPs of one meeting",
        80_002: "two drafts",
    }
    if key == 999_999_999:
        return number_of("a span of a child who is not there")
    return number_of(more[key]) if key in more else key % 1_000


def number_of(circumstance: str) -> int:
    return next(n for n, tried in enumerate(CASES, start=FIRST) if tried.circumstance == circumstance)


PARAMETERS = [
    pytest.param(
        number, set(tried.rules.split()), id=tried.circumstance,
        marks=[pytest.mark.rule(rule) for rule in tried.rules.split()],
    )
    for number, tried in enumerate(CASES, start=FIRST)
]  # fmt: skip


@pytest.mark.parametrize(("number", "rules"), PARAMETERS)
def test_rule_notices(found, number, rules):
    assert found.get(number, set()) == rules


@pytest.mark.rule("DQ-012")
@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [
        ("MARTHA DIXON", "MARHTA DIXON", True),  # 0.9722
        ("KATABA ELO", "KABATA OEL", True),  # 0.9333, by the letters that the first found in the second
        ("TRATABA YARA", "TABARA YARA", True),
        ("DIXON MARTHA", "DICKSONX MARTHA", False),
        ("SAME NAME", "SAME NAME", True),
        ("", "A", False),
    ],
)
def test_similar_names_are_those_of_the_library_among_few_and_among_many(one, other, similar, monkeypatch):
    expected = {(0, 1)} if similar else set()
    assert set(similar_names([one, other])) == expected
    monkeypatch.setattr(twins, "MANY", 1)
    assert set(similar_names([one, other])) == expected


@pytest.mark.rule("DQ-012")
@given(st.text("ABCDEGMO '-\u00c9", min_size=2, max_size=36), st.data())
def test_similar_names_share_a_part_of_the_alphabet(one, data):
    """Names of which one has a letter less, another letter, or two that changed places."""
    at = data.draw(st.integers(0, len(one) - 2))
    pair = one[at : at + 2]
    other = one[:at] + data.draw(st.sampled_from([pair[0], pair[1] + pair[0], "Q" + pair[1]])) + one[at + 2 :]
    if Jaro.similarity(one, other) >= SIMILAR:
        assert set(may_be_similar([(name, letters(name)) for name in (one, other)])) == {(0, 1)}


TWINS = [
    ("one letter differs", {}, {"FIRST_NAME": "MARGARETE"}, {"DQ-012"}),
    ("another birth date", {}, {"FIRST_NAME": "MARGARETE", "BIRTH_DATE": "03042011"}, set()),
    ("another name", {}, {"LAST_NAME": "OQUIN", "FIRST_NAME": "TED"}, set()),
    ("one LASID", {}, {"LAST_NAME": "OQUIN", "FIRST_NAME": "TED", "LASID": "4100000001"}, {"DQ-011"}),
    ("one LASID and one name", {}, {"LASID": "4100000001"}, {"DQ-011"}),
]


@pytest.mark.django_db
@pytest.mark.rule("DQ-011")
@pytest.mark.rule("DQ-012")
@pytest.mark.parametrize(("one", "other", "rules"), [row[1:] for row in TWINS], ids=[row[0] for row in TWINS])
def test_both_children_of_a_pair_are_named(tmp_path, one, other, rules):
    pair = {"LAST_NAME": "THERIOT", "FIRST_NAME": "MARGARET", "BIRTH_DATE": "03042010"}
    records = [("01", child(1)["01"] | pair | one), ("01", child(2)["01"] | pair | other)]
    (tmp_path / "legser.dat").write_bytes(enclose([write_line(*record) for record in records]))
    (tmp_path / "leas.csv").write_text(LEAS_CSV)
    (tmp_path / "sites.csv").write_text(SITES_CSV)

    run = run_over(tmp_path / "legser.dat", places(tmp_path))

    with scope.system():
        rows = Finding.objects.filter(run=run).values_list("rule", "line")
        assert sorted(rows) == [(rule, line) for rule in rules for line in (2, 3)]


def test_every_rule_that_concerns_a_row_has_a_case():
    tried = {rule for each in CASES for rule in each.rules.split()}
    of_rows = {rule.id for rule in quality_rules().values() if rule.outcome != Outcome.STOP}
    assert of_rows - tried == {
        "DQ-011", "DQ-012",  # two children each: see TWINS
        "DQ-080", "DQ-090",  # see test_files_and_users.py
    }  # fmt: skip


def test_rejecting_rules_are_those_of_the_decision():
    rejecting = {rule.id for rule in quality_rules().values() if rule.outcome == Outcome.REJECT}
    assert rejecting == {"DQ-002", "DQ-003", "DQ-010", "DQ-011", "DQ-013", "DQ-020"}
