"""Django's settings, derived from `tipstaff.settings`; nothing here is set by hand.

Importing this needs no initialised instance: the secret key is then empty, and Django refuses to
sign anything with an empty key.
"""

from __future__ import annotations

from typing import Any, Final

from tipstaff import settings

_settings = settings.load()

#: IMMEDIATE: a transaction that will write takes the lock when it begins, so that it never fails
#: half-way; FULL: a commit is on the disk when it returns; five seconds' patience for the lock;
#: secure_delete: what is deleted is overwritten, so that no page keeps it.
_SQLITE_OPTIONS: Final = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}


def database_of(values: settings.Settings) -> dict[str, Any]:
    """Django's database entry for `values`."""
    if values.database == settings.SQLITE:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": values.records_file,
            "OPTIONS": dict(_SQLITE_OPTIONS),
        }
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 (slow, and SQLite needs none)

    parts = conninfo_to_dict(values.database)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "tipstaff"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
    }


USE_TZ = True
TIME_ZONE = "UTC"
SECRET_KEY = settings.secret_key_of(_settings)
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "allauth.account",
    "allauth.mfa",
    "tipstaff.records.apps.TiesConfig",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "tipstaff.records.apps.RecordsConfig",
]
AUTH_USER_MODEL = "records.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, dict[str, Any]] = {"default": database_of(_settings)}
LOGGING_CONFIG = None

# --- pages --------------------------------------------------------------------------------------
ROOT_URLCONF = "tipstaff.web.urls"
ASGI_APPLICATION = "tipstaff.web.asgi.application"
APPEND_SLASH = False
STATIC_URL = "/static/"
STATICFILES_DIRS = [settings.PACKAGE_FOLDER / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [settings.PACKAGE_FOLDER / "web" / "templates"],
        "OPTIONS": {"environment": "tipstaff.web.jinja.environment"},
    }
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tipstaff.web.session_limits.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "tipstaff.web.null_characters.NullCharacters",
    "tipstaff.web.gate.Gate",
    "tipstaff.web.refusals.Refusals",
    "tipstaff.web.api.answers.ApiAnswers",
    "axes.middleware.AxesMiddleware",
]

# --- https behind a proxy, or plain http on this machine alone ----------------------------------
_https = bool(_settings.web_url)
_host = "__Host-" if _https else ""
ALLOWED_HOSTS = [_settings.web_host] if _https else ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [_settings.web_url] if _https else []
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
# A list in every browser is not ours to put a host on (security.W021 asks for it).
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: Chrome holds form-action against where a form's answer redirects to as well.
_issuer = "/".join(_settings.oidc_issuer.split("/")[:3])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'", *([_issuer] if _issuer else [])],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# --- sessions -----------------------------------------------------------------------------------
SESSION_ENGINE = "tipstaff.records.sessions"
SESSION_COOKIE_NAME = f"{_host}tipstaff"
SESSION_COOKIE_AGE = _settings.session_idle_minutes * 60
SESSION_ABSOLUTE_AGE = _settings.session_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Lax, not Strict: the way back from an OpenID Connect provider is a link from elsewhere.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_host}tipstaff-csrf"
CSRF_FAILURE_VIEW = "tipstaff.web.errors.csrf_failure"

# --- passwords ----------------------------------------------------------------------------------
PASSWORD_HASHERS = ["tipstaff.records.passwords.Argon2id"]
_VALIDATION: Final = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username"]},
    },
]

# --- sign-in ------------------------------------------------------------------------------------
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
ACCOUNT_ADAPTER = "tipstaff.web.accounts.Accounts"
ACCOUNT_TEMPLATE_EXTENSION = "html.jinja"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Beside the lock-out, in the memory of the process: tries from one address, which may be that of a
# whole police station, and codes tried for one account from anywhere.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "5/300s/key"}
ACCOUNT_FORMS = {
    "login": "tipstaff.web.forms.SignIn",
    "change_password": "tipstaff.web.forms.ChangePassword",
}
MFA_ADAPTER = "tipstaff.web.second_factors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "tipstaff.web.forms.SecondFactor",
    "authenticate_webauthn": "tipstaff.web.forms.SecondFactorKey",
    "reauthenticate": "tipstaff.web.forms.SecondFactorAgain",
    "reauthenticate_webauthn": "tipstaff.web.forms.SecondFactorKeyAgain",
    "add_webauthn": "tipstaff.web.forms.NewKey",
}
#: One step each way for slow clocks; each step is good once only (`web/forms.py`).
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Tipstaff"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https
SOCIALACCOUNT_ADAPTER = "tipstaff.web.openid.Provider"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid", "profile"],
        "APPS": [
            {
                "provider_id": "openid",
                "name": _settings.oidc_name,
                "client_id": _settings.oidc_client_id,
                "secret": _settings.oidc_client_secret.get_secret_value(),
                "settings": {"server_url": _settings.oidc_issuer, "fetch_userinfo": False},
            }
        ]
        if _settings.oidc_issuer
        else [],
    }
}
OIDC_CLAIM = _settings.oidc_claim
OIDC_NAME = _settings.oidc_name if _settings.oidc_issuer else ""

# --- lock-out: by account and address; django-axes counts ---------------------------------------
AXES_FAILURE_LIMIT = _settings.lockout_failures
AXES_COOLOFF_TIME = _settings.lockout_minutes / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# A lock-out ends when it was said to, whoever goes on trying meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "tipstaff.records.attempts.key_of_attempt"
AXES_CLIENT_STR_CALLABLE = "tipstaff.web.lockout.nobody"
AXES_LOCKOUT_CALLABLE = "tipstaff.web.lockout.locked_out"
#: Nothing that was typed is kept with an attempt.
AXES_SENSITIVE_PARAMETERS = [
    "login",
    "username",
    "code",
    "credential",
    "csrfmiddlewaretoken",
    "next",
]
