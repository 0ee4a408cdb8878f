"""An extract of the project's own, of any size, gives what its generator promises: it runs everywhere."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from migration import account
from migration.models import LoadRun
from migration.rules.findings import Outcome, quality_rules
from tests.migration.generated import generate

pytestmark = pytest.mark.django_db


@pytest.mark.rule("RLO-06")
@pytest.mark.rule("RLO-14")
@pytest.mark.parametrize(("children", "as_csv"), [(10_000, False), (400, True)], ids=["fixed width", "CSV"])
def test_the_load_of_a_generated_extract_equals_its_key(tmp_path, monkeypatch, settings, children, as_csv):
    settings.MEDIA_ROOT = tmp_path / "media"  # another load removes half-made copies beside its own
    monkeypatch.setattr(account, "STUDENTS_PER_CHUNK", children // 5)
    key = generate(tmp_path / "extract", children, as_csv=as_csv)

    out = StringIO()
    path = str(tmp_path / "extract")
    call_command("rollover", "load", path, "--freeze", "2022-07-24T23:59:00", "--json", stdout=out)

    given = json.loads(out.getvalue().splitlines()[-1])
    assert {rule: keys for rule, keys in given.pop("findings").items() if keys} == key.pop("findings")
    assert LoadRun.objects.get(pk=given.pop("run")).chunks > 2
    assert given == key


def test_every_rule_that_concerns_a_record_is_broken_twice_or_more(tmp_path):
    found = generate(tmp_path, 150)["findings"]
    of_records = {rule.id for rule in quality_rules().values() if rule.outcome != Outcome.STOP}
    assert {rule for rule, keys in found.items() if len(keys) > 1} == of_records
