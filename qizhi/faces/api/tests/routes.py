"""Every call of the API by whom it is for; a call that is not here fails `test_scope`."""

from qizhi.faces.api.openapi import calls, document

ROOT = "/api/v1/"
# What a test puts into the path.
VALUES = {
    "number": "SQ-2026-000001",
    "name": "triage",
    "key": "019ab1c2-7d3e-7a40-8f11-5c2d90e1b7aa",
    "code": "610323100",
}
# Needs neither token nor query code: it tells nothing about a matter, or brings a new one.
OPEN = {
    ("post", "public/matters"),
    ("post", "public/uploads"),
    ("get", "regions"),
    ("get", "regions/{code}"),
    ("get", "categories"),
    ("get", "kinds"),
    ("get", "kinds/{name}"),
    ("get", "kinds/{name}/flow.svg"),
    ("get", "health"),
}
ALL = [(method, path.removeprefix(ROOT)) for path, method, _ in calls(document())]
BY_CODE = [one for one in ALL if one[1].startswith("public/") and one not in OPEN]
STAFF = [one for one in ALL if one not in OPEN and one not in BY_CODE]
GUARDED = [(method, path.format(**VALUES)) for method, path in STAFF]
