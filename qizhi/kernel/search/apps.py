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
        from qizhi.kernel.loop.readers import register_reader

        from .indexing import index_steps
        from .queries import matter_find

        register_reader("search", index_steps)
        register_searcher(matter_find)
