"""The room as a Django application."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """Similar open matters, proposed routes, duplicates."""

    name = "qizhi.governance.triage"
    label = "triage"
    verbose_name = "分流"
