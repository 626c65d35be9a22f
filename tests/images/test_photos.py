"""Single photos: the crop against arithmetic on pixels, and every odd kind of file."""

import io
import pickle
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from hwkit.images.photos import PhotoError, read_npy, read_photo, read_picture

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


def corners(rgb: np.ndarray) -> tuple:
    """Colours near the four corners: top left, top right, bottom left, bottom right."""
    near, far = 3, -4
    points = [(near, near), (near, far), (far, near), (far, far)]
    return tuple(tuple(int(v) for v in rgb[y, x]) for y, x in points)


def quarters() -> Image.Image:
    """Red, green above blue, yellow; 64 x 64."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32, :32], pixels[:32, 32:] = RED, GREEN
    pixels[32:, :32], pixels[32:, 32:] = BLUE, YELLOW
    return Image.fromarray(pixels)


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


# The crop ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("height", "width", "top", "left"),
    [
        (256, 256, 16, 16),
        (256, 300, 16, 38),
        (400, 256, 88, 16),
        (256, 1000, 16, 388),
        # Half a pixel is rounded to the even side, as Python and torchvision round.
        (256, 301, 16, 38),
        (256, 303, 16, 40),
    ],
)
def test_a_photo_of_short_side_256_is_only_cropped(tmp_path, height, width, top, left):
    pixels = noise(height, width)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    expected = pixels[top : top + 224, left : left + 224]
    np.testing.assert_array_equal(read_photo(tmp_path / "a.png"), expected)


def test_the_margin_scales_with_the_size(tmp_path):
    # 96 * 256 / 224 = 109.7, so a short side of 110 is left as it is and loses 7 pixels a side.
    pixels = noise(110, 110)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_photo(tmp_path / "a.png", size=96), pixels[7:103, 7:103])


def test_a_picture_of_the_networks_size_stays_pixel_by_pixel(tmp_path):
    exact, larger = noise(96, 96), noise(97, 96, seed=1)
    Image.fromarray(exact).save(tmp_path / "exact.png")
    Image.fromarray(larger).save(tmp_path / "larger.png")
    np.testing.assert_array_equal(read_picture(tmp_path / "exact.png", 96), exact)
    assert not np.array_equal(read_photo(tmp_path / "exact.png", 96), exact)
    np.testing.assert_array_equal(
        read_picture(tmp_path / "larger.png", 96), read_photo(tmp_path / "larger.png", 96)
    )
    with pytest.raises(PhotoError, match="20 x 20 pixels, expected at least 32"):
        Image.fromarray(noise(20, 20)).save(tmp_path / "tiny.png")
        read_picture(tmp_path / "tiny.png", 96)
    with pytest.raises(FileNotFoundError, match="no file"):
        read_picture(tmp_path / "none.png", 96)


def test_shrinking_averages_instead_of_skipping_pixels(tmp_path):
    board = (np.indices((2048, 2048)).sum(axis=0) % 2 * 255).astype(np.uint8)
    Image.fromarray(board).save(tmp_path / "board.png")
    photo = read_photo(tmp_path / "board.png").astype(int)
    assert abs(photo - 127.5).max() <= 2


def test_a_linear_ramp_stays_linear(tmp_path):
    # 512 wide, shrunk by 2: the pixel at x of the crop covers 2 * (x + 16) and its neighbour.
    ramp = np.tile((np.arange(512) // 2).astype(np.uint8), (512, 1))
    Image.fromarray(ramp).save(tmp_path / "ramp.png")
    photo = read_photo(tmp_path / "ramp.png").astype(int)
    np.testing.assert_allclose(photo[:, :, 0], np.tile(np.arange(16, 240), (224, 1)), atol=1)


@pytest.mark.parametrize("size", [0, -1, 5000])
def test_a_size_out_of_range_is_refused(tmp_path, size):
    with pytest.raises(ValueError, match="between 1 and 4096"):
        read_photo(tmp_path / "a.png", size=size)


@pytest.mark.parametrize("size", ["224", 224.0, True])
def test_a_size_that_is_no_whole_number_is_refused(tmp_path, size):
    with pytest.raises(TypeError, match="whole number"):
        read_photo(tmp_path / "a.png", size=size)


# Kinds of files ------------------------------------------------------------------------------

# EXIF 2.32, tag 0x0112: what row 0 and column 0 of the stored picture are when it is looked at.
# So the stored corners (top left, top right, bottom left, bottom right) are seen as:
SEEN = {
    1: (RED, GREEN, BLUE, YELLOW),  # row 0 top, column 0 left
    2: (GREEN, RED, YELLOW, BLUE),  # top, right
    3: (YELLOW, BLUE, GREEN, RED),  # bottom, right
    4: (BLUE, YELLOW, RED, GREEN),  # bottom, left
    5: (RED, BLUE, GREEN, YELLOW),  # left, top
    6: (BLUE, RED, YELLOW, GREEN),  # right, top
    7: (YELLOW, GREEN, BLUE, RED),  # right, bottom
    8: (GREEN, YELLOW, RED, BLUE),  # left, bottom
}


@pytest.mark.parametrize("orientation", SEEN)
@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
def test_exif_orientation_is_applied(tmp_path, orientation, suffix):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"turned{suffix}"
    quarters().save(path, exif=exif, **({"lossless": True} if suffix == ".webp" else {}))
    assert corners(read_photo(path, 56)) == SEEN[orientation]


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_jpeg_is_as_pillow_turns_it(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(noise(256, 320)).save(tmp_path / "a.jpg", exif=exif, quality=95)
    with Image.open(tmp_path / "a.jpg") as stored:
        upright = np.asarray(ImageOps.exif_transpose(stored))
    top, left = ((side - 224) // 2 for side in upright.shape[:2])
    expected = upright[top : top + 224, left : left + 224]
    np.testing.assert_array_equal(read_photo(tmp_path / "a.jpg"), expected)


def test_a_senseless_orientation_is_ignored(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 77
    quarters().save(tmp_path / "a.png", exif=exif)
    assert corners(read_photo(tmp_path / "a.png", 56)) == SEEN[1]


def test_alpha_is_composited_on_white(tmp_path):
    Image.new("RGBA", (64, 64), (255, 0, 0, 51)).save(tmp_path / "a.png")  # 51 / 255 = 0.2
    assert set(np.unique(read_photo(tmp_path / "a.png")[:, :, 1])) == {204}
    Image.new("LA", (64, 64), (0, 51)).save(tmp_path / "b.png")
    assert np.unique(read_photo(tmp_path / "b.png")).tolist() == [204]


def test_transparent_palette_and_key_colours_turn_white(tmp_path):
    palette = quarters().quantize(4)
    palette.save(tmp_path / "p.png", transparency=palette.getpixel((0, 0)))
    quarters().save(tmp_path / "rgb.png", transparency=RED)
    for name in ("p.png", "rgb.png"):
        white = (255, 255, 255)
        assert corners(read_photo(tmp_path / name, 56)) == (white, GREEN, BLUE, YELLOW)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".pgm"])
def test_16_bit_grey_is_scaled(tmp_path, suffix):
    # 16-bit v is the same grey as 8-bit v / 257; the middle of 100 and 101 rounds up.
    grey = np.repeat(np.array([0, 257, 100 * 257 + 129, 65535], np.uint16), 64)
    pixels = np.tile(grey, (256, 1))
    if suffix == ".pgm":  # which not every Pillow can write with 16 bits
        (tmp_path / "a.pgm").write_bytes(b"P5 256 256 65535\n" + pixels.astype(">u2").tobytes())
    else:
        Image.fromarray(pixels).save(tmp_path / f"a{suffix}")
    expected = np.repeat([0, 1, 101, 255], 64)[16:240]
    photo = read_photo(tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(photo, np.tile(expected[:, None], (224, 1, 3)))


def test_16_bit_colour_is_scaled(tmp_path):
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    row = b"\0" + struct.pack(">3H", 65535, 257 * 128, 0) * 64
    header = struct.pack(">2I5B", 64, 64, 16, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 64))
    (tmp_path / "a.png").write_bytes(data + chunk(b"IEND", b""))
    assert np.unique(read_photo(tmp_path / "a.png").reshape(-1, 3), axis=0).tolist() == [
        [255, 128, 0]
    ]


def test_white_is_zero_tiff_is_inverted(tmp_path):
    pixels = np.full((64, 64), 65535, np.uint16)
    Image.fromarray(pixels).save(tmp_path / "a.tif", tiffinfo={262: 0})
    assert np.unique(read_photo(tmp_path / "a.tif")).tolist() == [0]


def test_cmyk_is_converted(tmp_path):
    # No black, full cyan is the absence of red only; full black is black.
    Image.new("CMYK", (64, 64), (255, 0, 0, 0)).save(tmp_path / "cyan.tif")
    assert np.unique(read_photo(tmp_path / "cyan.tif").reshape(-1, 3), axis=0).tolist() == [
        [0, 255, 255]
    ]
    Image.new("CMYK", (64, 64), (0, 0, 0, 255)).save(tmp_path / "black.jpg", quality=100)
    assert read_photo(tmp_path / "black.jpg").max() <= 2


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_grey_and_palette_become_rgb(tmp_path, mode):
    Image.new("L", (64, 64), 255).convert(mode).save(tmp_path / "a.png")
    assert np.unique(read_photo(tmp_path / "a.png")).tolist() == [255]


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp", ".tif"])
def test_the_first_picture_of_an_animation_is_used(tmp_path, suffix):
    frames = [Image.new("RGB", (64, 64), colour) for colour in (RED, GREEN, BLUE)]
    options = {"lossless": True} if suffix == ".webp" else {}
    path = tmp_path / f"a{suffix}"
    frames[0].save(path, save_all=True, append_images=frames[1:], **options)
    assert np.unique(read_photo(path).reshape(-1, 3), axis=0).tolist() == [list(RED)]


def test_the_name_does_not_decide_the_format(tmp_path):
    quarters().save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.JPEG")
    assert corners(read_photo(str(tmp_path / "a.JPEG"), 56)) == SEEN[1]


# Refusals ------------------------------------------------------------------------------------


def refusal(path) -> str:
    """The message with which a file is refused; it must name the file and be a ValueError."""
    with pytest.raises(PhotoError) as caught:
        read_photo(path)
    assert isinstance(caught.value, ValueError)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n <!DOCTYPE html><html></html>", "web page"),
        (b"<svg xmlns='x'/>", "SVG"),
        (b"%PDF-1.7", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\x89PNG\r\n\x1a\n", "not an image|damaged"),
        (bytes(range(256)), "is not an image"),
    ],
)
def test_what_is_no_photo_is_refused_with_advice(tmp_path, content, reason):
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(PhotoError, match=reason):
        read_photo(path)
    assert refusal(path)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".gif", ".webp", ".tif", ".bmp"])
def test_half_a_file_is_refused(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    Image.fromarray(noise(100, 100)).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".gif", ".webp", ".tif"])
def test_damaged_bytes_give_a_picture_or_a_photo_error(tmp_path, suffix):
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(noise(40, 40)).save(
        buffer, format=Image.registered_extensions()[suffix], exif=exif
    )
    sound = buffer.getvalue()
    path, rng = tmp_path / f"a{suffix}", np.random.default_rng(1)
    refused = 0
    for _ in range(150):
        data = bytearray(sound)
        for place in rng.integers(0, len(data), 4):
            data[place] = rng.integers(0, 256)
        path.write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # Pillow's own, on damaged metadata
            try:
                assert read_photo(path, 32).shape == (32, 32, 3)
            except PhotoError as error:
                assert str(path) in str(error)
                refused += 1
    assert refused > 0


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + struct.pack(">I", len(data) - 4)
        + data
        + struct.pack(">I", zlib.crc32(data))
    )


@pytest.mark.parametrize("side", [9_500, 50_000])  # above Pillow's warning, above its error
def test_a_decompression_bomb_is_refused(tmp_path, side):
    (tmp_path / "bomb.png").write_bytes(png_header(side, side))
    assert "too many pixels" in refusal(tmp_path / "bomb.png")


def test_tiny_photos_are_refused_unless_asked_for(tmp_path):
    path = tmp_path / "tiny.png"
    quarters().resize((31, 40)).save(path)
    assert "31 x 40 pixels, expected at least 32" in refusal(path)
    assert read_photo(path, min_side=31).shape == (224, 224, 3)


def test_a_strip_is_refused(tmp_path):
    Image.new("RGB", (40, 40 * 32 + 1)).save(tmp_path / "strip.png")
    assert "crop it" in refusal(tmp_path / "strip.png")
    Image.new("RGB", (40, 40 * 32)).save(tmp_path / "long.png")
    assert read_photo(tmp_path / "long.png").shape == (224, 224, 3)


@pytest.mark.parametrize("kind", [np.float32, np.int32])
def test_samples_without_a_white_level_are_refused(tmp_path, kind):
    Image.fromarray(np.ones((64, 64), kind)).save(tmp_path / "a.tif")
    assert "no white level" in refusal(tmp_path / "a.tif")


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*nowhere\.jpg"):
        read_photo(tmp_path / "nowhere.jpg")
    with pytest.raises(PhotoError, match="folder; see read_folder"):
        read_photo(tmp_path)


def test_what_is_neither_path_nor_url_is_refused():
    with pytest.raises(TypeError, match="Received: bytes"):
        read_photo(b"a.jpg")


def test_a_photo_error_survives_pickling():
    error = pickle.loads(pickle.dumps(PhotoError("a.jpg", "is empty")))
    assert (error.source, error.reason, str(error)) == ("a.jpg", "is empty", "a.jpg: is empty")


# Arrays --------------------------------------------------------------------------------------


def test_npy_arrays_come_back_as_they_are(tmp_path):
    images = noise(5, 7)[None]
    np.save(tmp_path / "a.npy", images)
    read = read_npy(tmp_path / "a.npy")
    assert read.dtype == np.uint8 and read.flags.writeable
    np.testing.assert_array_equal(read, images)
    np.save(tmp_path / "b.npy", np.asfortranarray(images / 255.0))
    read = read_npy(tmp_path / "b.npy")
    assert read.dtype == np.float32
    np.testing.assert_allclose(read, images / 255.0, rtol=1e-6)


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((4, 4, 3), np.uint8), r"save image\[None\]"),
        (np.zeros((2, 3, 4, 4), np.uint8), r"\(2, 3, 4, 4\)"),
        (np.zeros((0, 4, 4, 3), np.uint8), r"n >= 1|as one array"),
        (np.zeros((1, 4, 4, 3), np.int64), "received int64"),
        (np.zeros((1, 4, 4, 3), bool), "received bool"),
        (np.full((1, 4, 4, 3), np.nan), "not a number"),
        (np.zeros((1, 4, 4, 3), [("a", "u1")]), "expected uint8"),
    ],
)
def test_other_arrays_are_refused(tmp_path, array, reason):
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(PhotoError, match=reason) as caught:
        read_npy(tmp_path / "a.npy")
    assert "a.npy" in str(caught.value)


class Exploit:
    """Would create a file if it were unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (open, (str(self.mark), "w"))


