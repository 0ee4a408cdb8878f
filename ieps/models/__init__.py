"""The IEP, what is written in it, who agreed to it, and the services that follow from it."""

from ieps.models.agreed import AgreedCopy, Correction, DeleteRequest
from ieps.models.attachment import Attachment, AttachmentKind
from ieps.models.carried import Carried
from ieps.models.check_out import CheckOut
from ieps.models.iep import Iep, IepStatus
from ieps.models.line import Line
from ieps.models.progress import GoalReport, Measurement
from ieps.models.section_text import SectionText
from ieps.models.service import Service
from ieps.models.signature import Purpose, Signature, Way

__all__ = [
    "AgreedCopy",
    "Attachment",
    "AttachmentKind",
    "Carried",
    "CheckOut",
    "Correction",
    "DeleteRequest",
    "GoalReport",
    "Iep",
    "IepStatus",
    "Line",
    "Measurement",
    "Purpose",
    "SectionText",
    "Service",
    "Signature",
    "Way",
]
