"""All settings, read from the environment: an embedded default that just runs, and a production mode that is strict.

PORTAL_MODE=embedded (default): SQLite in WAL, file-system broker, keys made on first start and kept in DATA_DIR.
PORTAL_MODE=production: PostgreSQL and Redis; what is missing or unsafe stops the start with a sentence that says what
to set.
"""

import importlib.util
import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
env = environ.Env()
if not TESTING:  # tests must not depend on what a developer keeps in .env
    environ.Env.read_env(BASE_DIR / ".env")
if importlib.util.find_spec("defusedxml") is None or os.environ.get("OPENPYXL_DEFUSEDXML", "True") != "True":
    raise ImproperlyConfigured(
        "Без defusedxml чужие таблицы читать опасно. Выполните pip install defusedxml и уберите OPENPYXL_DEFUSEDXML."
    )

MODE = env.str("PORTAL_MODE", default="embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"PORTAL_MODE={MODE}: бывает только embedded (по умолчанию) или production.")
PRODUCTION = MODE == "production"
DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var" / ("tests" if TESTING else ""))))


def _embedded_key(name: str) -> str:
    """Return the embedded installation's own random key, made once and kept in DATA_DIR with mode 0600."""
    path = DATA_DIR / f"{name}.key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _required(name: str, why: str) -> str:
    """Return a variable that production cannot do without; in the embedded mode return ''."""
    value = env.str(name, default="")
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"Не задана переменная окружения {name}: {why}.")
    return value


SECRET_KEY = _required("SECRET_KEY", "ключ подписи сессий, не короче 50 знаков") or _embedded_key("secret")
FIELD_KEY = _required("FIELD_KEY", "ключ шифрования СНИЛС, не короче 32 знаков; храните его отдельно от копий базы")
FIELD_KEY = FIELD_KEY or _embedded_key("field")
DATABASE_URL = _required("DATABASE_URL", "адрес PostgreSQL, postgres://user:password@host:5432/name")
REDIS_URL = _required("REDIS_URL", "адрес Redis для очереди заданий, redis://host:6379/0")
CACHE_URL = _required("CACHE_URL", "адрес Redis для кэша, отдельного от очереди, redis://host:6379/1")
EMAIL_URL = _required("EMAIL_URL", "почтовый сервер для восстановления паролей, smtp+tls://user:password@host:587")
PORTAL_URL = env.str("PORTAL_URL", default="").rstrip("/")  # of links in letters; by default the first allowed host
PROXY_COUNT = env.int("PROXY_COUNT", default=0)  # how many trusted proxies stand before the web process
HTTPS = env.bool("HTTPS", default=PRODUCTION)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
if not PORTAL_URL:
    _host = ALLOWED_HOSTS[0].lstrip(".") if PRODUCTION and ALLOWED_HOSTS else f"localhost:{env.str('PORT', '8000')}"
    PORTAL_URL = f"{'https' if HTTPS else 'http'}://{_host}"
if PRODUCTION:
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS: перечислите имена сайта через запятую, «*» не подходит.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG=1 в режиме production показывает чужим внутренности сайта. Уберите его.")
    if len(SECRET_KEY) < 50 or len(FIELD_KEY) < 32 or SECRET_KEY == FIELD_KEY:
        raise ImproperlyConfigured(
            "SECRET_KEY (от 50 знаков) и FIELD_KEY (от 32 знаков) должны быть длинными и разными."
        )
    if not DATABASE_URL.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL: в режиме production нужен PostgreSQL.")
    if CACHE_URL == REDIS_URL:
        raise ImproperlyConfigured("CACHE_URL и REDIS_URL: кэш может вытеснить очередь, дайте им разные Redis.")
    if HTTPS and not PROXY_COUNT:
        raise ImproperlyConfigured(
            "Не задана переменная окружения PROXY_COUNT: сколько своих прокси стоит перед порталом (обычно 1); "
            "без неё портал не узнает ни про HTTPS, ни адрес посетителя."
        )

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "knox",
    "import_export",
    "django_htmx",
    "csp",
    "schools",
    "staff",
    "chats",
    "reports",
    "rollout",
    "rollout.admin_config.PortalAdminConfig",  # last: schools/templates/admin stands before Django's own
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "schools.rest_answers.rest_answers",
    "schools.middleware.private_pages",
    "schools.middleware.calm_about_database",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "schools.middleware.told_methods",
    "schools.middleware.second_factor_gate",
    "schools.middleware.remember_visit",
]

ROOT_URLCONF = "rollout.urls"
WSGI_APPLICATION = "rollout.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "rollout.jinja.environment",
            "context_processors": ["rollout.pages.portal"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
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

# Databases -----------------------------------------------------------------------------------------------------------
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",  # with WAL: no "database is locked" under several writers
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456; PRAGMA cache_size=-64000;"
    ),
}
IN_WEB_PROCESS = os.environ.get("PORTAL_PROCESS") == "web"  # rollout/wsgi.py
STATEMENT_TIMEOUT_MS = (
    env.int("WEB_STATEMENT_TIMEOUT_MS", default=15_000)
    if IN_WEB_PROCESS
    else env.int("STATEMENT_TIMEOUT_MS", default=300_000)
)
POSTGRES_OPTIONS = {
    "options": (
        f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
    ),
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url_config(DATABASE_URL)
    if DATABASE_URL
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "portal.sqlite3",
    }
}
ON_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS if ON_SQLITE else POSTGRES_OPTIONS
DATABASES["default"]["CONN_MAX_AGE"] = None if ON_SQLITE else env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = not ON_SQLITE
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if ON_SQLITE:
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Answers may be forgotten; counts may not: theirs is the queue's Redis, which evicts nothing (noeviction).
CACHES: dict[str, dict[str, Any]] = {
    alias: {"BACKEND": "schools.caches.CalmRedisCache", "LOCATION": url, "KEY_PREFIX": alias}
    if url
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": alias,
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
    for alias, url in (("default", CACHE_URL), ("counts", REDIS_URL))
}

