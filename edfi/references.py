"""Are the records there that a record refers to? Read only: the student information system sends them."""

from edfi.answers import Outcome
from edfi.client import Client
from edfi.rules.records import Payload
from ui.parts import Check

ENROLLMENTS = "studentSchoolAssociations"


async def references_of(client: Client, year: int, payload: Payload) -> list[Check]:
    """Student, school, enrollment and program of one record, each with whether the state has it."""
    student = payload["studentReference"]["studentUniqueId"]
    school = payload["educationOrganizationReference"]["educationOrganizationId"]
    program = payload.get("programReference")
    asked = [
        ("students", "the student", {"studentUniqueId": student}),
        ("schools", f"the school {school}", {"schoolId": str(school)}),
        (ENROLLMENTS, "the enrollment at this school",
         {"studentUniqueId": student, "schoolId": str(school)}),
    ]  # fmt: skip
    if program:
        asked.append(("programs", "the program", {name: str(value) for name, value in program.items()}))
    return [await _is_there(client, year, *each) for each in asked]


async def _is_there(client: Client, year: int, resource: str, name: str, criteria: dict[str, str]) -> Check:
    rows = await client.rows(resource, year, {**criteria, "limit": "1"})
    if isinstance(rows, Outcome):
        return Check("warn", f"The state does not say whether it has {name}.", resource)
    if rows:
        return Check("good", f"The state has {name}.", resource)
    # A child who is only evaluated has a responsibility record instead of an enrollment.
    tone = "warn" if resource == ENROLLMENTS else "bad"
    return Check(tone, f"The state does not have {name}.", resource)
