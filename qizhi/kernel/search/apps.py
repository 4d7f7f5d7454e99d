"""The room as a Django application."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Chinese full-text search."""

    name = "qizhi.kernel.search"
    label = "search"
    verbose_name = "检索"
