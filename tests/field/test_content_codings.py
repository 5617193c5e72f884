"""Bodies in codings that nobody asked for: decoded within bounds, wherever they came from."""

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.coding import Decoded, decode_content

_TEXT = "강가에 버드나무가 있다. ".encode() * 500
_LIMIT = 1 << 20


def _decoded(coding: str, payload: bytes, limit: int = _LIMIT) -> Decoded:
    return decode_content(payload, (("Content-Encoding", coding),), limit)


def _zstd(data: bytes, **options: int) -> bytes:
    parameters = zstandard.ZstdCompressionParameters(**options)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return packer.compress(data) + packer.flush()


_SKIPPED = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"


@pytest.mark.parametrize(
    ("coding", "payload"),
    [
        ("br", brotli.compress(_TEXT)),
        ("BR", brotli.compress(_TEXT)),
        ("zstd", zstandard.compress(_TEXT)),
        ("zstd", _zstd(_TEXT)),
        ("zstd", zstandard.compress(_TEXT[:100]) + _SKIPPED + zstandard.compress(_TEXT[100:])),
        ("zstd", zstandard.compress(_TEXT) + b"\n"),
        ("br", brotli.compress(_TEXT) + b"\n"),
        ("gzip, br", brotli.compress(gzip.compress(_TEXT))),
        ("zstd, gzip", gzip.compress(zstandard.compress(_TEXT))),
        ("gzip", gzip.compress(_TEXT) + b"\n"),
    ],
)
def test_every_coding_that_browsers_take_is_undone(coding: str, payload: bytes) -> None:
    assert _decoded(coding, payload) == Decoded(_TEXT)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_page_that_was_kept_decoded_under_the_header_of_its_coding_is_read_as_it_stands(
    coding: str,
) -> None:
    page = b"<!DOCTYPE html><p>" + _TEXT
    decoded = _decoded(coding, page)
    assert (decoded.body, decoded.truncated, decoded.opaque_coding) == (page, None, None)


@pytest.mark.parametrize("bomb", [brotli.compress(bytes(60_000_000)), zstandard.compress(bytes(60_000_000))])
def test_a_bomb_is_cut_at_the_bound(bomb: bytes) -> None:
    coding = "zstd" if bomb.startswith(b"\x28\xb5\x2f\xfd") else "br"
    decoded = _decoded(coding, bomb, 10_000)
    assert (len(decoded.body), decoded.truncated) == (10_000, "length")


def test_a_window_larger_than_a_content_coding_may_ask_for_is_left_and_named() -> None:
    decoded = _decoded("zstd", _zstd(_TEXT, window_log=27))
    assert (decoded.left, decoded.opaque_coding) == (("zstd",), "zstd")


@pytest.mark.parametrize("coding", ["dcb", "dcz", "compress", "sdch"])
def test_an_unknown_coding_is_left_and_named(coding: str) -> None:
    assert _decoded(coding, b"\x01\x02\x03").opaque_coding == coding


_PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


@given(st.sampled_from(sorted(_PACKERS)), st.binary(min_size=1, max_size=4000), st.data())
def test_a_body_that_ends_early_says_so(coding: str, text: bytes, data: st.DataObject) -> None:
    packed = _PACKERS[coding](text)
    end = data.draw(st.integers(1, len(packed) - 1))
    decoded = _decoded(coding, packed[:end])
    assert decoded.truncated == "unspecified" or decoded.left or decoded.body == text


@given(st.sampled_from(["gzip", "zstd"]), st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_every_member_or_frame_is_read(coding: str, texts: list[bytes]) -> None:
    assert _decoded(coding, b"".join(map(_PACKERS[coding], texts))) == Decoded(b"".join(texts))
