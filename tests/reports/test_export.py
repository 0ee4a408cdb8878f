"""Every list leaves as CSV and XLSX: as filtered, within scope, with a reason, and nothing that runs."""

import csv
import io
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from openpyxl import load_workbook

from edfi.models import Connection, Trouble
from enrollment.models import Finding
from journal.models import Entry
from organizations.models.place import SiteKind
from reports import actions
from reports.exports import files
from reports.lists.every import OF_ENROLLMENT, every_list
from reports.lists.of_indicators import INDICATORS
from rulebook.formulas import RUN_AS_FORMULA
from security import scope
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
SLUGS = [slug for slug, found in every_list().items() if found not in (*OF_ENROLLMENT, *INDICATORS)]
WHY = "child count check"


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def theirs():
    return make.DistrictFactory(name="Bayou Verde Parish")


def manager_of(district, role=Role.SPED_SUPERVISOR):
    return make.UserFactory(role=role, role__district=district)


def records_of(child, district):
    """One record of each kind; each is on the lists of what is missing, too."""
    make.EnrollmentFactory(student=child, district=district)
    academy = make.SiteFactory(kind=SiteKind.NONPUBLIC, district=None)
    make.EnrollmentFactory(student=child, district=district, site=academy)
    make.ActivityFactory(student=child, district=district)
    make.EvaluationFactory(student=child, district=district)
    make.DeadlineFactory(student=child, district=district, due_on=date(2026, 9, 1))
    make.IepFactory(student=child, district=district, meeting_date=date(2026, 9, 1))
    with scope.elevated():
        Finding.objects.create(
            check_number=12, student=child, district=district, severity="task", words="Entered nowhere.",
            found_at=datetime(2026, 9, 1, tzinfo=UTC),
        )  # fmt: skip
        link = Connection.objects.create(
            name=f"Of {child.pk}", state=district.state, district=district, base_url="http://127.0.0.1:9/"
        )
        Trouble.objects.create(
            connection=link, student=child, district=district, evaluation_id=1, code="refused",
            needs="person", sentence="The state refused the record.",
            first_seen=datetime(2026, 9, 1, tzinfo=UTC), last_seen=datetime(2026, 9, 1, tzinfo=UTC),
        )  # fmt: skip
    make.ServiceFactory(student=child, district=district)
    make.NoticeFactory(student=child, district=district)
    make.RecordsRequestFactory(student=child, district=district)


def text_of(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def table(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text_of(answer))))


