"""All addresses of the program, and the two limits beside them."""

from django.urls import path

from qizhi.config.urls import handler400, handler403, handler404, handler500
from qizhi.config.urls import urlpatterns as of_the_program

from . import views

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bench/hello/", views.hello),
    path("bench/insert/<int:rows>/", views.insert),
    *of_the_program,
]
