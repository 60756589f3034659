"""All settings. Every variable is listed in docs/settings.md; a test holds that list."""

from __future__ import annotations

import os
from typing import Any

import structlog
from django.templatetags.static import static
from django.urls import reverse_lazy

from fa_site import env
from fa_site.scrubbing import redact_secrets
from fa_site.services import BASE_DIR, data_dir, local_secret

ENVIRONMENT = env.choice("FA_ENV", "local", ("local", "test", "production"))
PRODUCTION = ENVIRONMENT == "production"
DEBUG = False

SECRET_KEY = (
    env.text("SECRET_KEY", example="$(openssl rand -base64 48)")
    if PRODUCTION
    else env.text("SECRET_KEY", local_secret("secret_key"))
)
ALLOWED_HOSTS = (
    env.words("ALLOWED_HOSTS") if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise env.SettingError(
        "ALLOWED_HOSTS is not set. Set it, for example ALLOWED_HOSTS=fa.example.com"
    )
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# The firm's clock: schedules and "yesterday" are read in it.
TIME_ZONE = env.time_zone("FA_TIME_ZONE", "America/New_York")
USE_TZ = True
LANGUAGE_CODE = "en-us"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_dramatiq",
    "django_htmx",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "waffle",
    "fa_site",
    "experiments",
    "costs",
    "llm",
    "summaries",
    "queries",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fa_site.middleware.security_headers",
    "fa_site.middleware.request_log",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "fa_site.urls"
WSGI_APPLICATION = "fa_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_database = env.database("DATABASE_URL")
DATABASES: dict[str, Any] = {
    "default": {
        **_database,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **dict(_database["OPTIONS"]),  # type: ignore[call-overload]
            "pool": {
                "min_size": 0,
                "max_size": env.number("FA_DB_POOL", 16, least=1),
                "timeout": 20,
            },
        },
    }
}
REDIS_URL = env.text("REDIS_URL", example="redis://:password@host:6379/0")

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

# Workers. Retries are an actor's own decision: the default of 20 would be 20 bills.
DRAMATIQ_BROKER = {
    "BROKER": "dramatiq.brokers.redis.RedisBroker",
    "OPTIONS": {"url": REDIS_URL, "namespace": env.text("FA_QUEUE_NAMESPACE", "fa")},
    "MIDDLEWARE": [
        "dramatiq.middleware.AgeLimit",
        "dramatiq.middleware.TimeLimit",
        "dramatiq.middleware.Callbacks",
        "dramatiq.middleware.Retries",
        "django_dramatiq.middleware.DbConnectionsMiddleware",
        "fa_site.broker.Liveness",
    ],
}
DRAMATIQ_AUTODISCOVER_MODULES = ["tasks"]

AUTHENTICATION_BACKENDS = ["fa_site.permissions.OneQuery"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = reverse_lazy("sign_in")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = reverse_lazy("sign_in")
CSRF_FAILURE_VIEW = "fa_site.views.csrf_failure"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
if not PRODUCTION:
    STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns where it is missing
STATICFILES_DIRS = [BASE_DIR / "static"]
# The manifest (hashed names, cached for ever) needs collectstatic, which `make run` does.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists() and ENVIRONMENT != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["fa_site.access.ApiAccess"],
    "DEFAULT_PAGINATION_CLASS": "fa_site.api.Pages",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "user": env.text("FA_API_RATE", "600/min"),
        "checks": env.text("FA_CHECK_RATE", "30/min"),
    },
    "EXCEPTION_HANDLER": "fa_site.api.problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "FA AI System API",
    "VERSION": "1",
    "DESCRIPTION": "Stocks, verified summaries, their citations, and batch runs.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "KindEnum": "summaries.models.documents.Document.Kind",
        "ABTestStateEnum": "experiments.models.ab_tests.ABTest.State",
    },
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("FA_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("FA_BEHIND_PROXY", False) else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

UNFOLD = {
    "SITE_TITLE": "FA AI System",
    "SITE_HEADER": "FA AI System",
    "SITE_URL": "/",
    "SITE_SYMBOL": "fact_check",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/mark.svg")}
    ],
    "DASHBOARD_CALLBACK": "summaries.admin.dashboard.needs",
    "STYLES": [lambda request: static("css/admin.css")],
    "COLORS": {
        "primary": {
            "50": "#eef6f8", "100": "#d8eaee", "200": "#b4d5dd", "300": "#86bac7",
            "400": "#4f96a8", "500": "#2c7b8f", "600": "#0d5568", "700": "#0b4857",
            "800": "#0a3a46", "900": "#082d37", "950": "#051d24",
        },
    },
    "SIDEBAR": {"show_search": True, "show_all_applications": False},
}  # fmt: skip

