"""From the bytes of an image file to an upright 8-bit RGB picture, or to one clear error.

What differs between image files is settled here, so that the rest of the package sees RGB only:

- alpha is composited on white;
- 16-bit greyscale is scaled so that full white stays white (Pillow alone would clip it);
- CMYK and palettes are converted; embedded colour profiles are not applied (networks are trained
  without them);
- of an animation or a multi-page file the first picture is used;
- the EXIF orientation is applied.

Corrupt files, decompression bombs (more pixels than ``PIL.Image.MAX_IMAGE_PIXELS``), samples
without a defined white level and formats that are no photos are refused with a :class:`PhotoError`
that names the file.
"""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

# Only formats that hold pixels. Pillow would also run PostScript (EPS) and open plots and video
# containers.
FORMATS = ("JPEG", "MPO", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "JPEG2000", "AVIF")
FORMAT_NAMES = "JPEG, PNG, GIF, BMP, TIFF, WebP, PPM, JPEG 2000 or AVIF"

MAX_ASPECT = 32

_ORIENTATION = ExifTags.Base.Orientation.value
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What people save under a photo's name by mistake: the first bytes, and what to tell them.
_NO_PHOTO = (
    (b"<!doctype html", "is a web page, not an image: open the address and take the image's own"),
    (b"<html", "is a web page, not an image: open the address and take the image's own"),
    (b"<svg", "is an SVG drawing: export it as PNG"),
    (b"<?xml", "is an XML file (an SVG drawing?): export it as PNG"),
    (b"%pdf", "is a PDF document: export the picture as PNG or JPEG"),
    (b"%!ps", "is a PostScript document: export the picture as PNG or JPEG"),
    (b"version https://git-lfs", "is a Git LFS pointer: run `git lfs pull` to get the image"),
)


