"""Downloads, against a server on this machine only."""

import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

from hwkit.images.download import cached_path, fetch, is_url
from hwkit.images.photos import PhotoError, read_photo, read_urls


def png(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (40, 40), shade).save(buffer, format="PNG")
    return buffer.getvalue()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        name, _, value = self.path.strip("/").partition("/")
        getattr(self, f"send_{name}")(value)

    def send_shade(self, value):
        self.answer(png(int(value.split(".")[0])))

    def send_missing(self, value):
        self.send_error(404, "Not Found")

    def send_page(self, value):
        self.answer(b"<!DOCTYPE html><title>Look at this photo</title>")

    def send_to(self, value):
        target = {
            "file": "file:///etc/passwd",
            "ftp": "ftp://localhost/a.png",
            "data": "data:image/png;base64,AAAA",
            "shade": "/shade/70.png",
            "circle": "/to/circle",
        }[value]
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def send_silence(self, value):
        self.server.released.wait(20)

    def send_trickle(self, value):
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return
            if self.server.released.wait(0.05):
                return

    def send_large(self, value):
        """So many bytes; if they are announced, they never come."""
        self.send_response(200)
        if value == "announced":
            self.send_header("Content-Length", "5000000")
        self.end_headers()
        if value == "announced":
            self.server.released.wait(5)
            return
        try:
            self.wfile.write(b"x" * 5_000_000)
        except OSError:
            return

    def send_short(self, value):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(png(1))

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Keep the test's output clean."""


@pytest.fixture
def server(monkeypatch):
    for name in (
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.asked, server.released = [], threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        server.url = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


def test_a_photo_from_a_url(server):
    assert np.unique(read_photo(f"{server.url}/shade/7.png")).tolist() == [7]
    assert np.unique(read_photo(f"{server.url}/to/shade")).tolist() == [70]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing", "404 Not Found"),
        ("page", "web page"),
        ("to/file", "not allowed"),
        ("to/data", "not allowed|not an http"),
        ("to/ftp", "ftp://localhost/a.png.*not an http or https"),
        ("to/circle", "302"),
        ("silence", "within 0.3 seconds"),
        ("trickle", "within 0.3 seconds"),
        ("large/announced", "larger than 100000 bytes"),
        ("large/unannounced", "larger than 100000 bytes"),
        ("short", "broke after [0-9]+ of 100000 bytes"),
    ],
)
def test_what_goes_wrong_is_told_with_the_url(server, path, reason):
    url = f"{server.url}/{path}"
    with pytest.raises(PhotoError, match=reason) as caught:
        read_photo(url, timeout=0.3, max_bytes=100_000)
    assert url in str(caught.value)


def test_a_server_that_is_not_there(server):
    with pytest.raises(PhotoError, match="cannot be reached"):
        read_photo("http://127.0.0.1:9/a.png")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://localhost/a.png", "FILE://localhost/etc/passwd", "http:///a.png"],
)
def test_other_schemes_are_refused(url):
    with pytest.raises(PhotoError, match="not an http or https address"):
        read_photo(url)


def test_odd_addresses_give_a_photo_error(server):
    for url in ("http://[::1", "http://127.0.0.1:port/", "http://a\nb/", "http://ü..ö/"):
        with pytest.raises(PhotoError):
            fetch(url, timeout=1)


def test_what_counts_as_a_url(tmp_path):
    assert is_url("http://a/b.png") and is_url("s3://a/b.png")
    assert not is_url("C://photos/a.png")
    assert not is_url("photos/a.png")


def test_addresses_with_spaces_and_umlauts_are_quoted(server):
    read_photo(f"{server.url}/shade/7.png?name=b är%20%C3%A4")
    assert server.asked == ["/shade/7.png?name=b%20%C3%A4r%20%C3%A4"]


def test_a_list_of_urls_is_read_once(server, tmp_path):
    listing = tmp_path / "urls.txt"
    listing.write_text(f"# mine\n\n{server.url}/shade/5.png\n  {server.url}/shade/6.png\n")
    cache = tmp_path / "cache"
    photos = read_urls(listing, 32, class_name="bonnet", cache=cache, progress=False)
    assert photos.images[:, 0, 0, 0].tolist() == [5, 6]
    assert photos.classes == ("bonnet",) and photos.labels.tolist() == [0, 0]
    assert all(file.parent == cache and file.suffix == ".png" for file in photos.files)
    again = read_urls(listing, 32, class_name="bonnet", cache=cache, progress=False)
    np.testing.assert_array_equal(again.images, photos.images)
    assert server.asked == ["/shade/5.png", "/shade/6.png"]
    assert [file.read_bytes() for file in again.files] == [png(5), png(6)]


def test_bad_urls_are_named_and_never_cached(server, tmp_path):
    urls = [f"{server.url}/{path}" for path in ("missing", "shade/5", "page", "to/file")]
    with pytest.warns(UserWarning, match="3 file") as caught:
        photos = read_urls(urls, 32, cache=tmp_path / "cache", progress=False)
    assert photos.images[:, 0, 0, 0].tolist() == [5]
    assert [source for source, _ in photos.refused] == [urls[0], urls[2], urls[3]]
    assert all(url in str(caught[0].message) for url in (urls[0], urls[2], urls[3]))
    assert list((tmp_path / "cache").iterdir()) == list(photos.files)
    with pytest.raises(PhotoError, match="404"):
        read_urls(urls, cache=tmp_path / "cache", progress=False, on_error="raise")


def test_a_damaged_copy_is_fetched_anew(server, tmp_path):
    url = f"{server.url}/shade/9.png"
    kept = cached_path(url, tmp_path)
    kept.write_bytes(png(9)[:40])
    photos = read_urls([url], 32, cache=tmp_path, progress=False)
    assert photos.images[0, 0, 0].tolist() == [9, 9, 9]
    assert kept.read_bytes() == png(9)


def test_the_default_cache_is_the_users(server, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    photos = read_urls(f"{server.url}/shade/9.png", 32, progress=False)
    assert photos.files[0].parent == tmp_path / "hwkit" / "photos"


def test_wrong_lists_and_arguments(server, tmp_path):
    with pytest.raises(ValueError, match="no URL"):
        read_urls([])
    with pytest.raises(FileNotFoundError):
        read_urls(tmp_path / "none.txt")
    (tmp_path / "a.png").write_bytes(png(1))
    with pytest.raises(ValueError, match="not a text file"):
        read_urls(tmp_path / "a.png")
    with pytest.raises(ValueError, match="must be positive"):
        fetch(f"{server.url}/shade/1.png", timeout=0)
    with pytest.raises(ValueError, match="No photo could be read"):
        read_urls([f"{server.url}/missing"], cache=tmp_path / "cache", progress=False)
