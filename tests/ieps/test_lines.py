"""Tables of an IEP: lines are added, written in, removed and put back; sections come and go."""

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from ieps import actions
from ieps.models import Iep, IepStatus, Line
from ieps.outline import Progress
from ieps.written import chapters_of
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import IepFactory, UserFactory

pytestmark = pytest.mark.usefixtures("as_system")


def chapter(iep, section):
    return next(each for each in chapters_of(iep) if each.section == section)


def write(by, iep, section, **texts):
    for key, text in texts.items():
        actions.save_text(by=by, iep=iep, section=section, field=key, text=text, version=0)


def add(by, iep, section="GSI", table="participants", **options):
    return actions.add_line(by=by, iep=iep, section=section, table=table, **options)


def labels_missing(iep, section) -> set[str]:
    return {item.label for item in chapter(iep, section).missing}


def test_a_line_is_written_cell_by_cell(draft, dana):
    line = add(dana, draft)
    write(dana, draft, "GSI", **{f"{line.pk}.name": "Renée Fontenot", f"{line.pk}.role": "PAR"})
    (grid,) = (grid for grid in chapter(draft, "GSI").grids if grid.key == "participants")
    assert [entry.key for entry in grid.lines[0][1]] == [
        f"{line.pk}.name", f"{line.pk}.role", f"{line.pk}.attended",
    ]  # fmt: skip
    assert draft.texts.get(field=f"{line.pk}.name").line == line


def test_each_plan_of_a_section_that_repeats_has_its_own_fields_and_tables(draft, dana):
    reading, math = add(dana, draft, "INS", ""), add(dana, draft, "INS", "")
    step = add(dana, draft, "INS", "objectives", plan=math.pk)
    write(dana, draft, "INS", **{f"{reading.pk}.area": "Reading", f"{step.pk}.criterion": "8 of 10"})
    first, second = chapter(draft, "INS").parts
    assert (first.title, first.line.pk, second.line.pk) == ("Area of need 1", reading.pk, math.pk)
    assert [len(item.lines) for part in (first, second) for item in part.items if hasattr(item, "lines")] == [
        0, 1,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "table"),
    [("GSI", ""), ("GSI", "strengths"), ("GSI", "nothing"), ("XYZ", "participants"), ("PRG", "participants")],
)
def test_only_tables_of_the_form_have_lines(draft, dana, section, table):
    with pytest.raises(RuleBroken):
        add(dana, draft, section, table)


def test_a_table_inside_a_plan_needs_its_plan(draft, dana):
    with pytest.raises(RuleBroken, match="plan"):
        add(dana, draft, "INS", "objectives")


def test_nothing_is_written_in_the_line_of_another_childs_iep(draft, child, parish, dana):
    other = IepFactory(student=child, district=parish, kind="INI", author=dana)
    line = add(dana, other)
    with pytest.raises(RuleBroken, match="not in the IEP"):
        write(dana, draft, "GSI", **{f"{line.pk}.name": "Somebody"})


def test_a_removed_line_keeps_its_texts_and_comes_back_with_them(draft, dana):
    line = add(dana, draft)
    write(dana, draft, "GSI", **{f"{line.pk}.name": "Renée Fontenot"})
    actions.remove_line(by=dana, iep=draft, line=line)
    assert "Participants" in labels_missing(draft, "GSI")
    actions.put_line_back(by=dana, iep=draft, line=line)
    assert "Participants" not in labels_missing(draft, "GSI")
    assert draft.texts.get(field=f"{line.pk}.name").text == "Renée Fontenot"


def test_each_empty_cell_that_is_required_is_named(draft, dana):
    line = add(dana, draft)
    write(dana, draft, "GSI", **{f"{line.pk}.name": "Renée Fontenot"})
    assert {"Role", "Attended"} <= labels_missing(draft, "GSI")
    assert "Name" not in labels_missing(draft, "GSI")


@pytest.mark.parametrize(("answer", "asked"), [("Y", True), ("N", False), ("", False)])
def test_yes_asks_for_an_explanation(draft, dana, answer, asked):
    if answer:
        write(dana, draft, "GSI", behavior=answer)
    keys = {item.key for item in chapter(draft, "GSI").missing}
    assert ("behavior_text" in keys) is asked


def test_the_assessment_asks_for_its_section(draft, dana):
    assert not chapter(draft, "LEAPC").needed
    write(dana, draft, "PRG", assessment="LEAPC")
    assert chapter(draft, "LEAPC").needed


def test_an_optional_section_is_added_and_left_out_again(draft, dana):
    draft = actions.choose_section(by=dana, iep=draft, section="BIP", added=True)
    assert chapter(draft, "BIP").progress is Progress.NOT_STARTED
    write(dana, draft, "BIP", function="To get away from noise")
    draft = actions.choose_section(by=dana, iep=draft, section="BIP", added=False)
    assert not chapter(draft, "BIP").needed
    assert draft.texts.get(field="function").text == "To get away from noise"