def workbook(answer) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    return [[as_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def as_text(cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else cell.date().isoformat() if hasattr(cell, "date") else str(cell)


def get(client, slug, reason=WHY, format="csv", bom="", **query):
    typed = {"reason": reason, "format": format, "bom": bom}
    return client.post(f"/lists/{slug}/export?{urlencode(query)}", typed)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_file_holds_my_districts_children_and_no_others(slug, mine, theirs, browse):
    ours = make.StudentFactory(district=mine, last_name="Fontenot")
    others = make.StudentFactory(district=theirs, last_name="Thibodeaux", first_name="Odile")
    records_of(ours, mine)
    records_of(others, theirs)
    with scope.system():
        Entry.objects.create(kind="EXITED", words="Fontenot left", student_id=ours.pk, district_id=mine.pk)
        Entry.objects.create(
            kind="EXITED", words="Thibodeaux left", student_id=others.pk, district_id=theirs.pk
        )
    for format, read in (("csv", table), ("xlsx", workbook)):
        written = str(read(get(browse(manager_of(mine)), slug, format=format)))
        assert "Fontenot" in written
        assert "Thibodeaux" not in written


@pytest.mark.parametrize("slug", every_list())
def test_anonymous_visitors_get_no_list_and_no_file(slug, client, mine):
    make.StudentFactory(district=mine)
    for path in ("", "export", "export/ask", "export?format=csv&reason=because"):
        answer = client.get(f"/lists/{slug}/{path}")
        assert answer.status_code == 302
        assert answer.url.startswith("/sign-in/")


def test_a_role_without_export_is_told_who_can(mine, browse):
    make.StudentFactory(district=mine)
    answer = get(browse(manager_of(mine, Role.READER)), "students")
    assert answer.status_code == 403
    assert "data manager" in answer.content.decode()
    assert not Entry.objects.filter(kind="EXPORTED").exists()


def test_only_places_where_exporting_is_granted_leave(mine, theirs, browse):
    """A data manager here who is a reader there sees both districts and exports one."""
    from security.actions.assign import assign

    user = manager_of(mine)
    assign(by=None, user=user, role=Role.READER, district=theirs, first_day=date(2020, 7, 1))
    make.StudentFactory(district=mine, last_name="Fontenot")
    make.StudentFactory(district=theirs, last_name="Thibodeaux")
    written = str(table(get(browse(user), "students")))
    assert "Fontenot" in written
    assert "Thibodeaux" not in written


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tTab", "'\tTab"),
        ("\rReturn", "'\rReturn"),
        ('=1,"2"', '\'=1,"2"'),
        ("Fontenot", "Fontenot"),
        ("O'Neil", "O'Neil"),
        ("Smith-Jones", "Smith-Jones"),
        ("'quoted", "'quoted"),
        ("0123", "0123"),
        ('"=1"', '"=1"'),
        ("Émile, Zoë", "Émile, Zoë"),
        ("Nguyễn 阮", "Nguyễn 阮"),
    ],
)
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_no_cell_runs_as_a_formula(typed, written, format, mine, browse):
    make.StudentFactory(district=mine, last_name=typed)
    answer = get(browse(manager_of(mine)), "students", format=format)
    if format == "csv":
        cell = next(csv.reader(io.StringIO(text_of(answer), newline="").readlines()[1:]))[0]
    else:
        cell = workbook(answer)[1][0].replace("_x000D_", "\r").replace("\n", "\r")
    assert cell == written


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug != "journal"])
def test_the_workbook_says_the_same_as_the_csv(slug, mine, browse):
    for n, name in enumerate(("Fontenot", "Amédée", "=cmd", "Nguyễn")):
        child = make.StudentFactory(district=mine, last_name=name, state_student_id=f"00{n}", hispanic=True)
        records_of(child, mine)
    client = browse(manager_of(mine))
    assert workbook(get(client, slug, format="xlsx")) == table(get(client, slug))


def test_ids_keep_their_leading_zeros_as_text_in_the_workbook(mine, browse):
    make.StudentFactory(district=mine, state_student_id="0004711")
    rows = workbook(get(browse(manager_of(mine)), "students", format="xlsx"))
    assert rows[1][rows[0].index("State ID")] == "0004711"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_empty_list_has_its_labels(format, mine, browse):
    answer = get(browse(manager_of(mine)), "students", format=format)
    rows = table(answer) if format == "csv" else workbook(answer)
    assert rows[0] == every_list()["students"].labels
    assert not any(any(row) for row in rows[1:])


def test_the_file_is_filtered_and_sorted_as_the_page_is(mine, browse):
    for grade, first_name in (("06", "Ada"), ("07", "Bea"), ("06", "Cleo")):
        child = make.StudentFactory(district=mine, grade=grade, last_name=first_name, first_name=first_name)
        make.EnrollmentFactory(student=child, district=mine, grade=grade)
    rows = table(get(browse(manager_of(mine)), "enrollments", grade="06", sort="-student"))
    assert [row[0] for row in rows[1:]] == ["Cleo", "Ada"]


def test_a_byte_order_mark_is_written_only_on_request(mine, browse):
    client = browse(manager_of(mine))
    assert not b"".join(get(client, "students").streaming_content).startswith(files.UTF8_BOM)
    assert b"".join(get(client, "students", bom="1").streaming_content).startswith(files.UTF8_BOM)


def test_the_journal_keeps_who_what_and_why_and_no_names(mine, browse):
    child = make.StudentFactory(district=mine, last_name="Fontenot")
    make.EnrollmentFactory(student=child, district=mine)
    user = manager_of(mine)
    get(browse(user), "enrollments", open="open", name="Fontenot")
    with scope.system():
        entry = Entry.objects.get(kind="EXPORTED")
    assert (entry.actor_id, entry.district_id) == (user.pk, mine.pk)
    assert entry.details == {
        "list": "enrollments",
        "format": "csv",
        "filter": {"open": "open", "name": "typed"},
        "rows": 1,
        "reason": WHY,
    }


