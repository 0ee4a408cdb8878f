"""Are the records there that ours refer to? Read only: the student information system sends them."""

import asyncio
from collections.abc import Sequence

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


async def program_is_there(client: Client, year: int, program: dict[str, str] | None) -> list[Check]:
    if program is None:
        return [Check("bad", "The connection does not say which program the records are of.")]
    return [await _is_there(client, year, "programs", "the program of the records", program)]


async def children_are_there(client: Client, year: int, children: Sequence[str]) -> list[Check]:
    """How many of some children, by their Ed-Fi IDs, the state knows, and knows as enrolled. Names none."""
    if not children:
        return []
    return [
        await _how_many(client, year, "students", "students", children),
        await _how_many(client, year, ENROLLMENTS, "students with an enrollment", children),
    ]


async def _how_many(client: Client, year: int, resource: str, name: str, children: Sequence[str]) -> Check:
    asked = [client.rows(resource, year, {"studentUniqueId": each, "limit": "1"}) for each in children]
    answers = await asyncio.gather(*asked)
    if any(isinstance(rows, Outcome) for rows in answers):
        return Check("warn", f"The {name} at the server could not be read.", resource)
    there = sum(bool(rows) for rows in answers)
    tone = "good" if there == len(children) else "warn"
    return Check(tone, f"The server knows {there} of {len(children)} {name} that were looked up.", resource)
