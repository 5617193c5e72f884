import pytest

from scraper.model.site import Claim
from scraper.sites.registry import installed_sites
from tests.sites.visited import make_careerly as make_site


@pytest.mark.parametrize(
    ("url", "post_id", "canonical"),
    [
        (
            "https://careerly.co.kr/comments/70434",
            "careerly:comments-70434",
            "https://careerly.co.kr/comments/70434",
        ),
        (
            "http://www.careerly.co.kr/comments/70434/?utm_campaign=user-share#x",
            "careerly:comments-70434",
            "https://careerly.co.kr/comments/70434",
        ),
        (
            "https://careerly.co.kr/comments/7?from=trends&order=1",
            "careerly:comments-7",
            "https://careerly.co.kr/comments/7",
        ),
        (
            "https://careerly.co.kr/qnas/2625?fa=notification",
            "careerly:qnas-2625",
            "https://careerly.co.kr/qnas/2625",
        ),
        ("https://careerly.co.kr/posts/9", "careerly:posts-9", "https://careerly.co.kr/posts/9"),
        (
            "https://careerly.co.kr/community?post=9&location=gnb",
            "careerly:posts-9",
            "https://careerly.co.kr/posts/9",
        ),
        ("https://careerly.co.kr/community?qna=3", "careerly:qnas-3", "https://careerly.co.kr/qnas/3"),
    ],
)
def test_posts_are_claimed_under_one_address(url: str, post_id: str, canonical: str) -> None:
    assert make_site().claims(url) == Claim(post_id, canonical)


@pytest.mark.parametrize(
    "url",
    [
        "https://careerly.co.kr/",
        "https://careerly.co.kr/profiles/1?from=newsfeed",
        "https://careerly.co.kr/profile/1",
        "https://careerly.co.kr/trends",
        "https://careerly.co.kr/jobs/3",
        "https://careerly.co.kr/comments/abc",
        "https://careerly.co.kr/comments/7/edit",
        "https://careerly.co.kr/community",
        "https://careerly.co.kr.example.org/comments/7",
        "https://v2.careerly.co.kr/api/v1/posts/9/",
        "mailto:a@careerly.co.kr",
        "",
    ],
)
def test_nothing_else_is_claimed(url: str) -> None:
    assert make_site().claims(url) is None


def test_the_registry_finds_the_adapter() -> None:
    assert "careerly" in {site.name for site in installed_sites()}
    found = installed_sites().claimed("https://careerly.co.kr/comments/7")
    assert found is not None
    assert found.site.name == "careerly"
    assert installed_sites().claimed("https://example.org/comments/7") is None
