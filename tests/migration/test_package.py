"""What may be handed over: a file, a folder, a ZIP; and what is refused before a byte of it is believed."""

import io
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from migration.csv_twin import CsvExtract
from migration.extract import Extract, ExtractRefused
from migration.package import TEXT, Folder, csv_names, opened
from migration.reading import Reading
from migration.rules.layout import layouts
from migration.rules.records import record_types
from migration.sample import child, sample, staff, write_line
from tests.migration.twin import twin_of, write_twin

FREEZE = datetime(2022, 7, 24, 23, 59)  # noqa: DTZ001  local wall clock
GOOD = sample().content
RECORDS = [(code, values) for n in (1, 2) for code, values in child(n).items()] + [staff()]


def zip_of(files: dict[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed


def link(name: str, target: str) -> io.BytesIO:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        info = ZipInfo(name)
        info.external_attr = 0o120777 << 16
        archive.writestr(info, target)
    return packed


def read(folder: Path) -> list[str]:
    with opened(folder) as package:
        return [line.text for line in Reading(package, FREEZE, package.digest()).lines()]


REFUSED = [
    ("a name that climbs out", zip_of({"legser.dat": GOOD, "../evil": b"x"}), "leads out"),
    ("an absolute name", zip_of({"/etc/legser.dat": GOOD}), "leads out"),
    ("a name of another system", zip_of({"legser.dat": GOOD, "a\\..\\b": b"x"}), "leads out"),
    ("a link", link("legser.dat", "/etc/passwd"), "leads out"),
    ("a bomb", zip_of({"legser.dat": b"\0" * 20_000_000}), "unpack to far more"),
    ("cut off", io.BytesIO(zip_of({"legser.dat": GOOD}).getvalue()[:-200]), "damaged or was cut off"),
    ("a Word document", zip_of({"word/document.xml": b"<xml/>"}), "Neither legser.dat nor"),
    (
        "a twin without goals",
        zip_of({n: b"a\r\n" for n in csv_names() if "goals" not in n}),
        "lacks csv/goals",
    ),
]


@pytest.mark.parametrize(("packed", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_zip_that_is_no_extract_is_refused(packed, words):
    with pytest.raises(ExtractRefused, match=words), opened(packed) as package:
        package.check_is_extract()


def test_damaged_bytes_within_a_zip_are_noticed():
    packed = bytearray(zip_of({"legser.dat": GOOD}).getvalue())
    packed[3_000] ^= 0xFF
    with opened(io.BytesIO(bytes(packed))) as package, pytest.raises(ExtractRefused, match="damaged"):
        package.digest()


def test_a_zip_reads_as_its_folder_does(tmp_path):
    (tmp_path / TEXT).write_bytes(GOOD)
    (tmp_path / "packed.zip").write_bytes(zip_of({"grand-bend/legser.dat": GOOD}).getvalue())
    assert read(tmp_path / "packed.zip") == read(tmp_path) == read(tmp_path / TEXT)


@pytest.mark.parametrize("name", ["../legser.dat", "a/b.pdf", "..", "", "a\\b"])
def test_an_attachment_never_lies_outside_of_its_folder(tmp_path, name):
    (tmp_path / "attachments").mkdir()
    (tmp_path / TEXT).write_bytes(GOOD)
    assert Folder(tmp_path).attachment(name) is None


def test_a_link_out_of_the_attachments_is_not_followed(tmp_path):
    (tmp_path / "attachments").mkdir()
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-")
    (tmp_path / "attachments" / "scan.pdf").symlink_to(tmp_path / "secret.pdf")
    assert Folder(tmp_path).attachment("scan.pdf") is None


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_the_twin_gives_the_lines_of_the_fixed_width_file(tmp_path, encoding):
    records = [*RECORDS, ("02", child(1)["02"] | {"SEQ": "02", "CITY": "Métairie"})]
    write_twin(tmp_path, records, encoding)
    fixed = [
        write_line(code, values).decode("cp1252") for code, values in sorted(records, key=lambda r: r[0])
    ]
    blanked = [line[:21] + " " * 9 + line[30:] if line.startswith("01") else line for line in fixed]
    assert read(tmp_path) == blanked
    assert read(tmp_path / "csv") == blanked


def test_letters_beyond_cp1252_arrive_by_utf8(tmp_path):
    write_twin(tmp_path, [("02", child(1)["02"] | {"LAST_NAME": "Łukasz"})], "utf-8")
    assert "Łukasz" in read(tmp_path)[0]


def test_columns_may_stand_in_another_order_and_are_missed_when_they_are_not_there(tmp_path):
    write_twin(tmp_path, RECORDS, "cp1252")
    file = tmp_path / "csv" / "exceptionalities.csv"
    rows = [line.split(",") for line in file.read_text().splitlines()]
    before = read(tmp_path)
    file.write_text("".join(",".join(reversed(row)) + "\n" for row in rows))
    assert read(tmp_path) == before
    file.write_text("".join(",".join(row[1:]) + "\n" for row in rows))
    with pytest.raises(ExtractRefused, match=r"csv/exceptionalities\.csv does not have the columns"):
        read(tmp_path)


@pytest.mark.rule("DQ-001")
def test_a_twin_that_ends_within_a_line_was_cut_off(tmp_path):
    write_twin(tmp_path, RECORDS, "cp1252")
    file = tmp_path / "csv" / "services.csv"
    file.write_bytes(file.read_bytes()[:-5])
    with pytest.raises(ExtractRefused, match="ends within a line"):
        read(tmp_path)


@pytest.mark.rule("DQ-002")
@pytest.mark.parametrize("fault", ["one too many", "one too few", "too long"])
def test_a_record_that_does_not_fit_is_damaged_and_loses_no_text(tmp_path, fault):
    write_twin(tmp_path, [("02", child(n)["02"]) for n in range(1, 1_501)], "cp1252")
    file = tmp_path / "csv" / "guardians.csv"
    rows = file.read_text().splitlines()
    rows[7] = {"one too many": f"{rows[7]},more", "one too few": rows[7].rpartition(",")[0],
               "too long": rows[7].replace("Odile", "Odile" * 9)}[fault]  # fmt: skip
    file.write_text("\n".join(rows) + "\n")
    with opened(tmp_path) as package:
        lines = list(CsvExtract(package).lines())
    assert [line.number for line in lines if line.damaged] == [8]
    assert lines[6].original == rows[7]
    assert lines[6].text[2:13] == "00070000701"


def test_more_than_one_damaged_record_in_a_thousand_stops_the_run(tmp_path):
    write_twin(tmp_path, [("02", child(n)["02"]) for n in range(1, 101)], "cp1252")
    file = tmp_path / "csv" / "guardians.csv"
    file.write_text(file.read_text().replace("Odile", "Odile,", 1))
    with pytest.raises(ExtractRefused, match="do not fit the layout"):
        read(tmp_path)


def test_no_social_security_number_leaves_the_twin(tmp_path):
    write_twin(tmp_path, [*RECORDS, ("07", child(1)["07"] | {"PROVIDER_STAFF_ID": "912345678"})], "cp1252")
    file = tmp_path / "csv" / "students.csv"
    number = child(1)["01"]["SSN_OR_TEMP_ID"]
    assert number in file.read_text()
    for content in (file.read_text(), file.read_text().replace("QUIN", "QUIN,")):
        file.write_text(content)
        with opened(tmp_path) as package:
            twin = CsvExtract(package)
            kept = [*_all_of(twin)]
        assert not [line for line in kept if number in line or "912345678" in line]


def _all_of(twin: CsvExtract) -> list[str]:
    lines = []
    try:
        for line in twin.lines():
            lines += [line.text, line.original or ""]
    except ExtractRefused:
        pass
    return lines


def test_the_twin_of_the_product_names_every_file_of_the_layout():
    assert len(csv_names()) == len(record_types()) == len(layouts()) - 2
    assert twin_of([])["csv/students.csv"].startswith("ser_student_key,lasid,")


def test_a_file_that_changes_after_the_start_is_refused(tmp_path):
    (tmp_path / TEXT).write_bytes(GOOD)
    with opened(tmp_path) as package:
        promised = package.digest()
        (tmp_path / TEXT).write_bytes(GOOD.replace(b"MELANCON", b"MELANCOM", 1))
        with pytest.raises(ExtractRefused, match="not the same any more"):
            list(Reading(package, FREEZE, promised).lines())


def test_the_header_of_a_fixed_width_file_is_still_what_decides():
    with pytest.raises(ExtractRefused, match="looks like a CSV"):
        Extract(io.BytesIO(b"name,grade\r\n"), FREEZE).read_header()
