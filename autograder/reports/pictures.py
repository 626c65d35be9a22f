"""Pictures of a submission, decoded and encoded anew: what comes out was written by Pillow."""

from __future__ import annotations

import base64
import binascii
import io

from PIL import Image

BYTES_LIMIT = 10_000_000
PIXELS_LIMIT = 40_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def reencoded(data: bytes, side: int = 1600) -> bytes:
    """A picture as a fresh PNG file of its pixels alone; of an animation, the first frame.

    Args:
        data: bytes of a PNG, JPEG, GIF or WebP file.
        side: the longer side is made smaller to this many pixels.

    Raises:
        ValueError: it is no such picture, it is broken, or it is too large.
    """
    if len(data) > BYTES_LIMIT:
        raise ValueError(f"Expected at most {BYTES_LIMIT} bytes. Received: {len(data)} bytes.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            width, height = picture.size  # from the header; nothing is unpacked yet
            if width * height > PIXELS_LIMIT:
                raise ValueError(f"Expected at most {PIXELS_LIMIT} pixels.")
            pixels = picture.convert("RGBA" if "A" in picture.getbands() else "RGB")
        pixels.thumbnail((side, side))
        file = io.BytesIO()
        pixels.info.clear()  # texts and profiles of the file it came from
        pixels.save(file, "PNG")
    except Exception as error:  # decoders raise what they like on broken files
        raise ValueError(f"Expected a picture that can be decoded. Received: {error}") from error
    return file.getvalue()


def reencoded_base64(text: str, side: int = 1600) -> str:
    """The same for base64 text, as notebooks hold pictures.

    Raises:
        ValueError: it is no base64, or no picture; see ``reencoded``.
    """
    if len(text) > 1.5 * BYTES_LIMIT:
        raise ValueError(f"Expected at most {BYTES_LIMIT} bytes. Received: more.")
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"Expected a picture in base64. Received: {error}") from error
    return base64.b64encode(reencoded(data, side)).decode("ascii")