# Jobs ----------------------------------------------------------------------------------------------------------------
# The job row in the database is the queue (schools/jobs.py); Celery only carries its id and may lose or double it.
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
VISIBILITY_TIMEOUT = 3600  # seconds; longer than the hard time limit, or a long job is brought twice
if not REDIS_URL:
    QUEUE_DIR = DATA_DIR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "store_processed": False,
    }
    for _folder in ("messages", "control"):
        (QUEUE_DIR / _folder).mkdir(parents=True, exist_ok=True)
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": VISIBILITY_TIMEOUT,
        "socket_timeout": 3,  # a stalled Redis must not hang a page
        "socket_connect_timeout": 2,
        "max_retries": 0,  # a lost message is sent again by the reaper, not by a person who waits
    }
    CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": VISIBILITY_TIMEOUT}
    CELERY_VISIBILITY_TIMEOUT = VISIBILITY_TIMEOUT
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SOFT_TIME_LIMIT = 20 * 60
CELERY_TASK_TIME_LIMIT = 25 * 60
CELERY_TASK_ROUTES = {"reports.*": {"queue": "weeks"}, "*": {"queue": "imports"}}
CELERY_TASK_DEFAULT_QUEUE = "imports"
CELERY_TIMEZONE = "Europe/Moscow"

# People and access ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["schools.login.LoginOrEmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "schools.views.csrf_failed"
PASSWORD_RESET_TIMEOUT = 24 * 3600
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)  # how long the link of an invitation works
SECOND_FACTOR = env.str("SECOND_FACTOR", default="required" if PRODUCTION else "optional")  # of coordinators and above
if SECOND_FACTOR not in {"required", "optional"}:
    raise ImproperlyConfigured(f"SECOND_FACTOR={SECOND_FACTOR}: бывает только required или optional.")
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# REST ----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "schools.rest.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "schools.rest.TokenReadsOnly"],
    "DEFAULT_RENDERER_CLASSES": [
        "schools.renderers.JSONRenderer",
        "schools.renderers.CSVRenderer",
        "schools.renderers.XLSXRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": ["schools.rest.JSONParser", "schools.rest.FormParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "schools.rest.KindNegotiation",
    "DEFAULT_METADATA_CLASS": "schools.rest.PlainMetadata",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["schools.rates.AtomicUserThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", default="6000/hour")},
    "NUM_PROXIES": PROXY_COUNT,
    "EXCEPTION_HANDLER": "schools.problems.problem",
    "COERCE_DECIMAL_TO_STRING": False,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])  # inside, that webhooks may go to besides public ones
WEBHOOK_CA_FILE = env.str("WEBHOOK_CA_FILE", default="")  # authorities trusted there besides the system's
KNOX_TOKEN_MODEL = "schools.AccessToken"
MIGRATION_MODULES = {"knox": None}  # its own token table would stay empty, and no TRUNCATE could pass it by
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=365),
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_LIMIT_PER_USER": None,
    "AUTO_REFRESH": False,
    "TOKEN_MODEL": "schools.AccessToken",
    "SECURE_HASH_ALGORITHM": "schools.tokens.keyed_digest",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Портал внедрения: REST API",
    "DESCRIPTION": "Недельные рейтинги и показатели внедрения школьных платформ.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "filter": True, "docExpansion": "list"},
    "POSTPROCESSING_HOOKS": [f"rollout.{each}" for each in ("schema.describe", "api.in_russian")],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Uploads -------------------------------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
UPLOADS_PER_SCHOOL_A_DAY = env.int("UPLOADS_PER_SCHOOL_A_DAY", default=1000)
UPLOAD_MB_PER_SCHOOL_A_DAY = env.int("UPLOAD_MB_PER_SCHOOL_A_DAY", default=300)
KEEP_FILES_DAYS = env.int("KEEP_FILES_DAYS", default=30)  # an upload can be undone that long; then its file is erased
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = False

# The web -------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(DATA_DIR / "static") if PRODUCTION else "") or None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG or TESTING  # every client of a test makes the middleware anew: no walk of the folders
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if HTTPS:
    if PROXY_COUNT:  # only a proxy of ours may say so: it overwrites the header
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, past the proxy
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=True)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

LANGUAGE_CODE = "ru"
TIME_ZONE = "Europe/Moscow"
USE_TZ = True
USE_I18N = True

EMAIL_CONFIG = env.email_url_config(EMAIL_URL or "consolemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = (bool(EMAIL_CONFIG.get(name)) for name in ("EMAIL_USE_TLS", "EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10  # seconds a mail server may be silent
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")

# The week ------------------------------------------------------------------------------------------------------------
AUTO_PUBLISH = env.bool("AUTO_PUBLISH", default=True)  # the weekly schedule publishes what it counted
CHAT_ACTIVITY = "reports.reading.chat_activity.WeeksOfChats"  # by name: chats stands to the left of reports
RATING_FILES_MB = env.int("RATING_FILES_MB", default=300)  # whole ratings made once and kept in DATA_DIR/ratings
SMALL_NUMBER = env.int("SMALL_NUMBER", default=5)  # fewer people than this: «3 из 4», no percent, no place

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"class": "schools.logs.LineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
}
SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # the browsers' preload list is a one-way street: the owner of the domain decides
]