# Batches
BATCH_LEASE_SECONDS = env.number("FA_BATCH_LEASE_SECONDS", 30, least=5)
WEEKLY_SCHEDULE = env.schedule("FA_WEEKLY_SCHEDULE", "0 2 * * 0")  # cron, in TIME_ZONE
INGEST_SCHEDULE = env.schedule("FA_INGEST_SCHEDULE", "0 22 * * *")  # cron, in TIME_ZONE

# Review of held texts
REVIEW_TWO_PEOPLE = env.flag("FA_REVIEW_TWO_PEOPLE", False)
REWRITES_AT_MOST = env.number("FA_REWRITES_AT_MOST", 2)

# Regression: percent that each evaluator's mean must reach, and the seconds an output may take
REGRESSION_THRESHOLDS = env.numbers(
    "FA_REGRESSION_THRESHOLDS",
    {
        "fact_accuracy": 80, "citation_quality": 75, "word_count": 90, "response_time": 85,
        "guardrail_pass": 100,
    },
    most=100,
)  # fmt: skip
REGRESSION_SECONDS = env.numbers(
    "FA_REGRESSION_SECONDS", {"summary": 5, "summary_by_models": 300, "claim": 1}, most=3_600
)
REGRESSION_SUITES_DIR = BASE_DIR / "summaries" / "evaluation" / "suites"
LANGSMITH_API_KEY = env.text("LANGSMITH_API_KEY", "")
LANGSMITH_ENDPOINT = env.text("LANGSMITH_ENDPOINT", "https://api.smith.langchain.com")

# Verification: weights of sources, history and certainty; risks of review, flag and rejection
RISK_WEIGHTS = env.fractions("FA_RISK_WEIGHTS", "0.5,0.2,0.3", count=3)
if sum(RISK_WEIGHTS) != 1:
    raise env.SettingError(
        f"FA_RISK_WEIGHTS add up to {sum(RISK_WEIGHTS)}; they must add up to 1, as 0.5,0.2,0.3 do."
    )
RISK_LEVELS = env.fractions("FA_RISK_LEVELS", "0.4,0.6,0.8", count=3)
if not 0 < RISK_LEVELS[0] < RISK_LEVELS[1] < RISK_LEVELS[2]:
    raise env.SettingError("FA_RISK_LEVELS must rise from above 0, as 0.4,0.6,0.8 do.")
CHECK_CHARACTERS = env.number("FA_CHECK_CHARACTERS", 20_000, least=100)  # of a pasted text

# Questions and answers
QUERY_LEASE_SECONDS = env.number("FA_QUERY_LEASE_SECONDS", 30, least=2)
QUERY_SEATS = env.number("FA_QUERY_SEATS", 32, least=1)  # answered at once, a process
MOST_STREAMS = env.number("FA_MOST_STREAMS", 500, least=1)  # open at once, a process
STREAM_URL = env.text("FA_STREAM_URL", "").rstrip("/")  # where streams are; "": this address
CONVERSATION_DAYS = env.number("FA_CONVERSATION_DAYS", 0)  # 0: as the plans say
DELETED_DAYS = env.number("FA_DELETED_DAYS", 30)
FEEDBACK_TO_LANGSMITH = env.flag("FA_FEEDBACK_TO_LANGSMITH", False)

# Embedding: what search compares texts by
EMBEDDER = env.text("FA_EMBEDDER", "local/minilm-l6-v2-int8")
EMBED_THREADS = env.number("FA_EMBED_THREADS", 2, least=1)
EMBED_DIMENSIONS = env.number("FA_EMBED_DIMENSIONS", 0)  # 0: not said
OPENAI_API_KEY = env.text("OPENAI_API_KEY", "")
OPENAI_BASE_URL = env.text("FA_OPENAI_BASE_URL", "https://api.openai.com/v1")

# Models: a provider is in use where its key is set. Limits are a provider's, all machines together.
ANTHROPIC_API_KEY = env.text("ANTHROPIC_API_KEY", "")
ANTHROPIC_BASE_URL = env.text("FA_ANTHROPIC_BASE_URL", "https://api.anthropic.com")
LLM_CONCURRENCY = env.number("FA_LLM_CONCURRENCY", 100, least=1)
LLM_REQUESTS_A_MINUTE = env.number("FA_LLM_REQUESTS_A_MINUTE", 2_000, least=1)
LLM_TOKENS_A_MINUTE = env.number("FA_LLM_TOKENS_A_MINUTE", 2_000_000, least=1)
LLM_CIRCUIT_SECONDS = env.number("FA_LLM_CIRCUIT_SECONDS", 30, least=1)
WRITER = env.choice("FA_WRITER", "auto", ("auto", "extractive"))
WEEKLY_AT_HALF_PRICE = env.flag("FA_WEEKLY_AT_HALF_PRICE", True)

# Questions: whether what is asked for most is answered again in the background
WARM_ANSWERS = env.flag("FA_WARM_ANSWERS", False)
QUERY_HANDLER = "queries.answerer.unchained_for"  # of the user: who answers in the background

