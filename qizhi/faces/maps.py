"""The county's outline for the maps of all pages, as the pack in force brings it."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from qizhi.kernel.modes.store import current

HOUR_SECONDS = 3600


def outline_file() -> Path | None:
    """Return the pack's drawing of the county, or None when the pack brings none."""
    file: Path = settings.PACKAGE.parent / "modes" / current().name / "outline.geojson"
    return file if file.is_file() else None


@require_safe
def outline(request: HttpRequest) -> HttpResponse:
    """Answer the outline and the points of the towns as GeoJSON, in WGS84 degrees."""
    file = outline_file()
    if file is None:
        raise Http404
    content, mark = _read(file, file.stat().st_mtime_ns)
    if request.headers.get("If-None-Match") == mark:
        return HttpResponseNotModified()
    answer = HttpResponse(content, content_type="application/geo+json")
    answer["ETag"] = mark
    answer["Cache-Control"] = f"public, max-age={HOUR_SECONDS}"
    return answer


@lru_cache(maxsize=2)
def _read(file: Path, _changed_at: int) -> tuple[bytes, str]:
    content = file.read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
