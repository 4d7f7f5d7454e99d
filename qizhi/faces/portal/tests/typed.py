"""What the citizens of these tests type, and files that they hand in."""

import io
import re
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from qizhi.testing.stories import Case
from qizhi.testing.world import VILLAGE

TEXT = "堰河村二组的水渠塌了一截，水漫到麦地里，浇不成地。"


def request(**other: Any) -> dict[str, Any]:
    """Return the fields of the form, filled in; None leaves one out."""
    fields = {
        "once": str(uuid.uuid4()),
        "text": TEXT,
        "title": "水渠塌了一截",
        "region": VILLAGE,
        "address": "二组东头",
        "reporter_name": "王秀兰",
        "reporter_phone": "13800000021",
        "point_lon": "",
        "point_lat": "",
        "website": "",
        **other,
    }
    return {name: value for name, value in fields.items() if value is not None}


def send(client: Client, **other: Any) -> Any:
    """Send the form and return the answer."""
    return client.post("/say/", request(**other))


def photo(name: str = "水渠.jpg") -> SimpleUploadedFile:
    """Return a small photo."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 140, 90)).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def page_of(answer: Any) -> str:
    """Return the page as text."""
    return str(answer.content.decode())


def kept_files(page: str) -> list[str]:
    """Return the keys of the files that the page carries along."""
    return re.findall(r'name="photos_kept" value="([0-9a-f-]{36})"', page)


def opened(client: Client, case: Case) -> Client:
    """Let the browser open the matter by number and query code."""
    answer = client.post("/follow/", {"number": case.number, "code": case.query_code})
    assert answer.status_code == 302
    return client
