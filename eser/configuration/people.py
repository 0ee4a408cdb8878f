"""Who people are, how they sign in, and how long that lasts."""

import os

from csp.constants import NONE, SELF

from eser.configuration.where import EMBEDDED, SECURE, TESTING

# ---- people ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "security.User"
ANONYMOUS_USER_NAME = None
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "security.backends.PasswordBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
]
if breached := os.environ.get("ESER_BREACHED_PASSWORDS"):  # a file, one password a line, plain or gzip
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": f"{_validation}.CommonPasswordValidator", "OPTIONS": {"password_list_path": breached}}
    )
LOGIN_URL = "security:sign_in"
LOGIN_REDIRECT_URL = "caseload:home"
LOGOUT_REDIRECT_URL = "security:sign_in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "security.views.session.locked_out"
# A school sits behind one address: locking it out would lock out everybody in the building.
# Grants are asked of security.access, not of guardian's backend.
SILENCED_SYSTEM_CHECKS = ["axes.W006", "guardian.W001"]
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False

# ---- signing in: see docs/adr/0008 --------------------------------------------------------------------
ESER_SECOND_FACTOR = os.environ.get("ESER_SECOND_FACTOR", "offered" if TESTING else "required")
ESER_SESSION_LONGEST = int(os.environ.get("ESER_SESSION_LONGEST", 12 * 3600))  # seconds
ESER_SURE_FOR = int(os.environ.get("ESER_SURE_FOR", 10 * 60))  # seconds, before sensitive deeds
ESER_TOKEN_DAYS = int(os.environ.get("ESER_TOKEN_DAYS", "90"))
ESER_PROXIES = int(os.environ.get("ESER_PROXIES", "0" if EMBEDDED else "1"))  # before the web server
ACCOUNT_ADAPTER = "security.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # the door is shut by the adapter
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = ESER_SURE_FOR
# By address a whole school is counted together; the lock-out counts each account.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "300/m/ip,10/5m/key",
    "reauthenticate": "30/m/user",
}
MFA_ADAPTER = "security.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "eser"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED  # http://localhost
SOCIALACCOUNT_ADAPTER = "security.adapters.SingleSignOn"
# The Content-Security-Policy lets no form lead to another site, so a link begins it.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# A state's single sign-on, when ESER_OIDC_DISCOVERY names it. Claims of the ID token name the person;
# amr and acr say how they signed in there.
ESER_OIDC = {
    "discovery": os.environ.get("ESER_OIDC_DISCOVERY", ""),
    "client_id": os.environ.get("ESER_OIDC_CLIENT_ID", ""),
    "secret": os.environ.get("ESER_OIDC_SECRET", ""),
    "name": os.environ.get("ESER_OIDC_NAME", "your state account"),
    "staff_id_claim": os.environ.get("ESER_OIDC_STAFF_ID_CLAIM", "staff_id"),
    "username_claim": os.environ.get("ESER_OIDC_USERNAME_CLAIM", "preferred_username"),
    "strong_amr": os.environ.get("ESER_OIDC_STRONG_AMR", "mfa,hwk,sc,pop").split(","),
    "strong_acr": [acr for acr in os.environ.get("ESER_OIDC_STRONG_ACR", "").split(",") if acr],
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid", "profile"]}}
if ESER_OIDC["discovery"]:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "state",
            "name": ESER_OIDC["name"],
            "client_id": ESER_OIDC["client_id"],
            "secret": ESER_OIDC["secret"],
            "settings": {"server_url": ESER_OIDC["discovery"]},
        }
    ]

# ---- sessions, cookies, headers ----------------------------------------------------------------------
SESSION_ENGINE = "security.session_store"
SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# What a message says names the child: it stays with the session on the server, never in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME = "__Host-eser" if SECURE else "eser_session"
CSRF_FAILURE_VIEW = "ui.views.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
