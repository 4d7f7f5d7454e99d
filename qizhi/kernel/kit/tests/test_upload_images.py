"""Pictures: upright, stripped, small enough, and what they told kept apart."""

import io
import struct
import zlib
from datetime import UTC, datetime

import pytest
from PIL import Image

from qizhi.kernel.kit.uploads import images
from qizhi.kernel.kit.uploads.images import clean_image
from qizhi.kernel.kit.uploads.kinds import FileKind
from qizhi.kernel.kit.uploads.refusals import ActiveContent, ImageBroken, ImageTooLarge

SECRET = b"SECRET-OF-THE-CAMERA"
QISHAN = {1: "N", 2: (34.0, 26.0, 34.8), 3: "E", 4: (107.0, 37.0, 15.6)}


def exif(*, orientation=1, taken="2026:11:24 10:20:30", offset="", gps=None):
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = SECRET.decode()
    data[0x8769] = {0x9003: taken} | ({0x9011: offset} if offset else {})
    if gps is not None:
        data[0x8825] = gps
    return data.tobytes()


def picture(form="JPEG", size=(40, 20), color="red", mode="RGB", **options):
    out = io.BytesIO()
    image = Image.new(mode, size, color)
    if mode == "RGB":
        image.putpixel((0, 0), (255, 255, 255))
    image.save(out, form, **options)
    return out.getvalue()


@pytest.fixture
def clean(tmp_path):
    """Clean bytes; return the photo, the picture that is stored, its bytes and the preview."""

    def run(data, kind=FileKind.JPEG):
        source, target, preview = tmp_path / "raw", tmp_path / "clean", tmp_path / "preview"
        source.write_bytes(data)
        photo = clean_image(source, target, preview, kind)
        return photo, Image.open(target), target.read_bytes(), Image.open(preview)

    return run


def test_a_photo_is_turned_and_its_place_and_time_are_kept_apart(clean):
    photo, stored, data, preview = clean(picture(exif=exif(orientation=6, gps=QISHAN)))
    assert (photo.width, photo.height) == (20, 40)
    assert stored.size == (20, 40)
    assert preview.size == (20, 40)
    assert preview.format == "WEBP"
    assert photo.taken_at == datetime(2026, 11, 24, 2, 20, 30, tzinfo=UTC)
    assert (photo.lon, photo.lat) == pytest.approx((107.621, 34.443))
    assert SECRET not in data
    assert not stored.getexif()
    assert not preview.getexif()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (FileKind.JPEG, picture(exif=exif(gps=QISHAN), comment=SECRET, icc_profile=SECRET, xmp=SECRET)),
        (FileKind.PNG, picture("PNG", exif=exif(gps=QISHAN), icc_profile=SECRET)),
        (FileKind.WEBP, picture("WEBP", exif=exif(gps=QISHAN), icc_profile=SECRET, xmp=SECRET)),
        (FileKind.GIF, picture("GIF", comment=SECRET)),
        (FileKind.JPEG, picture() + SECRET),
    ],
)
def test_nothing_but_the_pixels_stays(clean, kind, data):
    assert SECRET in data or kind is FileKind.PNG
    _, stored, stored_bytes, _ = clean(data, kind)
    assert stored.format == kind.value.split("/")[1].upper()
    assert stored.size == (40, 20)
    assert SECRET not in stored_bytes
    assert not stored.getexif()
    assert not {"icc_profile", "xmp", "comment", "exif"} & set(stored.info)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16", "LA"])
def test_all_modes_of_pixels_are_taken(clean, mode):
    form, kind = ("JPEG", FileKind.JPEG) if mode == "CMYK" else ("PNG", FileKind.PNG)
    color = {"1": 1, "L": 7, "P": 3, "I;16": 900, "LA": (7, 9)}.get(mode, "red")
    _, stored, _, _ = clean(picture(form, mode=mode, color=color), kind)
    assert stored.size == (40, 20)


def test_the_preview_has_at_most_800_pixels(clean):
    _, stored, _, preview = clean(picture(size=(1600, 400)))
    assert stored.size == (1600, 400)
    assert preview.size == (800, 200)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"offset": "+00:00"}, datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC)),
        ({"offset": "nonsense"}, datetime(2026, 11, 24, 2, 20, 30, tzinfo=UTC)),
        ({"taken": "2026:13:45 10:20:30"}, None),
        ({"taken": "0000:00:00 00:00:00"}, None),
        ({"taken": ""}, None),
    ],
)
def test_the_time_of_the_shot(clean, options, expected):
    photo, *_ = clean(picture(exif=exif(**options)))
    assert photo.taken_at == expected


