"""schema.org as pages write it: what strict JSON forbids is read, and only what tells of the post is the post's."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.linked_data import linked_values
from tests.field.pages import Odd, read
from tests.sites.captures import capture as careerly_capture
from tests.sites.captures import read as read_careerly

DATE = "2024-03-05T14:22:11+09:00"
D = f'"datePublished":"{DATE}"'
ARTICLE = f'{{"@type":"Article",{D}}}'
OTHER = '"datePublished":"2011-01-01T00:00:00+09:00"'


def page(data: str, opening: str = '<script type="application/ld+json">') -> Odd:
    return Odd(time="", head=f"{opening}{data}</script>")


@pytest.mark.parametrize(
    "data",
    [
        f'{{"@type":"Article","headline":"강\n\t가",{D}}}',
        f"{ARTICLE};",
        f"/*<![CDATA[*/{ARTICLE}/*]]>*/",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"<![CDATA[{ARTICLE}]]>",
        f"<!-- {ARTICLE} -->",
        f"<!--\n{ARTICLE}\n//-->",
        f"\ufeff{ARTICLE}",
        f'{{"@type":"Article",/* of the post */{D},}}',
        f'{{"@type":["Thing","NewsArticle"],"url":"https://gang.example//x",// here\n{D}}}',
        f'{{"@type":"Article","text":"a,}} /* b */ // c <!-- -->",{D},}}',
        f'{{"@type":"WebSite","name":"강"}}{ARTICLE}',
        f'{{"@type":"WebSite","name":"강"}},\n{ARTICLE};',
        f'{{"@graph":[{{"@type":"WebSite",{OTHER}}},{{"@type":"Article",{D}}}]}}',
        f'[[{{"@type":"WebSite",{OTHER}}},{ARTICLE}]]',
        f'{{"@type":"WebPage",{OTHER},"mainEntity":{ARTICLE}}}',
        f'{{"@type":"WebPage",{OTHER},"mainEntity":{{"@graph":[{ARTICLE}]}}}}',
        f'{{"@type":"https://schema.org/BlogPosting",{D},"comment":[{{"@type":"Comment",{OTHER}}}]}}',
        f'{{"@graph":[{{"@type":"ItemList","itemListElement":[{{"@type":"Article",{OTHER}}}]}},{{"@type":"WebPage",{D}}}]}}',
        f'{{"@graph":[{{"@type":"Organization",{OTHER}}},{{"@type":"Person",{OTHER}}},{{"@type":"ImageObject",{OTHER}}},{{{D}}}]}}',
    ],
)
def test_the_date_of_the_post_is_read(data: str) -> None:
    published = read(page(data)).post.published
    assert published is not None
    assert published.raw == DATE


@pytest.mark.parametrize(
    "opening",
    ['<script type="application/ld+json; charset=utf-8">', '<script id="a" type="APPLICATION/LD+JSON">'],
)
def test_the_type_of_the_script_is_read_as_types_are(opening: str) -> None:
    assert read(page(ARTICLE, opening)).post.published is not None


@pytest.mark.parametrize(
    "kind", ["WebSite", "Organization", "Person", "ImageObject", "Comment", "BreadcrumbList"]
)
def test_the_date_of_something_else_is_not_the_posts(kind: str) -> None:
    assert read(page(f'{{"@type":"{kind}",{D}}}')).post.published is None


@pytest.mark.parametrize(
    "markup",
    [
        *(
            f'<script type="application/ld+json">{data}</script>'
            for data in (
                '{"@type":"NewsArticle","isAccessibleForFree":false}',
                '{"@type":"NewsArticle","isAccessibleForFree":"False"}',
                '{"@type":"NewsArticle","isAccessibleForFree":"false",}',
                '{"@type":"NewsArticle","isAccessibleForFree":"http://schema.org/False"};',
                '{"@type":"NewsArticle","isAccessibleForFree":true,"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false}}',
                '{"@graph":[{"@type":"WebSite"},[{"hasPart":[{"isAccessibleForFree":"False"}]}]]}',
                '{"@type":"NewsArticle","isAccessibleForFree":[false]}',
                '{"@type":"NewsArticle","isAccessibleForFree":[true,{"@value":"False"}]}',
                '{"@type":"NewsArticle","isAccessibleForFree":{"@value":false}}',
                '{"@type":"NewsArticle","isAccessibleForFree":{"@id":"https://schema.org/False"}}',
            )
        ),
        '<div itemscope><meta itemprop="isAccessibleForFree" content="false"></div>',
        '<div itemscope><link itemprop="isAccessibleForFree" href="https://schema.org/False"></div>',
        '<div itemscope><span itemprop="isAccessibleForFree">False</span></div>',
        '<meta property="schema:isAccessibleForFree" content="False">',
    ],
)
def test_what_says_that_it_is_not_free_to_read_is_never_full(markup: str) -> None:
    for odd in (Odd(head=markup), Odd(text=f"<p>강가에 버드나무가 있다.</p>{markup}")):
        post = read(odd).post
        assert post.access == "partial"
        assert any(evidence.kind == "flag" for evidence in post.access_evidence)
    shown = f"""<html><head>{markup}<title>커리어리</title></head><body><h1>버드나무 아래</h1><p>2023년 5월 1일</p>
      <p>강가에 버드나무가 있다.</p><p>저장 3 • 조회 20</p><p>댓글 0</p></body></html>"""
    assert read_careerly(careerly_capture(shown)).post.access == "partial"


def test_what_says_that_it_is_free_to_read_is_full() -> None:
    markup = '<script type="application/ld+json">{"isAccessibleForFree":true}</script><meta itemprop="isAccessibleForFree" content="True">'
    assert read(Odd(head=markup)).post.access == "full"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_strict_json_is_read_as_it_is(value: object) -> None:
    assert linked_values([json.dumps(value)]) == (value,)
    assert linked_values([f"<!-- {json.dumps([value], ensure_ascii=False)}; -->"]) == ([value],)


@given(st.text(st.sampled_from('{}[]",:/*\\<!->a1 \n'), max_size=60))
def test_nothing_in_a_script_raises(text: str) -> None:
    linked_values([text])


@pytest.mark.parametrize(
    "stated",
    [
        '"datePublished":{"@type":"Date","@value":"2024-03-04T10:00:00Z"}',
        '"datePublished":["2024-03-04T10:00:00Z"]',
        '"schema:datePublished":"2024-03-04T10:00:00Z"',
    ],
)
def test_a_date_is_read_in_every_form_that_json_ld_gives_a_value(stated: str) -> None:
    markup = f'<script type="application/ld+json">{{"@type":"BlogPosting",{stated}}}</script>'
    published = read(Odd(head=markup, time="")).post.published
    assert published is not None
    assert published.raw == "2024-03-04T10:00:00Z"
