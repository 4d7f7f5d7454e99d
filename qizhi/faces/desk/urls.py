"""Addresses of the desk."""

from django.urls import URLPattern, path

from . import (
    actions,
    bulk,
    export,
    flow,
    intake,
    matter,
    matters_list,
    notices,
    receipt,
    unmask,
    views_saved,
    work,
)

urlpatterns: list[URLPattern] = [
    path("", work.work, name="desk_work"),
    path("matters/", matters_list.matters, name="desk_matters"),
    path("matters/export/", export.export, name="desk_export"),
    path("matters/views/", views_saved.save, name="desk_view_save"),
    path("matters/views/<uuid:key>/drop/", views_saved.drop, name="desk_view_drop"),
    path("matters/bulk/<slug:transition>/", bulk.bulk, name="desk_bulk"),
    path("matters/<str:number>/", matter.matter, name="desk_matter"),
    path("matters/<str:number>/beside/", matter.beside, name="desk_matter_beside"),
    path("matters/<str:number>/unmask/", unmask.unmask, name="desk_unmask"),
    path("matters/<str:number>/receipt/", receipt.receipt, name="desk_receipt"),
    path("matters/<str:number>/do/<slug:transition>/", actions.act, name="desk_act"),
    path("new/", intake.new, name="desk_new"),
    path("new/earlier/", intake.earlier, name="desk_earlier"),
    path("new/similar/", intake.similar, name="desk_similar"),
    path("notices/", notices.notices, name="desk_notices"),
    path("notices/read/", notices.read, name="desk_notices_read"),
    path("kinds/<slug:name>/", flow.kind, name="desk_kind"),
    path("kinds/<slug:name>/chart/", flow.chart, name="desk_chart"),
]
