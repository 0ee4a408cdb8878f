"""Factories: what matters in a test is arranged here, by the system itself, beyond any user's scope."""

from .arranging import Arranged, by_the_system
from .caseload import DeadlineFactory
from .enrollment import ActivityFactory, EnrollmentFactory
from .evaluations import EvaluationFactory, ExceptionalityFactory, LockedReportFactory, write_report
from .ieps import IepFactory, SectionTextFactory, ServiceFactory
from .notices import NoticeFactory, RecordsRequestFactory
from .organizations import (
    AffiliationFactory,
    CalendarFactory,
    DistrictFactory,
    NonpublicSiteFactory,
    SchoolYearFactory,
    SiteFactory,
    StateFactory,
)
from .security import (
    DAY_ONE,
    PASSWORD,
    AccessRequestFactory,
    AssuranceTextFactory,
    DesignationFactory,
    PolicyFactory,
    TrainingFactory,
    User,
    UserFactory,
    sign_for,
)
from .students import ContactFactory, JurisdictionFactory, StudentFactory

__all__ = [
    "by_the_system",
    "Arranged",
    "StateFactory",
    "DistrictFactory",
    "SiteFactory",
    "NonpublicSiteFactory",
    "AffiliationFactory",
    "SchoolYearFactory",
    "CalendarFactory",
    "DAY_ONE",
    "PASSWORD",
    "UserFactory",
    "sign_for",
    "AssuranceTextFactory",
    "TrainingFactory",
    "DesignationFactory",
    "PolicyFactory",
    "AccessRequestFactory",
    "User",
    "StudentFactory",
    "JurisdictionFactory",
    "ContactFactory",
    "EnrollmentFactory",
    "ActivityFactory",
    "EvaluationFactory",
    "LockedReportFactory",
    "ExceptionalityFactory",
    "write_report",
    "NoticeFactory",
    "RecordsRequestFactory",
    "IepFactory",
    "SectionTextFactory",
    "ServiceFactory",
    "DeadlineFactory",
]
