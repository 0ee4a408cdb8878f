"""The IEP, what is written in it, who agreed to it, and the services that follow from it."""

from ieps.models.agreed import AgreedCopy, Correction, DeleteRequest
from ieps.models.attachment import Attachment, AttachmentKind
from ieps.models.carried import Carried
from ieps.models.check_out import CheckOut
from ieps.models.checklist import ChecklistAnswer, TeamAnswer
from ieps.models.iep import Iep, IepStatus
from ieps.models.line import Line
from ieps.models.progress import GoalReport, Measurement
from ieps.models.section_text import SectionText
from ieps.models.service import Service
from ieps.models.signature import Purpose, Signature, Way
from ieps.models.statement import Statement
from ieps.models.transfer import ComparableServices, HowEnded, OutsideIep

__all__ = [
    "AgreedCopy",
    "Attachment",
    "AttachmentKind",
    "Carried",
    "CheckOut",
    "ChecklistAnswer",
    "ComparableServices",
    "Correction",
    "DeleteRequest",
    "GoalReport",
    "HowEnded",
    "Iep",
    "IepStatus",
    "Line",
    "Measurement",
    "OutsideIep",
    "Purpose",
    "SectionText",
    "Service",
    "Signature",
    "Statement",
    "TeamAnswer",
    "Way",
]
