"""Values that scripts hold: literals of JavaScript, what devalue flattened, and where a page has either."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.devalue import unflatten
from scraper.page.script_values import read_script_value
from scraper.page.state import state_values
from scraper.page.tree import parse_html

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES.filter(lambda value: isinstance(value, dict | list)))
def test_json_is_read_as_json_reads_it(value: Any) -> None:
    assert read_script_value(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("{a:1,'b':[1,,2,'x\\u0041\\n'],c:!0,d:void 0,$e:undefined,}", {"a": 1, "b": [1, None, 2, "xA\n"], "c": True, "d": None, "$e": None}),
        ("{at:new Date(1714550000000),fn:run(1),x:other.name,y:-1.5e3}", {"at": 1714550000000, "fn": None, "x": None, "y": -1500.0}),
        ('{a:JSON.parse("{\\"b\\":[1]}")}', {"a": {"b": [1]}}),
        ('(function(a,b){b.id=7;return {rows:[{n:a,who:b},{n:2,who:b}]}}("눈",{name:"Kim"}))', {"rows": [{"n": "눈", "who": {"name": "Kim", "id": 7}}, {"n": 2, "who": {"name": "Kim", "id": 7}}]}),
    ],
)  # fmt: skip
def test_literals_of_javascript_are_read_and_nothing_is_run(script: str, value: object) -> None:
    assert read_script_value(script) == value


@pytest.mark.parametrize(
    "script", ["", "function(){}", "{a:", "[1,", "(function(a){return", "{a:1 b:2}", "[" * 5000]
)
def test_what_is_no_literal_gives_nothing(script: str) -> None:
    assert read_script_value(script) is None


@given(
    st.lists(st.sampled_from([*"{}[](),:;=.a1'\"`!", "function", "return", "new ", "void 0"]), max_size=40)
)
def test_no_script_breaks_it(parts: list[str]) -> None:
    read_script_value("".join(parts))


def test_flattened_values_are_put_together() -> None:
    flat = [
        ["Reactive", 1],
        {"rows": 2, "at": 5, "none": -1},
        [3, 3],
        {"text": 4},
        "눈",
        ["Date", "2024-05-01"],
    ]
    assert unflatten(flat) == {"rows": [{"text": "눈"}, {"text": "눈"}], "at": "2024-05-01", "none": None}


@given(VALUES)
def test_no_value_breaks_it(value: Any) -> None:
    unflatten(value)
    unflatten([value, value])


def test_the_state_of_a_page_is_read_from_scripts_that_say_what_is_looked_for() -> None:
    rows = {"comments": [{"text": "길이 미끄러웠습니다"}]}
    page = (
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(rows)}</script>'
        f"<script>var x = 1; window.__INITIAL_STATE__ = {json.dumps(rows)}; run()</script>"
        '<script>window.__NUXT__=(function(a){return {comments:[{text:a}]}}("길이 미끄러웠습니다"))</script>'
        f'<script id="__NUXT_DATA__" type="application/json">{json.dumps([{"comments": 1}, [2], {"text": 3}, "길이 미끄러웠습니다"])}</script>'
        f"<script>self.__next_f.push([1, {json.dumps('0:' + json.dumps(rows) + chr(10))}])</script>"
        f'<script type="application/ld+json">{json.dumps(rows)}</script>'
        '<script type="application/json">{"menu": ["a thing of another kind that nobody asked for"]}</script>'
    )
    assert state_values(parse_html(page), ("comments",)) == (rows,) * 5
