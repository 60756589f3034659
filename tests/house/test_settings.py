"""A missing or bad variable stops the start with a message that names it and says what to do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHOLE = {
    "FA_ENV": "production",
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "fa.example.com",
    "DATABASE_URL": "postgresql://fa:secret@db.example.com:5432/fa",
    "REDIS_URL": "redis://:secret@cache.example.com:6379/0",
}


def load(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, with production's variables but for ``changes``."""
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "VIRTUAL_ENV"}}
    wanted = {name: value for name, value in {**WHOLE, **changes}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", "import fa_site.settings"],
        cwd=ROOT,
        env=kept | wanted,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_production_starts_with_the_four_variables() -> None:
    assert load().stderr == ""


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_missing_variable_is_named_with_an_example(name: str) -> None:
    done = load(**{name: None})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert re.search(rf"SettingError: {name} is not set\. Set it.*{name}=", last), last
    assert "secret" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("FA_ENV", "prod", "it must be one of local, test, production"),
        ("DATABASE_URL", "mysql://db/fa", "must be a PostgreSQL URL"),
        ("DATABASE_URL", "postgresql://fa@db:port/fa", "has a bad port"),
        ("FA_DB_POOL", "many", "must be a whole number of at least 1"),
        ("FA_BATCH_LEASE_SECONDS", "0", "must be a whole number of at least 5"),
        ("FA_BEHIND_PROXY", "maybe", "must be yes or no"),
        ("FA_LOG_LEVEL", "LOUD", "it must be one of DEBUG"),
        ("FA_TIME_ZONE", "Mars/Olympus", "FA_TIME_ZONE is 'Mars/Olympus'"),
        (
            "FA_REGRESSION_THRESHOLDS",
            "fact_accuracy=120",
            "has 'fact_accuracy=120'; it must be like",
        ),
        ("FA_REGRESSION_SECONDS", "page=3", "has 'page=3'; it must be like summary=5"),
        ("FA_REGRESSION_SECONDS", "claim=soon", "each at most 3600"),
        ("FA_RISK_WEIGHTS", "0.5,0.5", "it must be 3 numbers from 0 to 1, such as 0.5,0.2,0.3"),
        ("FA_RISK_WEIGHTS", "0.5,0.2,x", "it must be 3 numbers from 0 to 1"),
        ("FA_RISK_WEIGHTS", "0.5,0.2,nan", "it must be 3 numbers from 0 to 1"),
        ("FA_RISK_WEIGHTS", "0.5,0.2,0.2", "FA_RISK_WEIGHTS add up to 0.9; they must add up to 1"),
        ("FA_RISK_LEVELS", "0.4,0.8,0.6", "FA_RISK_LEVELS must rise"),
        ("FA_RISK_LEVELS", "0,0.6,0.8", "FA_RISK_LEVELS must rise"),
        ("FA_RISK_LEVELS", "0.4,0.6,1.1", "it must be 3 numbers from 0 to 1"),
        ("FA_CHECK_CHARACTERS", "10", "must be a whole number of at least 100"),
        ("FA_WEEKLY_SCHEDULE", "sometimes", "FA_WEEKLY_SCHEDULE is 'sometimes'"),
    ],
)
def test_bad_variable_says_what_it_must_be(name: str, value: str, words: str) -> None:
    done = load(**{name: value})
    assert done.returncode != 0
    assert words in done.stderr.strip().splitlines()[-1]


def test_docs_list_every_variable_and_no_other() -> None:
    sources = [*ROOT.glob("fa_site/**/*.py"), ROOT / "manage.py"]
    code = "\n".join(path.read_text() for path in sources)
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    read |= set(re.findall(r'environ(?:\.get)?[\[(]"([A-Z_]+)"', code))
    # OpenTelemetry reads its own; those worth setting are named where spans are made.
    read |= set(re.findall(r"OTEL_[A-Z_]+[A-Z]", (ROOT / "llm/tracing.py").read_text()))
    internal = {"FA_EMBEDDED_POSTGRES", "FA_EMBEDDED_VALKEY", "DJANGO_SETTINGS_MODULE", "PATH"}
    listed = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.M))
    assert listed == read - internal


def test_local_secret_is_one_for_all_who_ask_at_once(tmp_path: Path) -> None:
    asking = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from fa_site.services import local_secret as s; print(s('key'))",
            ],
            cwd=ROOT,
            env={**os.environ, "FA_DATA_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    told = {process.communicate(timeout=60)[0].strip() for process in asking}
    assert len(told) == 1
    assert len(told.pop()) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
