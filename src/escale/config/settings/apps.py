"""Django applications: the order matters for `dsfr` (before `django.forms`)."""

STEP_APPS = [
    "escale.steps.step1_sign_in",
    "escale.steps.step2_application",
    "escale.steps.step3_posted_items",
    "escale.steps.step4_interview",
    "escale.steps.step5_dispatch",
    "escale.steps.step6_delivery",
    "escale.steps.step7_confirm_receipt",
    "escale.steps.step8_old_passport",
]

INSTALLED_APPS = [
    "escale.config.apps.EscaleConfig",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "escale.people",
    "escale.vault",
    "escale.ledger",
    "escale.ui",
    *STEP_APPS,
    "escale.portal",
    "escale.reception",
    "escale.desk",
    "escale.hooks",
    "escale.worker",
    "widget_tweaks",
    "dsfr",
    "django.forms",
]

# The tables of django-dsfr hold the texts of a site's editors; ours are in templates, and nobody reads those tables.
MIGRATION_MODULES: dict[str, str | None] = {"dsfr": None}
