"""Addresses of the administrator's pages, below `/accounts/people/`."""

from django.urls import URLPattern, path

from .pages import listing, person, posts, sheets

urlpatterns: list[URLPattern] = [
    path("", listing.people, name="accounts_people"),
    path("sheet/", listing.people_sheet, name="accounts_people_sheet"),
    path("new/", person.person_new, name="accounts_person_new"),
    path("import/", sheets.staff_check, name="accounts_staff_check"),
    path("import/form/", sheets.staff_form, name="accounts_staff_form"),
    path("import/confirm/", sheets.staff_confirm, name="accounts_staff_confirm"),
    path("<uuid:key>/", person.person, name="accounts_person"),
    path("<uuid:key>/posts/new/", posts.post_new, name="accounts_post_new"),
    path("<uuid:key>/posts/<uuid:pk>/end/", posts.post_over, name="accounts_post_over"),
    *(
        path(f"<uuid:key>/{verb}/", person.person_do, {"verb": verb}, name=f"accounts_person_{verb}")
        for verb in person.VERBS
    ),
]
