"""The face as a Django application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk of the staff."""

    name = "qizhi.faces.desk"
    label = "desk"
    verbose_name = "工作台"