@pytest.mark.parametrize(
    ("gps", "place"),
    [
        ({}, (None, None)),
        ({1: "S", 2: (10.0, 30.0, 0.0), 3: "W", 4: (20.0, 15.0, 0.0)}, (-20.25, -10.5)),
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, (None, None)),
        ({1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (107.0, 0.0, 0.0)}, (None, None)),
        ({1: "N", 2: (34.0, 26.0, 0.0)}, (None, None)),
        ({1: "N", 2: (34.0, 26.0), 3: "E", 4: (107.0, 0.0)}, (None, None)),
    ],
)
def test_the_place_of_the_shot(clean, gps, place):
    photo, *_ = clean(picture(exif=exif(gps=gps)))
    assert (photo.lon, photo.lat) == place


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_photo_with_unreadable_exif_is_a_photo_all_the_same(clean):
    photo, stored, data, _ = clean(picture(exif=b"Exif\0\0MM\0*\0\0\xff\xff" + SECRET))
    assert (photo.taken_at, photo.lon) == (None, None)
    assert stored.size == (40, 20)
    assert SECRET not in data


@pytest.mark.parametrize(
    ("form", "kind"), [("JPEG", FileKind.JPEG), ("PNG", FileKind.PNG), ("WEBP", FileKind.WEBP)]
)
def test_a_truncated_picture_is_refused(clean, form, kind):
    out = io.BytesIO()
    Image.effect_noise((200, 200), 80).convert("RGB").save(out, form)
    with pytest.raises(ImageBroken) as caught:
        clean(out.getvalue()[:-2000], kind)
    assert caught.value.code == "image_broken"


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0" + bytes(500), b"\x89PNG\r\n\x1a\n"]
)
@pytest.mark.parametrize("kind", [FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.WEBP])
def test_what_is_no_picture_is_refused(clean, data, kind):
    with pytest.raises(ImageBroken):
        clean(data, kind)


def bomb(width, height):
    """A PNG of a few bytes whose header promises a huge picture."""

    def chunk(name, body):
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 8_000), (7_000, 6_000), (2_000_000_000, 2)])
def test_a_decompression_bomb_is_refused_by_its_header(clean, size):
    with pytest.raises(ImageTooLarge) as caught:
        clean(bomb(*size), FileKind.PNG)
    assert caught.value.code == "image_too_large"
    assert caught.value.status == 413


def test_a_very_large_photo_is_stored_at_a_quarter(clean):
    _, stored, _, _ = clean(picture(size=(5_000, 5_000), mode="L", color=9))
    assert stored.size == (2_500, 2_500)


def animation(frames, form="GIF", size=(8, 8)):
    out = io.BytesIO()
    first, *rest = [Image.new("RGB", size, (i * 50 % 256, 3, 3)) for i in range(frames)]
    first.save(out, form, save_all=True, append_images=rest, duration=50)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "kind"), [("GIF", FileKind.GIF), ("WEBP", FileKind.WEBP), ("PNG", FileKind.PNG)]
)
def test_an_animation_keeps_its_frames(clean, form, kind):
    _, stored, _, preview = clean(animation(5, form), kind)
    assert stored.n_frames == 5
    assert preview.size == (8, 8)


def test_an_animation_of_too_many_frames_or_pixels_is_refused(clean, monkeypatch):
    with pytest.raises(ImageTooLarge):
        clean(animation(images.MAX_FRAMES + 1), FileKind.GIF)
    monkeypatch.setattr(images, "MAX_OTHER_PIXELS", 8 * 8 * 4)
    with pytest.raises(ImageTooLarge):
        clean(animation(5), FileKind.GIF)


@pytest.mark.parametrize(
    "markup",
    [
        b"<script>alert(1)</script>",
        b"<HTML ><body>",
        b"<!DOCTYPE html>",
        b"<?php system()",
        b"<svg onload=x>",
        b"<iframe >",
    ],
)
def test_a_picture_that_is_also_a_web_page_is_refused(clean, markup):
    with pytest.raises(ActiveContent) as caught:
        clean(picture(comment=markup))
    assert caught.value.code == "file_active_content"
    with pytest.raises(ActiveContent):
        clean(picture("PNG") + markup, FileKind.PNG)
