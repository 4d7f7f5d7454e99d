"""Pictures are turned upright, freed of everything but their pixels, and encoded anew.

Where and when a photo was taken is read before it is stripped: it belongs into fields that have their own rules,
not into a file that travels. Colour profiles go too; a picture of the widest gamut looks slightly paler for it.
"""

import math
import struct
import threading
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import timezone
from PIL import ExifTags, Image, ImageFile, ImageOps, ImageSequence

from ..geo import is_place
from .kinds import FileKind, has_markup
from .refusals import ActiveContent, ImageBroken, ImageTooLarge

# A telephone's 64-megapixel photo passes; it is stored at a quarter of that, which its encoding gives for nothing.
MAX_JPEG_PIXELS = 65_000_000
MAX_OTHER_PIXELS = 40_000_000
KEPT_JPEG_PIXELS = 24_000_000
MAX_FRAMES = 300
PREVIEW_SIDE = 800

Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False

# A large picture takes 200 MB while it is worked on: one at a time in each process.
_one_at_a_time = threading.Lock()

_FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.WEBP: "WEBP", FileKind.GIF: "GIF"}
_KEPT_INFO = {"transparency", "background", "duration", "loop", "disposal", "blend"}
_SAVED_MODES = {
    FileKind.JPEG: ("RGB", "L"),
    FileKind.PNG: ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    FileKind.WEBP: ("RGB", "RGBA"),
    FileKind.GIF: ("1", "L", "P", "RGB", "RGBA"),
}
_OPTIONS: dict[FileKind, dict[str, Any]] = {
    FileKind.JPEG: {"quality": 88, "optimize": True},
    FileKind.PNG: {},
    FileKind.WEBP: {"quality": 88, "method": 3},
    FileKind.GIF: {},
}
# What Pillow's decoders raise for bytes that are no picture of their kind.
_DECODING = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    struct.error,
    OverflowError,
)


class Photo(NamedTuple):
    """What a picture tells of itself: size in pixels, when and where it was taken (WGS 84) if it says so."""

    width: int
    height: int
    taken_at: datetime | None
    lon: float | None
    lat: float | None


def clean_image(source: Path, target: Path, preview: Path, kind: FileKind) -> Photo:
    """Write the picture at `source` to `target`, upright and without metadata, and its preview as WebP to `preview`.

    The preview has at most 800 pixels on its longer side. Raises `ActiveContent` when script hides in the file,
    `ImageTooLarge` for too many pixels or frames, `ImageBroken` when it cannot be read to its end.
    """
    if has_markup(source.read_bytes()):
        raise ActiveContent()
    try:
        with _one_at_a_time, Image.open(source, formats=[_FORMATS[kind]]) as image:
            _check_size(image, kind)
            taken_at, lon, lat = _story(image)
            upright = _encode(image, target, kind)
            photo = Photo(*upright.size, taken_at, lon, lat)
            _encode_preview(upright, preview)
            return photo
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise ImageTooLarge() from error
    except _DECODING as error:
        raise ImageBroken() from error


def _check_size(image: Image.Image, kind: FileKind) -> None:
    """Refuse by the size that the header states, before a single pixel is unpacked."""
    limit = MAX_JPEG_PIXELS if kind is FileKind.JPEG else MAX_OTHER_PIXELS
    frames = 1
    if getattr(image, "is_animated", False):
        frames = getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES or image.width * image.height * frames > limit:
        raise ImageTooLarge()
    if kind is FileKind.JPEG and image.width * image.height > KEPT_JPEG_PIXELS:
        image.draft(None, (image.width // 2, image.height // 2))


def _encode(image: Image.Image, target: Path, kind: FileKind) -> Image.Image:
    """Write the picture anew and return its first frame, upright."""
    if getattr(image, "is_animated", False):
        frames = [_bare(frame.copy(), kind) for frame in ImageSequence.Iterator(image)]
        frames[0].save(target, _FORMATS[kind], save_all=True, append_images=frames[1:], **_OPTIONS[kind])
        return frames[0]
    _turn_upright(image)
    upright = _bare(image, kind)
    upright.save(target, _FORMATS[kind], **_OPTIONS[kind])
    return upright


def _turn_upright(image: Image.Image) -> None:
    """Turn the picture in place as its EXIF says; when that is unreadable, leave it as it lies."""
    image.load()
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except (*_DECODING, ZeroDivisionError, AttributeError):
        return


def _bare(image: Image.Image, kind: FileKind) -> Image.Image:
    """Return the pixels alone, in a mode that the format can hold."""
    if image.mode not in _SAVED_MODES[kind]:
        has_alpha = "A" in image.getbands() or "transparency" in image.info
        image = image.convert("RGBA" if has_alpha and kind is not FileKind.JPEG else "RGB")
    image.info = {name: value for name, value in image.info.items() if name in _KEPT_INFO}
    return image


def _encode_preview(image: Image.Image, target: Path) -> None:
    """Shrink the picture, which is not needed whole any more, and write it as WebP."""
    if image.mode not in {"RGB", "RGBA", "L", "LA"}:
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    image.info = {}
    image.save(target, "WEBP", quality=80)


def _story(image: Image.Image) -> tuple[datetime | None, float | None, float | None]:
    """Return when and where the photo says it was taken; a photo that tells nonsense tells nothing."""
    try:
        exif = image.getexif()
        taken_at = _taken_at(exif.get_ifd(ExifTags.IFD.Exif))
        place = _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except (*_DECODING, ZeroDivisionError, AttributeError):
        return None, None, None
    return (taken_at, *place)


def _taken_at(exif: dict[int, Any]) -> datetime | None:
    """Return the moment of the shot; without an offset it is taken as local time."""
    text = str(exif.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    offset = str(exif.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    for value, pattern in ((text + offset, "%Y:%m:%d %H:%M:%S%z"), (text, "%Y:%m:%d %H:%M:%S")):
        try:
            moment = datetime.strptime(value, pattern)  # noqa: DTZ007 - the zone is added below
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())
    return None


def _place(gps: dict[int, Any]) -> tuple[float | None, float | None]:
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef) == "S")
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef) == "W")
    if lon is None or lat is None or not is_place(lon, lat):
        return None, None
    return lon, lat


def _degrees(parts: Any, negative: bool) -> float | None:
    """Return degrees, minutes and seconds as decimal degrees with six decimals (a hand's breadth)."""
    if parts is None or len(parts) != 3:
        return None
    value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    if not math.isfinite(value):
        return None
    return round(-value if negative else value, 6)
