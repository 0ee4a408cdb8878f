"""The child, the contacts, whose responsibility it is, and who may see it."""

from students.models.contact import Contact
from students.models.jurisdiction import Jurisdiction
from students.models.merge import StudentIdentifier, StudentMerge, every_record_of, goes_on_as, known_as
from students.models.student import PartCHistory, Source, Student
from students.models.student_access import StudentAccess

__all__ = [
    "Contact",
    "Jurisdiction",
    "PartCHistory",
    "Source",
    "Student",
    "StudentAccess",
    "StudentIdentifier",
    "StudentMerge",
    "every_record_of",
    "goes_on_as",
    "known_as",
]