@pytest.mark.parametrize("reason", ["", "x"])
def test_without_a_reason_nothing_leaves(reason, mine, browse):
    client = browse(manager_of(mine))
    answer = client.post("/lists/students/export?grade=06", {"format": "csv", "reason": reason})
    assert answer.status_code == 422
    assert "Say " in answer.content.decode()
    assert client.get("/lists/students/export?grade=06").url == "/lists/students/export/ask?grade=06"
    with scope.system():
        assert not Entry.objects.filter(kind="EXPORTED").exists()


def test_a_link_takes_nothing_away(mine, browse):
    make.StudentFactory(district=mine)
    answer = browse(manager_of(mine)).get("/lists/students/export?format=csv&reason=because")
    assert answer.url.startswith("/lists/students/export/ask?")
    assert not Entry.objects.filter(kind="EXPORTED").exists()


def test_more_rows_than_a_sheet_holds_are_refused_as_a_workbook(mine, browse, monkeypatch):
    monkeypatch.setattr(actions, "SHEET", 2)
    for _ in range(3):
        make.StudentFactory(district=mine)
    client = browse(manager_of(mine))
    answer = get(client, "students", format="xlsx")
    assert answer.status_code == 422
    assert "Choose CSV" in answer.content.decode()
    assert len(table(get(client, "students"))) == 4


def test_the_file_name_says_the_list_and_the_day_only(mine, browse):
    answer = get(browse(manager_of(mine)), "students", name="Fontenot")
    assert answer["Content-Disposition"].startswith('attachment; filename="students-2')
    assert "Fontenot" not in answer["Content-Disposition"]


def test_csv_comes_in_blocks_while_it_is_read(mine, monkeypatch):
    """Constant memory: a block leaves before the last row is read."""
    monkeypatch.setattr(files, "BLOCK", 64)
    for _ in range(20):
        make.StudentFactory(district=mine)
    found, heard = every_list()["students"], []
    with scope.of(manager_of(mine)) as places:
        rows = found.filtered(places, found.state({}))
        blocks = files.csv_blocks(found, rows, told=heard.append)
        next(blocks), next(blocks)
        assert heard == []
        next(blocks)
        assert heard == [1]
        blocks.close()


def test_csv_is_written_while_queries_are_counted_too(mine, django_assert_max_num_queries):
    """With debugging on, Django wraps its cursors."""
    make.StudentFactory(district=mine, grade="06")
    found, user = every_list()["students"], manager_of(mine)
    with django_assert_max_num_queries(20), scope.of(user) as places:
        written = b"".join(files.csv_blocks(found, found.filtered(places, found.state({"grade": "06"}))))
    assert written.count(b"\n") == 2


def test_xlsx_is_fed_row_by_row(mine, monkeypatch):
    monkeypatch.setattr(files, "AT_A_TIME", 5)
    for _ in range(12):
        make.StudentFactory(district=mine)
    found, heard = every_list()["students"], []
    with scope.of(manager_of(mine)) as places:
        files.write_xlsx(found, found.filtered(places, found.state({})), io.BytesIO(), told=heard.append)
    assert heard == [5, 10, 12]


def test_the_stream_leaves_no_scope_behind(mine):
    make.StudentFactory(district=mine)
    found = every_list()["students"]
    order = actions.Order(found, found.state({}), "csv", WHY)
    b"".join(actions.csv_now(manager_of(mine), order))
    assert scope.current().is_empty
    assert connection.in_atomic_block


@pytest.mark.parametrize("slug", every_list())
def test_labels_of_a_list_are_different(slug):
    labels = every_list()[slug].labels
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("slug", every_list())
def test_excel_takes_the_name_of_the_sheet(slug):
    name = files.sheet_name(every_list()[slug].title)
    assert 0 < len(name) <= 31
    assert not set(name) & set("[]:*?/\\")


@pytest.mark.parametrize("mark", RUN_AS_FORMULA)
def test_a_number_below_zero_stays_one_and_a_text_beside_it_is_guarded(mark):
    lines = [b'Ada,-1,"a, b"\n', f'"{mark}1,2",-1,\n'.encode()]
    written = files._guarded(lines, [True, False, True]).decode()
    assert list(csv.reader(io.StringIO(written, newline=""))) == [
        ["Ada", "-1", "a, b"], [f"'{mark}1,2", "-1", ""],
    ]  # fmt: skip


def test_every_letter_that_runs_is_looked_for():
    assert {mark[-1:].decode() for mark in files.MARKS} == set(RUN_AS_FORMULA)
