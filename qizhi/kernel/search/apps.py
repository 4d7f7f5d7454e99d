"""The room as a Django application."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Chinese full-text search."""

    name = "qizhi.kernel.search"
    label = "search"
    verbose_name = "检索"

    def ready(self) -> None:
        """Follow the sealed steps, and answer the questions of lists."""
        from qizhi.kernel.loop.queries.listing import register_searcher
        from qizhi.kernel.loop.readers import register_preparer

        from .indexing import steps_indexing
        from .queries import matter_find

        register_preparer("search", steps_indexing)
        register_searcher(matter_find)
