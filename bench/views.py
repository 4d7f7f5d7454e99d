"""The limits: what a bare Django view does on the same server with the same settings."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from .models import BareMatter, BareRow

TEXT = "这是一段和来信差不多长的文字，用来比较只写数据库的速度。" * 4


def hello(_request: HttpRequest) -> HttpResponse:
    """Say hello."""
    return HttpResponse("你好")


@csrf_exempt
def insert(_request: HttpRequest, rows: int) -> HttpResponse:
    """Insert `rows` rows in one transaction: one with a text, and all others in one statement."""
    now = timezone.now()
    with transaction.atomic():
        matter = BareMatter.objects.create(text=TEXT, at=now)
        BareRow.objects.bulk_create(
            BareRow(matter=matter, key=f"610323{number:03d}", at=now) for number in range(rows - 1)
        )
    return HttpResponse(status=201)
