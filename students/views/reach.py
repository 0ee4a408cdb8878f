"""Who reaches a site, and a test for one person and one student."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from journal.actions import record
from organizations.models import Site
from security.queries.authorized import role_name
from security.queries.places import people_of
from security.views.place import chosen_district
from students.reach import does_reach, reach_of, sites_of


class TestForm(forms.Form):
    """Who and whom, as they are written on paper."""

    person = forms.CharField(
        label="Username or staff ID", max_length=150, error_messages={"required": "Enter who is tested."}
    )
    student = forms.CharField(
        label="State student ID", max_length=20, error_messages={"required": "Enter the student's number."}
    )


def reach(request: HttpRequest) -> HttpResponse:
    district = chosen_district(request)
    sites = sites_of(district)
    site = _chosen(request, sites)
    form = TestForm(request.POST or None)
    answer = _tested(request, form, district) if request.method == "POST" and form.is_valid() else None
    found = reach_of(site, district) if site else None
    context = {
        "district": district,
        "sites": sites,
        "found": found,
        "direct": [(row, role_name(row)) for row in found.direct] if found else [],
        "form": form,
        "answer": answer,
    }
    return render(request, "students/reach.html", context)


def _chosen(request: HttpRequest, sites: list[Site]) -> Site | None:
    asked = request.GET.get("site", "")
    if not asked:
        return sites[0] if sites else None
    found = next((site for site in sites if str(site.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def _tested(request: HttpRequest, form: TestForm, district):
    """The answer, or a message beside the field when nobody of that name is in the reader's care."""
    typed = form.cleaned_data["person"]
    people = people_of(request.user)
    person = people.filter(username=typed).first() or people.filter(staff_id=typed).first()
    if person is None:
        form.add_error("person", f"Nobody with access at {district} has this username or staff ID.")
        return None
    answer = does_reach(person, form.cleaned_data["student"], district)
    words = f"tested whether user {person.pk} reaches a student: {'yes' if answer.reaches else 'no'}"
    record("REACH_TESTED", words, by=request.user, district_id=district.pk, user=person.pk)
    return person, answer
