"""Fetch an image's bytes over HTTP: only http and https, in bounded time and of bounded size."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import IO

from hwkit.images.decode import PhotoError

SCHEMES = ("http", "https")
TIMEOUT = 15.0
MAX_BYTES = 32 * 1024 * 1024
_AGENT = "hwkit (course kit on explaining neural networks; Python urllib)"
_CHUNK = 64 * 1024


def is_url(text: str) -> bool:
    """Whether ``text`` looks like ``scheme://...`` of whatever scheme."""
    scheme, separator, _ = text.partition("://")
    # A single letter would be a Windows drive.
    return bool(separator) and len(scheme) > 1 and scheme.replace("+", "").isalnum()


def cache_folder() -> Path:
    """Where downloaded photos are kept: ``hwkit/photos`` in XDG_CACHE_HOME or ``~/.cache``."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "hwkit" / "photos"


def fetch(url: str, timeout: float = TIMEOUT, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes behind a URL.

    Args:
        url: an http or https address; redirects are followed to http and https only.
        timeout: seconds for each wait on the network, and for the whole body.
        max_bytes: a larger answer is refused, before it is read where the server tells its size.

    Raises:
        ValueError: ``timeout`` or ``max_bytes`` is not positive.
        PhotoError: any other scheme, an HTTP error, no answer in time, an answer that is too large
            or cut off.
    """
    if timeout <= 0 or max_bytes <= 0:
        raise ValueError(
            "timeout and max_bytes must be positive. "
            f"Received: timeout={timeout}, max_bytes={max_bytes}"
        )
    _check_scheme(url, url)
    # Addresses are copied from browsers, which show umlauts and spaces that HTTP wants quoted.
    quoted = urllib.parse.quote(url.strip(), safe="%/:=&?~#+!$,;'@()*[]")
    request = urllib.request.Request(quoted, headers={"User-Agent": _AGENT, "Accept": "image/*"})
    try:
        with _opener(url).open(request, timeout=timeout) as response:
            return _read(response, url, timeout, max_bytes)
    except urllib.error.HTTPError as error:
        raise PhotoError(
            url, f"the server answered {error.code} {error.reason}; check the address in a browser"
        ) from error
    except TimeoutError as error:
        raise PhotoError(url, _too_slow(timeout)) from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise PhotoError(url, _too_slow(timeout)) from error
        raise PhotoError(
            url, f"cannot be reached ({error.reason}); check the address and the network"
        ) from error
    except (http.client.HTTPException, OSError, ValueError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError(
            url, f"the download failed ({type(error).__name__}: {error}); check the address"
        ) from error


def cached_path(url: str, cache: Path) -> Path:
    """The file in ``cache`` that holds what was downloaded from ``url``; it need not exist yet."""
    digest = hashlib.sha256(url.encode()).hexdigest()[:32]
    suffix = Path(urllib.parse.urlsplit(url).path).suffix.lower()
    return cache / f"{digest}{suffix if suffix[1:].isalnum() and len(suffix) <= 6 else ''}"


def store(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, however the program ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


class _HttpRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https; the standard handler would also go to ftp."""

    def __init__(self, asked: str) -> None:
        self.asked = asked

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _check_scheme(newurl, self.asked)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(asked: str) -> urllib.request.OpenerDirector:
    # Not build_opener: its default handlers would open file:, ftp: and data: addresses as well.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _HttpRedirects(asked),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _check_scheme(url: str, asked: str) -> None:
    try:
        parts = urllib.parse.urlsplit(url.strip())
        allowed = parts.scheme.lower() in SCHEMES and bool(parts.hostname)
    except ValueError:
        allowed = False
    if not allowed:
        leads = "" if url == asked else f"leads to {url!r}, which "
        raise PhotoError(
            asked, f"{leads}is not an http or https address; photos come from these only"
        )


def _read(response: http.client.HTTPResponse, url: str, timeout: float, max_bytes: int) -> bytes:
    announced = response.headers.get("Content-Length", "")
    expected = int(announced) if announced.isdigit() else None
    if expected is not None and expected > max_bytes:
        raise PhotoError(url, _too_large(max_bytes))
    deadline = time.monotonic() + timeout
    data = bytearray()
    # read1 returns what has arrived, so that a server that trickles cannot hold the loop beyond the
    # deadline.
    while chunk := response.read1(_CHUNK):
        data += chunk
        if len(data) > max_bytes:
            raise PhotoError(url, _too_large(max_bytes))
        if time.monotonic() > deadline:
            raise PhotoError(url, _too_slow(timeout))
    if expected is not None and len(data) < expected:
        raise PhotoError(
            url, f"the connection broke after {len(data)} of {expected} bytes; try again"
        )
    return bytes(data)


def _too_slow(timeout: float) -> str:
    return f"did not arrive within {timeout:g} seconds; try again or pass a longer timeout"


def _too_large(max_bytes: int) -> str:
    return f"is larger than {max_bytes} bytes; use a smaller version or pass a larger max_bytes"