class PhotoError(ValueError):
    """A photo that cannot be used.

    Attributes:
        source: the file or URL.
        reason: why it cannot be used, and what to do.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(source, reason)
        self.source = source
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


def decode(data: bytes, source: str) -> Image.Image:
    """Decode the bytes of an image file into an upright RGB picture.

    Args:
        data: the whole file.
        source: the file's name or URL, for error messages.

    Returns:
        A Pillow image of mode ``RGB``, 8 bits a channel.

    Raises:
        PhotoError: the bytes are no image, a damaged one, or one that is not supported.
    """
    _refuse_what_is_no_photo(data, source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_formats()) as image:
                image.load()
                return _to_rgb(_upright(image), image.format, source)
    except PhotoError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError(
            source, f"has too many pixels to be a photo; scale it down first ({error})"
        ) from error
    except UnidentifiedImageError as error:
        raise PhotoError(
            source, f"is not an image that can be read; expected {FORMAT_NAMES}"
        ) from error
    except Exception as error:
        # Pillow's parsers answer damaged bytes with OSError, SyntaxError, struct.error, IndexError,
        # zlib.error, OverflowError and more: at this boundary each of them means that this file is
        # damaged.
        raise PhotoError(
            source,
            "is damaged or cut off; download or save it again "
            f"(the decoder says: {type(error).__name__}: {error})",
        ) from error


def fit(
    image: Image.Image, size: int, source: str = "image", min_side: int = 32
) -> NDArray[np.uint8]:
    """Resize and centre-crop a picture to ``size`` x ``size`` pixels, as VGG16 expects.

    The short side is resized to ``round(size * 256 / 224)`` with antialiasing, keeping the aspect,
    and the centre is cut out: 256 and 224 are the test scale and the input size of Simonyan &
    Zisserman, "Very deep convolutional networks for large-scale image recognition" (ICLR 2015),
    sections 2.1 and 3.2. The paper leaves the filter open; this is the bilinear one, with the
    rounding of torchvision's VGG16 preset.

    Args:
        image: an RGB picture.
        size: side of the result in pixels.
        source: name for error messages.
        min_side: a picture whose short side has fewer pixels is refused.

    Returns:
        uint8 array of shape (size, size, 3), RGB.

    Raises:
        PhotoError: the picture is smaller than ``min_side`` or longer than 32 times its width.
    """
    check_size(size)
    width, height = image.size
    short, long = sorted(image.size)
    if short < min_side:
        raise PhotoError(
            source,
            f"has {width} x {height} pixels, expected at least {min_side} on the short side; "
            "use a larger version, or pass a smaller min_side",
        )
    if long > MAX_ASPECT * short:
        raise PhotoError(
            source,
            f"has {width} x {height} pixels, more than {MAX_ASPECT} times as long as wide; "
            "crop it first",
        )
    scaled_short = round(size * 256 / 224)
    scaled_long = int(scaled_short * long / short)
    scaled = (scaled_short, scaled_long) if width <= height else (scaled_long, scaled_short)
    resized = image.resize(scaled, Image.Resampling.BILINEAR)
    left, top = (round((side - size) / 2) for side in scaled)
    return np.array(resized.crop((left, top, left + size, top + size)), dtype=np.uint8)


def fit_unless_exact(
    image: Image.Image, size: int, source: str = "image", min_side: int = 32
) -> NDArray[np.uint8]:
    """A picture that is ``size`` x ``size`` already, pixel by pixel; any other through ``fit``.

    Arguments, result and errors are those of ``fit``.
    """
    check_size(size)
    if image.size == (size, size):
        return np.array(image, dtype=np.uint8)
    return fit(image, size, source, min_side)


def check_size(size: int) -> None:
    """Raise TypeError or ValueError unless ``size`` can be the side of a picture in pixels."""
    if isinstance(size, bool) or not isinstance(size, int | np.integer):
        raise TypeError(
            f"size is the side of the picture in pixels, a whole number. Received: size={size!r}"
        )
    if not 1 <= size <= 4096:
        raise ValueError(
            f"size must be between 1 and 4096 pixels (224 for VGG16). Received: size={size}"
        )


def _formats() -> tuple[str, ...]:
    """Those of FORMATS that this Pillow was built with."""
    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _refuse_what_is_no_photo(data: bytes, source: str) -> None:
    if not data:
        raise PhotoError(source, "is empty; download or save it again")
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for prefix, advice in _NO_PHOTO:
        if start.startswith(prefix):
            raise PhotoError(source, advice)
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftyphevc"):
        raise PhotoError(source, "is a HEIC photo, as phones save them: export it as JPEG")


def _upright(image: Image.Image) -> Image.Image:
    # Read after load(): PNG may carry EXIF behind the pixels, and TIFF is turned by Pillow itself
    # while it loads.
    how = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    if how is None:
        return image
    turned = image.transpose(how)
    turned.info = image.info
    return turned


def _to_rgb(image: Image.Image, file_format: str | None, source: str) -> Image.Image:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _deep_grey(image, file_format, source).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return image.convert("RGB")


def _deep_grey(image: Image.Image, file_format: str | None, source: str) -> Image.Image:
    """Scale greyscale of more than 8 bits to 0..255."""
    # Pillow opens 16-bit PGM, and in older versions 16-bit PNG, as "I" with white at 65535.
    if image.mode == "F" or (image.mode == "I" and file_format not in ("PNG", "PPM")):
        kind = "floating-point" if image.mode == "F" else "signed or 32-bit integer"
        raise PhotoError(
            source,
            f"holds {kind} samples, for which no white level is defined; "
            "save it with 8 or 16 bits a channel",
        )
    values = np.asarray(image).astype(np.int64)
    tags = getattr(image, "tag_v2", {})
    bits = tags.get(258, (16,))[0]
    white = (1 << bits) - 1
    grey = np.clip((values * 255 + white // 2) // white, 0, 255)
    if tags.get(262) == 0:  # TIFF "white is zero", which Pillow inverts at 8 bits but not at 16
        grey = 255 - grey
    transparent = image.info.get("transparency")
    if transparent is not None:
        grey = np.where(values == transparent, 255, grey)
    return Image.fromarray(grey.astype(np.uint8))
