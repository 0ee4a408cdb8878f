"""A state on its way to the go-live, without a real extract: the calendar and the run as they would stand."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from jobs.actions import open_job
from migration.actions import accept_run, plan_rollover
from migration.models import LegacyUser, LoadRun, Party, Phase, RolloverCalendar, RunState, SampleSheet
from organizations.models import District, State
from security import scope
from security.models import User
from security.rules.roles import Role
from tests import factories as make

HOUR = timedelta(hours=1)


def sea() -> User:
    return make.UserFactory(role=Role.SEA_ADMINISTRATOR, first_name="Sidonie", last_name="Arnaud")


def vendor() -> User:
    return make.UserFactory(role=Role.SUPPORT, first_name="Sol", last_name="Landry")


def planned(
    by: User, freeze: timedelta = -24 * HOUR, go_live: timedelta = 24 * HOUR, **more: object
) -> RolloverCalendar:
    """From now: the freeze a day ago and the go-live tomorrow, unless said otherwise."""
    now, state = timezone.now(), make.StateFactory()
    instants: dict[str, datetime | None] = dict.fromkeys(("transfer_at", "checks_at"), now + freeze)
    return plan_rollover(
        by=by, state=state, freeze_at=now + freeze, go_live_at=now + go_live, acceptance_at=None,
        **instants, **more,
    )  # fmt: skip


def run_of(
    state: State, freeze: datetime, status: RunState = RunState.DONE, *, signed: bool = True
) -> LoadRun:
    """A run at its end, with its sample sheet signed by both parties unless said otherwise."""
    job = open_job("rollover", "Rollover of legacy SER", owner_id=None)
    run = LoadRun.objects.create(
        of_state=state, state=status, phase=Phase.OVER, file_name="legser.dat", sha256="0" * 64,
        extracted_at=freeze + HOUR, freeze=freeze, cut=freeze.date(), job=job, ended_at=timezone.now(),
    )  # fmt: skip
    if signed:
        sign_sheet(run)
    return run


def sign_sheet(run: LoadRun) -> SampleSheet:
    """A sheet on which print and extract agree."""
    sheet = SampleSheet.objects.create(
        run=run, file_name="print.jsonl", sha256="1" * 64, students=10, fields=200
    )
    for party in Party:
        sheet.signatures.create(party=party, by=make.UserFactory())
    return sheet


def accepted(calendar: RolloverCalendar, by: User, vendor: User) -> LoadRun:
    run = run_of(calendar.of_state, calendar.freeze_at)
    with scope.system():
        accept_run(by=by, run=run, party=Party.SEA)
        accept_run(by=vendor, run=run, party=Party.VENDOR)
    return run


def legacy_user(district: District, name: str, **more: object) -> LegacyUser:
    """Somebody who had access to the legacy system."""
    facts = {
        "of_state": district.state, "district": district, "sponsor_code": district.code[-3:],
        "role": "DATAMGR",
        "legacy_key": name.upper(), "last_name": name, "first_name": "Odile", "last_login": date(2022, 7, 1),
        "is_active": True, "unlinked": False, "load_run_id": 1, **more,
    }  # fmt: skip
    return LegacyUser.objects.create(**facts)
