"""``<base href>`` is what the links and pictures of a post are resolved against (HTML 4.2.3)."""

import pytest

from tests.field.pages import Odd, read
from tests.sites.captures import capture as careerly_capture
from tests.sites.captures import read as read_careerly

TEXT = '<p><a href="reed/">갈대</a> <img src="img/a.jpg"></p>'


@pytest.mark.parametrize(
    ("head", "folder"),
    [
        ("", "https://gang.example/2024/willow/"),
        ('<base href="https://gang.example/blog/">', "https://gang.example/blog/"),
        ('<base href="/blog/index.html">', "https://gang.example/blog/"),
        ('<base href="../">', "https://gang.example/2024/"),
        ('<base href="//cdn.example/x/">', "https://cdn.example/x/"),
        ('<base target="_top"><base href="/a/"><base href="/b/">', "https://gang.example/a/"),
        ('<base href="http://[bad/"><base href="/b/">', "https://gang.example/2024/willow/"),
        ('<base href="data:text/html,x">', "https://gang.example/2024/willow/"),
        ('<base href="javascript:void(0)">', "https://gang.example/2024/willow/"),
        ('<base href="">', "https://gang.example/2024/willow/"),
        ('<BASE HREF=" /blog/ ">', "https://gang.example/blog/"),
    ],
)
def test_links_and_pictures_of_a_post_start_at_the_base_of_its_page(head: str, folder: str) -> None:
    post = read(Odd(head=head, text=TEXT)).post
    assert post.links == (f"{folder}reed/",)
    assert post.images == (f"{folder}img/a.jpg",)


def test_a_base_of_another_scheme_leaves_no_relative_link_that_could_be_asked_for() -> None:
    text = TEXT + '<a href="https://gang.example/whole/">갈대</a>'
    assert read(Odd(head='<base href="ftp://gang.example/">', text=text)).post.links == (
        "https://gang.example/whole/",
    )


def test_links_and_pictures_of_a_careerly_post_start_at_the_base_of_its_page() -> None:
    page = """<html><head><base href="/blog/"><title>커리어리</title></head><body><h1>버드나무 아래</h1><p>2023년 5월 1일</p>
      <p>강가에 버드나무가 있다.</p><p><a href="reed/">갈대</a> 이야기도 있다. <img src="img/a.jpg"></p>
      <p>저장 3 • 조회 20</p><p>댓글 0</p></body></html>"""
    post = read_careerly(careerly_capture(page)).post
    assert post.links == ("https://careerly.co.kr/blog/reed/",)
    assert post.images == ("https://careerly.co.kr/blog/img/a.jpg",)
