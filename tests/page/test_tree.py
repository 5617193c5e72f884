import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.blocks import Page, to_markdown
from scraper.page.bounds import MAX_DEPTH, HostilePageError, check_cost
from scraper.page.data import page_data, walk
from scraper.page.flat import read_flattened
from scraper.page.tree import read_html


def _texts(page: Page) -> list[str]:
    return [block.text for block in page.blocks]


def test_source_line_breaks_are_spaces_in_an_indented_page() -> None:
    page = read_html("<body>\n  <p>\n    하나\n    둘\n  </p>\n  <p>셋</p>\n</body>")
    assert _texts(page) == ["하나 둘", "셋"]


def test_line_breaks_in_rendered_text_are_real() -> None:
    compact = "<body><div>첫 줄\n둘째 <b>줄</b>\n\n  셋째</div></body>"
    assert _texts(read_html(compact)) == ["첫 줄\n둘째 줄\n\n  셋째"]
    indented = "<body>\n  <div>첫 줄\n둘째 줄</div>\n</body>"
    assert _texts(read_html(indented)) == ["첫 줄\n둘째 줄"]


def test_what_no_reader_sees_is_no_text() -> None:
    page = read_html(
        "<p>보임</p><script>x</script><style>y</style><noscript>z</noscript><template>t</template>"
        "<p hidden>a</p><p style='display: none'>b</p><textarea>c</textarea><!-- d --><svg><text>e</text></svg>"
    )
    assert _texts(page) == ["보임"]


def test_breaks_lists_and_code_become_markdown() -> None:
    page = read_html(
        "<p>가<br>나</p><ol><li>하나</li><li><p>둘</p><ul><li>셋</li></ul></li></ol><pre>x = 1\n  y</pre><p><code>z</code>는</p>"
    )
    assert to_markdown(page.blocks) == "가\n나\n\n1. 하나\n2. 둘\n   - 셋\n\n```\nx = 1\n  y\n```\n\n`z`는"


def test_flattened_lines_keep_their_breaks_and_bullets() -> None:
    page = read_flattened("가\n나\n\n  • 다\n    라\n\n  • 마\n\n바")
    assert _texts(page) == ["가", "나", "다", "라", "마", "바"]
    assert [block.box.tag for block in page.blocks] == ["body", "body", "li", "li", "li", "body"]
    assert to_markdown(page.blocks[:2]) == "가\n나"


MANY = [f"a{number}" for number in range(40_000)]


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * (3 * MAX_DEPTH),
        "<ul><li>" * (3 * MAX_DEPTH),
        "<p " + " ".join(MANY) + ">",
        "<p " + "/".join(MANY) + ">",
        "<p " + '=""'.join(MANY) + ">",
        '<p x" ' + " ".join(MANY) + ' ">',
        '<p a==" ' + " ".join(MANY) + ' ">',
        '<p a=\xa0" ' + " ".join(MANY) + ' ">',
        '<p =" ' + " ".join(MANY) + ' ">',
        "<svg><script><p " + " ".join(MANY) + "></script>",
        '<p x">' + "<div>" * 50_000 + '"',
        "<div></x>" * 50_000,
        "<div><object></div></object>" * 50_000,
        "<div><table><td></div></table>" * 50_000,
        "<rt>" * 50_000,
        "<b>" * 50_000,
    ],
)
def test_a_page_that_would_take_minutes_is_refused_wherever_it_hides_what_it_is(page: str) -> None:
    with pytest.raises(HostilePageError):
        read_html(page)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "page",
    [
        "<script>" + "for(i=0;i<n.length;i++) a = b;\n" * 2_000 + "</script>",
        "<script>" + "s += '<div><p>';\n" * 2_000 + "</script>",
        "<p>" + "<b><i>글</b></i>" * 2_000,
        '<div data-state="' + "a b=c " * 100_000 + '">',
        "<div>\n</div>" * 100_000,
    ],
)
def test_what_only_looks_costly_is_read(page: str) -> None:
    check_cost(page)
    blocks = read_html(page + "<main><p>본문</p></main>").blocks
    assert blocks[-1].text == "본문"


def test_a_long_page_of_unclosed_paragraphs_is_read() -> None:
    assert len(read_html("<p>글" * 5_000).blocks) == 5_000


@given(st.text(st.sampled_from("<>/=\"' \npdivulbra!-&;#0x가나"), max_size=300))
def test_no_markup_breaks_the_reader(markup: str) -> None:
    to_markdown(read_html(markup).blocks)
    to_markdown(read_flattened(markup).blocks)


def test_json_is_found_wherever_pages_keep_it() -> None:
    page = read_html(
        '<head><script type="application/ld+json">{"a": 1}</script></head><script id="__NEXT_DATA__">{"b": [{"c": 2}]}</script>'
        '<script>self.__next_f.push([1,"3:[\\"$\\",{\\"d\\":3}]\\n"])</script><script type="application/json">{bad</script>'
    )
    found = [item for value in page_data(page) for item, _, _ in walk(value)]
    assert {"a": 1} in found
    assert {"c": 2} in found
    assert {"d": 3} in found


def test_json_that_nests_past_reason_is_no_data() -> None:
    page = read_html(f'<script type="application/json">{"[" * 100_000}</script>')
    assert page_data(page) == ()
