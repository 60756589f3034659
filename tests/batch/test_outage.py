"""Provider A goes down in the middle of a batch of 200 stocks: it ends complete, and the cost page
tells what happened and what it cost.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.batch.site import PROJECT, Site, until
from tests.vendors import Fault, ModelProcess, model_process

STOCKS = 200

# In a process of the site: what the bench of the pipeline does, 200 companies under own names.
COMPANIES = f"""
from fa_site.services import attach
attach()
import django
django.setup()
from bench.companies import load_companies
from django.core.management import call_command
from costs.models import Budget
call_command("load_prices", verbosity=0)
call_command("ensure_budgets", verbosity=0)
assert load_companies({STOCKS}) == {STOCKS}
"""

PAGE = """
from fa_site.services import attach
attach()
import django
django.setup()
from django.contrib.auth.models import Group, User
from django.test import Client
user = User.objects.create_user("oscar", is_staff=True)
user.groups.set(Group.objects.filter(name="ops"))
client = Client()
client.force_login(user)
page = client.get("/admin/costs/spending/?window=last-24h")
assert page.status_code == 200, page.status_code
print(page.content.decode())
"""


@pytest.fixture
def models() -> Iterator[ModelProcess]:
    with model_process(
        tokens="approximate", latency=0.3, author="bench.authors:summariser"
    ) as process:
        yield process


@pytest.fixture
def site(tmp_path: Path, models: ModelProcess) -> Iterator[Site]:
    site = Site(
        tmp_path / "site",
        {
            "ANTHROPIC_API_KEY": "fake-key-for-tests",
            "OPENAI_API_KEY": "fake-key-for-tests",
            "FA_ANTHROPIC_BASE_URL": models.anthropic_url,
            "FA_OPENAI_BASE_URL": models.openai_url,
            "FA_LLM_REQUESTS_A_MINUTE": "100000",
            "FA_LLM_TOKENS_A_MINUTE": "100000000",
            "FA_BATCH_LEASE_SECONDS": "30",
        },
    )
    try:
        yield site
    finally:
        site.close()


def run(site: Site, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False,
        env={**site.environment, "DJANGO_SETTINGS_MODULE": "fa_site.settings"}, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_batch_ends_complete_when_a_provider_goes_down_in_the_middle(
    site: Site, models: ModelProcess
) -> None:
    site.migrate()
    run(site, COMPANIES)
    batch = site.start("run_batch", "--concurrency", "32", "--quiet")
    until(lambda: site.done() >= STOCKS // 4, 240, "a quarter is done")
    models.add(Fault("outage", provider="anthropic"))
    told, _ = batch.communicate(timeout=400)
    states = dict(site.ask("SELECT state, count(*) FROM summaries_batchitem GROUP BY state"))
    assert states.keys() <= {"published", "not_enough"}, (states, told)
    assert sum(states.values()) == STOCKS
    writers = dict(site.ask("SELECT writer, count(*) FROM summaries_summary GROUP BY writer"))
    assert {name.split("-")[0] for name in writers} >= {"claude", "gpt"}
    page = run(site, PAGE)
    assert "open: left alone" in page
    ((elsewhere,),) = site.ask(
        "SELECT count(DISTINCT a.call) FROM costs_usagerecord a JOIN costs_usagerecord b USING (call)"
        " WHERE a.provider = 'anthropic' AND a.state IN ('failed', 'unknown')"
        " AND b.provider = 'openai' AND b.state = 'settled'"
    )
    assert elsewhere > 0
    assert f"{elsewhere:,}" in page
    ((ledger,),) = site.ask("SELECT sum(cost_usd) FROM costs_usagerecord")
    ((unknown,),) = site.ask("SELECT count(*) FROM costs_usagerecord WHERE state = 'unknown'")
    assert unknown or ledger == models.invoice.total()
