"""User names in URLs, and names in what is quoted as evidence."""

import pytest

from scraper.records.masking import Mask
from tests.records.samples import PEOPLE

SKY = PEOPLE.author_id("madang", "name", "김하늘")
MASK = Mask(PEOPLE, "madang", "madang.example", {"김하늘": SKY})


@pytest.mark.parametrize(
    ("url", "site", "user"),
    [
        ("https://madang.example/profiles/{}", "madang", "31"),
        ("https://www.madang.example/profiles/{}?from=feed#top", "madang", "31"),
        ("https://m.madang.example/ko/users/{}/posts", "madang", "31"),
        ("https://madang.example/?userId={}&page=2", "madang", "31"),
        ("madang.example/u/{}", "madang", "31"),
        ("https://blog.example/@{}/겨울", "blog.example", "hong.gil-dong"),
        ("http://blog.example:8080/~{}", "blog.example", "hong"),
        ("https://blog.example/view?no=1&blogId={}", "blog.example", "hong"),
        ("https://madang.example/users/{}에서", "madang", "31"),
        ("[글](https://madang.example/author/{})", "madang", "31"),
    ],
)
def test_a_user_in_a_url_becomes_the_pseudonym_of_that_site(url: str, site: str, user: str) -> None:
    masked = MASK.urls(url.format(user))
    assert masked == url.format(f"⟨{PEOPLE.author_id(site, 'id', user)}⟩")
    assert MASK.urls(masked) == masked


def test_a_user_named_in_escapes_is_the_person_who_wrote_on_the_page() -> None:
    assert (
        MASK.urls("https://madang.example/@%EA%B9%80%ED%95%98%EB%8A%98") == f"https://madang.example/@⟨{SKY}⟩"
    )
    assert MASK.urls("https://madang.example/@김하늘/7") == f"https://madang.example/@⟨{SKY}⟩/7"


@pytest.mark.parametrize(
    "text",
    [
        "https://madang.example/posts/7?page=2",
        "https://madang.example/profiles",
        "https://madang.example/profiles/",
        "https://example.org/userland/guide",
        "https://example.org/a@b",
        "둘 중 하나/users/가 아닌",
        "@hong 님",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert MASK.urls(text) == text


def test_the_names_of_the_page_s_people_leave_what_is_quoted() -> None:
    assert MASK.names("김하늘님의 다음 글이 궁금하다면?") == f"⟨{SKY}⟩님의 다음 글이 궁금하다면?"


def test_the_longest_name_is_replaced_first_and_single_characters_stay() -> None:
    mask = Mask(PEOPLE, "madang", "madang.example", {"하늘": "a" * 32, "하늘바다": "b" * 32, "a": "c" * 32})
    assert mask.names("하늘바다와 하늘, a") == f"⟨{'b' * 32}⟩와 ⟨{'a' * 32}⟩, a"


@pytest.mark.parametrize("piece", ["a.", "a-a.", "https://", "https://a/u/a.", "x/", "?a&", "/@"])
def test_a_long_hostile_text_is_masked_in_linear_steps(piece: str) -> None:
    assert MASK.urls(piece * 20_000)
