"""The copy of a district's ODS, so that the next reading asks for what changed; and the values seen in it."""

from django.utils import timezone

from edfi.fetch import Fetched
from edfi.models import DistrictOds, OdsPull, OdsRecord, OdsValue
from edfi.rules.pulled import PULLED, Pulled, Record

BATCH = 1000
Records = dict[str, list[Record]]  # by resource


def keep_copy(pull: OdsPull, fetched: Fetched) -> Records:
    """All records by resource. A copy is kept only where the next reading can ask for changes alone."""
    ods, year = pull.ods, pull.school_year.last_day.year
    if fetched.newest is None:
        return {resource: list(fetched.rows[resource].values()) for resource in PULLED}
    copy = OdsRecord.objects.filter(ods=ods, school_year=year)
    if fetched.whole:
        copy.delete()
        OdsRecord.objects.filter(ods=ods, school_year__lt=year).delete()  # nobody reads them any more
        ods.seen_versions = {of: version for of, version in ods.seen_versions.items() if int(of) >= year}
        ods.read_whole_at = {**ods.read_whole_at, str(year): timezone.now().isoformat()}
    for resource in fetched.gone:
        copy.filter(resource=resource, record_id__in=fetched.gone[resource]).delete()
    rows = [
        OdsRecord(
            ods=ods, district=ods.district, school_year=year, resource=resource, record_id=pk, payload=payload
        )
        for resource, some in fetched.rows.items()
        for pk, payload in some.items()
    ]
    unique = ["ods", "school_year", "resource", "record_id"]
    OdsRecord.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=unique, update_fields=["payload"]
    )
    ods.seen_versions = {**ods.seen_versions, str(year): fetched.newest}
    ods.save(update_fields=["seen_versions", "read_whole_at"])
    if fetched.whole:
        return {resource: list(fetched.rows[resource].values()) for resource in PULLED}
    return {name: list(copy.filter(resource=name).values_list("payload", flat=True)) for name in PULLED}


def keep_values(ods: DistrictOds, pulled: Pulled) -> None:
    """Values that were never seen wait for their meaning; the others say how often they stand there now."""
    ods.values.update(uses=0)
    rows = [OdsValue(ods=ods, kind=kind, uri=uri, uses=n) for (kind, uri), n in pulled.uses.items()]
    OdsValue.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["ods", "kind", "uri"], update_fields=["uses"]
    )
