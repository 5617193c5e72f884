"""Pages are decoded as browsers decode them (WHATWG Encoding), and a broken octet changes nothing but itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.jobs.imports.file_kind import FileKind, kind_of
from scraper.page.charset import decode
from scraper.sites.registry import installed_sites
from tests.field.pages import Odd, document, read

KOREAN = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=4)


@pytest.mark.parametrize(
    ("label", "octets", "text"),
    [
        ("gb2312", "价格€20 㐀".encode("gb18030"), "价格€20 㐀"),
        ("gbk", b"\x80", "€"),
        ("gb18030", b"\xa3\xa0\xa6\xd9", "\u3000\ufe10"),
        ("iso-8859-1", b"\x80 \x93a\x94 \x81", "€ “a” \x81"),
        ("us-ascii", b"caf\xe9", "café"),
        ("latin1", b"caf\xe9", "café"),
        ("shift_jis", "①髙".encode("cp932"), "①髙"),
        ("shift_jis", b"\xa0a\xfd", "\ufffda\ufffd"),
        ("euc-jp", b"\xad\xa1\xa1\xc1", "①～"),
        ("ks_c_5601-1987", "똠방각하".encode("cp949"), "똠방각하"),
        ("big5", "碁".encode("big5hkscs"), "碁"),
        ("koi8-u", b"\xae", "ў"),
        ("iso-2022-kr", b"abc", "\ufffd"),
        ("hz-gb-2312", b"~{<:Ky~}", "\ufffd"),
        ("x-user-defined", b"a\x80\xff", "a\uf780\uf7ff"),
    ],
)
def test_a_label_means_what_browsers_take_it_for(label: str, octets: bytes, text: str) -> None:
    assert decode(octets, f"text/html; charset={label}").text == text


@pytest.mark.parametrize(
    ("label", "text"),
    [("utf-16", "<p>é"), ("x-user-defined", "<p>é")],
)
def test_a_meta_of_what_no_meta_can_be_in_means_another_encoding(label: str, text: str) -> None:
    meta = f'<meta charset="{label}">'
    octets = meta.encode() + text.encode("utf-8" if label == "utf-16" else "cp1252")
    assert decode(octets).text == meta + text


@pytest.mark.parametrize("octets", [b"\xb0<p>", b"\xff<p>", b"\x80<p>"])
def test_a_broken_octet_takes_no_markup_along(octets: bytes) -> None:
    for label in ("euc-kr", "shift_jis", "big5", "gbk", "utf-8", "euc-jp"):
        assert decode("글".encode(errors="ignore") + octets, f"text/html; charset={label}").text.endswith(
            "<p>"
        )


@given(KOREAN, st.sampled_from(["utf-8", "cp949"]), st.sampled_from([None, "euc-kr", "utf-8", "iso-8859-1"]))
def test_a_broken_octet_flips_nothing(text: str, codec: str, label: str | None) -> None:
    content_type = f"text/html; charset={label}" if label else None
    whole = decode(text.encode(codec), content_type)
    broken = decode(b"<p>\xff</p>" + text.encode(codec), content_type)
    assert broken.encoding == whole.encoding
    assert broken.text.removeprefix("<p>").partition("</p>")[2] == whole.text


def test_a_header_that_lies_gives_way_to_the_meta_though_an_octet_is_broken() -> None:
    octets = b'<meta charset="euc-kr">' + "강가에 버드나무가 있다".encode("cp949") + b"\xff"
    assert "버드나무" in decode(octets, "text/html; charset=utf-8").text


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_page_in_utf16_is_read_as_one_in_utf8(codec: str) -> None:
    page = Odd(
        head='<meta name="robots" content="noarchive"><meta charset="utf-16">', comments='<li id="comment-3">'
    )
    octets = str(page).encode(codec)
    assert read(octets, "text/html") == read(page)
    read_in_utf8 = installed_sites().recognise(document(str(page)))
    assert installed_sites().recognise(document(octets, "text/html")) == read_in_utf8
    assert installed_sites().root_of(document(octets, "text/html")) == ("https://gang.example/", "wordpress")


@pytest.mark.parametrize("octets", [b"abc\x00def", b"a\x00", b"\x00<p>a few words</p>", b"<p>a\x00b</p>"])
def test_a_stray_zero_is_no_sign_of_utf16(octets: bytes) -> None:
    assert decode(octets).encoding == "utf-8"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8"])
def test_a_saved_page_is_told_from_text_in_any_encoding(codec: str, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.write_bytes(str(Odd()).encode(codec))
    assert kind_of(saved) is FileKind.HTML
    saved.write_bytes("강가에 버드나무가 있다. 갈대도 있다.\n".encode(codec))
    assert kind_of(saved) is FileKind.TEXT
