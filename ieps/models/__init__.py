"""The IEP, what is written in it, and the services that follow from it."""

from ieps.models.check_out import CheckOut
from ieps.models.iep import Iep, IepStatus
from ieps.models.line import Line
from ieps.models.section_text import SectionText
from ieps.models.service import Service

__all__ = ["CheckOut", "Iep", "IepStatus", "Line", "SectionText", "Service"]