def test_what_belongs_to_every_iep_is_not_left_out(draft, dana):
    with pytest.raises(RuleBroken, match="belongs to every IEP"):
        actions.choose_section(by=dana, iep=draft, section="GSI", added=False)


def test_a_reader_adds_nothing(draft, parish):
    reader = UserFactory(role=Role.READER, role__district=parish)
    with pytest.raises(NotAllowed):
        add(reader, draft)


def test_the_database_keeps_the_lines_of_an_official_iep(draft, dana):
    line = add(dana, draft)
    Iep.objects.filter(pk=draft.pk).update(status=IepStatus.OFFICIAL)
    with pytest.raises(ProgrammingError, match="official IEP"), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(place=9)


def test_a_line_comes_and_goes_on_the_page_without_a_script(draft, dana, browse):
    client, page = browse(dana), reverse("ieps:section", args=[draft.pk, "GSI"])
    added = client.post(
        f"{page}lines/?table=participants", {"strengths": "Sings.", "version": f"@:{dana.pk}"}
    )
    with scope.system():
        line = Line.objects.get()
        assert draft.texts.get(field="strengths").text == "Sings."
    assert added.url == f"{page}#line-{line.pk}"
    assert f'name="{line.pk}.name"' in client.get(page).content.decode()
    client.post(f"{page}lines/{line.pk}/remove/")
    assert f'name="{line.pk}.name"' not in client.get(page).content.decode()


def test_a_script_gets_the_new_line_alone(draft, dana, browse):
    page = reverse("ieps:section", args=[draft.pk, "GSI"])
    answer = browse(dana).post(f"{page}lines/?table=participants", headers={"HX-Request": "true"})
    with scope.system():
        line = Line.objects.get()
    text = answer.content.decode()
    assert f'name="{line.pk}.role"' in text
    assert "<h1" not in text


def names_in_order(iep) -> list[int]:
    return list(iep.lines.standing().values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("moved", "up", "order"),
    [(2, True, [0, 2, 1]), (0, False, [1, 0, 2]), (0, True, [0, 1, 2]), (2, False, [0, 1, 2])],
)
def test_a_line_changes_places_with_its_neighbour(draft, dana, moved, up, order):
    lines = [add(dana, draft) for _ in range(3)]
    actions.move_line(by=dana, iep=draft, line=lines[moved], up=up)
    assert names_in_order(draft) == [lines[number].pk for number in order]


def test_the_page_offers_removed_lines_with_their_words(draft, dana, browse):
    kept, gone, empty = (add(dana, draft) for _ in range(3))
    write(dana, draft, "GSI", **{f"{kept.pk}.name": "Corinne"})
    write(dana, draft, "GSI", **{f"{gone.pk}.name": "Renée", f"{gone.pk}.role": "PAR"})
    for line in (gone, empty):
        actions.remove_line(by=dana, iep=draft, line=line)
    page = browse(dana).get(reverse("ieps:section", args=[draft.pk, "GSI"]))
    assert page.context["removed"] == [(gone.pk, "Renée · PAR")]
    assert reverse("ieps:put_line_back", args=[draft.pk, "GSI", gone.pk]) in page.content.decode()


def test_a_removed_line_is_no_neighbour(draft, dana):
    first, removed, last = (add(dana, draft) for _ in range(3))
    actions.remove_line(by=dana, iep=draft, line=removed)
    actions.move_line(by=dana, iep=draft, line=last, up=True)
    assert names_in_order(draft) == [last.pk, first.pk]


def test_a_line_moves_on_the_page_with_and_without_a_script(draft, dana, browse):
    first, second = (add(dana, draft) for _ in range(2))
    client, page = browse(dana), reverse("ieps:section", args=[draft.pk, "GSI"])
    there = client.post(f"{page}lines/{second.pk}/move/?way=up", {"version": f"@:{dana.pk}"})
    assert there.url == f"{page}#line-{second.pk}"
    by_script = client.post(f"{page}lines/{second.pk}/move/?way=down", headers={"HX-Request": "true"})
    assert by_script.status_code == 204
    with scope.system():
        assert names_in_order(draft) == [first.pk, second.pk]


@pytest.mark.parametrize("deed", ["remove", "put-back", "move"])
def test_a_line_of_a_section_that_somebody_has_alone_stays_and_the_page_says_who(
    draft, dana, kofi, browse, deed
):
    line = add(dana, draft)
    add(dana, draft)
    actions.take_out(by=kofi, iep=draft, section="GSI")
    page = reverse("ieps:section", args=[draft.pk, "GSI"])
    answer = browse(dana).post(f"{page}lines/{line.pk}/{deed}/", follow=True)
    assert "Kofi Amédée" in answer.content.decode()
    with scope.system():
        assert Line.objects.get(pk=line.pk).removed_at is None