# Budget alerts
ALERT_EMAILS = env.words("FA_ALERT_EMAILS")
SLACK_WEBHOOK = env.text("FA_SLACK_WEBHOOK", "")
PAGERDUTY_KEY = env.text("FA_PAGERDUTY_KEY", "")
PAGERDUTY_URL = env.text("FA_PAGERDUTY_URL", "https://events.pagerduty.com/v2/enqueue")
SITE_URL = env.text("FA_SITE_URL", "")  # where links of alerts lead
EMAIL_HOST = env.text("FA_EMAIL_HOST", "")
EMAIL_PORT = env.number("FA_EMAIL_PORT", 587, least=1)
EMAIL_HOST_USER = env.text("FA_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("FA_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("FA_EMAIL_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("FA_EMAIL_FROM", "fa-ai-system@localhost")

# SEC EDGAR: who asks it (a company's name and a contact address), how often, and where.
EDGAR_USER_AGENT = env.text("FA_EDGAR_USER_AGENT", "")
EDGAR_RATE = min(8, env.number("FA_EDGAR_RATE", 8, least=1))  # a second, all machines together
EDGAR_YEARS = env.number("FA_EDGAR_YEARS", 3, least=1)  # how far back filings are ingested
EDGAR_WWW = env.text("FA_EDGAR_WWW", "https://www.sec.gov")
EDGAR_DATA = env.text("FA_EDGAR_DATA", "https://data.sec.gov")

# FactSet: a key (Basic), or the configuration file of an OAuth2 client
FACTSET_URL = env.text("FA_FACTSET_URL", "https://api.factset.com/content")
FACTSET_USER = env.text("FA_FACTSET_USER", "")
FACTSET_KEY = env.text("FA_FACTSET_KEY", "")
FACTSET_OAUTH = env.text("FA_FACTSET_OAUTH", "")
if FACTSET_OAUTH and (FACTSET_USER or FACTSET_KEY):
    raise env.SettingError(
        "FA_FACTSET_OAUTH and FA_FACTSET_USER with FA_FACTSET_KEY are two ways in: unset one."
    )
if bool(FACTSET_USER) != bool(FACTSET_KEY):
    raise env.SettingError("FA_FACTSET_USER and FA_FACTSET_KEY belong together: set both or none.")

# BlueMatrix research notes: a feed folder, or the ChangeFeed over HTTPS; see docs/settings.md.
BLUEMATRIX_FOLDER = env.text("FA_BLUEMATRIX_FOLDER", "")
BLUEMATRIX_URL = env.text("FA_BLUEMATRIX_URL", "")
BLUEMATRIX_FIRM = env.text("FA_BLUEMATRIX_FIRM", "")
BLUEMATRIX_LOGIN = env.text("FA_BLUEMATRIX_LOGIN", "")
BLUEMATRIX_PASSWORD = env.text("FA_BLUEMATRIX_PASSWORD", "")
BLUEMATRIX_TIME_ZONE = env.time_zone("FA_BLUEMATRIX_TIME_ZONE", "America/New_York")
BLUEMATRIX_NUMBERS = env.words("FA_BLUEMATRIX_NUMBERS")
if BLUEMATRIX_URL and not (BLUEMATRIX_FIRM and BLUEMATRIX_LOGIN and BLUEMATRIX_PASSWORD):
    raise env.SettingError(
        "FA_BLUEMATRIX_URL needs FA_BLUEMATRIX_FIRM, FA_BLUEMATRIX_LOGIN and FA_BLUEMATRIX_PASSWORD."
    )

# Shared test data (filings, labelled claims); only tests, benches and build_bundle read it.
SHARED_DATA_DIR = env.text("FA_SHARED_DATA", str(BASE_DIR.parent / "shared" / "data"))
DATA_DIR = data_dir()
BUNDLE_DIR = BASE_DIR / "summaries" / "bundle"

LOG_LEVEL = env.choice("FA_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.choice("FA_LOG_FORMAT", "json" if PRODUCTION else "console", ("json", "console"))
_shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    redact_secrets,
]
structlog.configure(
    processors=[*_shared_processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "foreign_pre_chain": _shared_processors,
            "processor": structlog.processors.JSONRenderer()
            if LOG_FORMAT == "json"
            else structlog.dev.ConsoleRenderer(colors=False),
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        # They log addresses, and a vendor's address may hold its password.
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "WARNING"},
        "openai": {"level": "WARNING"},
        "anthropic": {"level": "WARNING"},
        "langsmith": {"level": "CRITICAL"},  # logs what it sent; what it raises is told
        "presidio-analyzer": {"level": "CRITICAL"},  # may log what it could not check
    },
}

if SENTRY_DSN := os.environ.get("SENTRY_DSN", ""):
    import sentry_sdk

    from fa_site.scrubbing import sentry_options

    sentry_sdk.init(dsn=SENTRY_DSN, environment=ENVIRONMENT, **sentry_options())