@pytest.mark.parametrize("saved", ["object array", "pickle"])
def test_pickles_are_never_run(tmp_path, saved):
    path, mark = tmp_path / "a.npy", tmp_path / "mark"
    if saved == "pickle":
        path.write_bytes(pickle.dumps(Exploit(mark)))
    else:
        np.save(path, np.array([Exploit(mark)], dtype=object), allow_pickle=True)
    with pytest.raises(PhotoError, match=r"without Python objects|not a \.npy file"):
        read_npy(path)
    assert not mark.exists()


def test_damaged_npy_files_are_refused(tmp_path):
    path = tmp_path / "a.npy"
    np.save(path, np.zeros((3, 8, 8, 3), np.uint8))
    sound = path.read_bytes()
    huge = sound.replace(b"(3, 8, 8, 3)", b"(999999999, 999, 999, 3)")
    for content in (b"", b"nonsense", sound[:-1], sound[:9], huge):
        path.write_bytes(content)
        with pytest.raises(PhotoError, match=r"a\.npy"):
            read_npy(path)
    np.savez(tmp_path / "b.npz", a=np.zeros(3))
    with pytest.raises(PhotoError, match="npz archive"):
        read_npy(tmp_path / "b.npz")
    with pytest.raises(FileNotFoundError):
        read_npy(tmp_path / "none.npy")
