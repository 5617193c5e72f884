import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.data import walk
from scraper.page.flight import read_flight
from tests.flight import NOISE, model_row, rows, scripts, text_row

texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ("$", "$$", "$5", "$undefined", "$D2023", '7:{"a":1}\n', "글\n0:T3,abc", "self.__next_f.push([1,")
)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def read(*all_rows: bytes) -> list[Any]:
    return list(read_flight(scripts(b"".join(all_rows))))


@given(values, st.data(), st.lists(st.integers(0, 9_999), max_size=6))
def test_every_value_is_read_back_however_it_was_split_into_rows_and_chunks(
    value: object, data: st.DataObject, cuts: list[int]
) -> None:
    pieces = rows([value], lambda _: data.draw(st.booleans()))
    stream = data.draw(st.permutations([*pieces, *data.draw(st.lists(st.sampled_from(NOISE), max_size=3))]))
    (found,) = read_flight(scripts(b"".join(stream), cuts))
    # As text: Python holds 1, 1.0 and True for equal.
    assert json.dumps(found) == json.dumps([value])


def test_a_text_row_ends_after_so_many_bytes_and_not_with_its_line() -> None:
    text = '첫 줄\n5:["$", "둘째 줄"]\n'
    assert read(b"7:" + text_row(text), b"8:" + text_row("$5"), b'0:{"said":"$7","price":"$8"}\n') == [
        {"said": text, "price": "$5"}
    ]


def test_what_is_no_data_is_missing() -> None:
    model: dict[str, Any] = {
        "deletedAt": "$undefined",
        "score": "$NaN",
        "best": "$Infinity",
        "save": "$F1a",
        "symbol": "$Sreact.fragment",
        "lost": "$77",
        "element": ["$", "$L2", None, {}],
    }
    assert read(NOISE[0], b"0:" + model_row(model)) == [
        dict.fromkeys(model, None) | {"element": ["$", None, None, {}]}
    ]


def test_dates_and_big_integers_are_text_and_dollars_are_unescaped() -> None:
    model = {"at": "$D2023-05-04T01:20:30.000Z", "id": "$n12345678901234567890", "price": "$$5", "mark": "$"}
    assert read(b"0:" + model_row(model)) == [
        {"at": "2023-05-04T01:20:30.000Z", "id": "12345678901234567890", "price": "$5", "mark": "$"}
    ]


def test_a_reference_leads_into_rows_by_keys_positions_and_the_parts_of_elements() -> None:
    element = [
        "$",
        "div",
        "k",
        {"children": ["$", "$Lb", None, {"post": {"tags": ["ㄱ", "$8"], "cost": "$$8"}}]},
    ]
    path = "$5:props:children:props:post"
    model = {
        "post": path,
        "tag": f"{path}:tags:1:name",
        "cost": f"{path}:cost",
        "type": "$5:type",
        "none": [f"{path}:no:where", f"{path}:tags:9", "$5:x"],
    }
    five, last = read(b"8:" + model_row({"name": "ㄴ"}), b"5:" + model_row(element), b"a:" + model_row(model))
    post = {"tags": ["ㄱ", {"name": "ㄴ"}], "cost": "$8"}
    assert last == {"post": post, "tag": "ㄴ", "cost": "$8", "type": "div", "none": [None, None, None]}
    assert last["post"] is five[3]["children"][3]["post"]


def test_a_row_that_others_refer_to_stands_where_they_do() -> None:
    assert read(b'6:[{"id":1}]\n', b'5:{"comments":"$6","again":"$@6"}\n') == [
        {"comments": [{"id": 1}], "again": [{"id": 1}]}
    ]


def test_rows_that_only_refer_to_each_other_are_not_lost() -> None:
    found = read(b'1:{"other":"$2","said":"a"}\n', b'2:{"other":"$1","said":"b"}\n')
    assert [item["said"] for item in found] == ["a", "b"]
    assert found[0]["other"] is found[1]


@pytest.mark.parametrize(
    "stream",
    [
        b'1:"$2"\n2:"$1"\n0:["$1"]\n',
        b'5:{"a":"$5:a","b":"$5:b:b:b"}\n',
        b'1:["$1","$1","$1"]\n',
        b"".join(b'%x:"$%x"\n' % (number, number + 1) for number in range(1, 5_000)) + b'0:["$1"]\n',
        b"0:" + b"[" * 100_000,
    ],
)
def test_no_web_of_rows_holds_the_reader(stream: bytes) -> None:
    assert len(list(walk(*read(stream)))) < 10


def test_a_text_that_was_captured_in_part_is_missing() -> None:
    stream = b'0:{"said":"$7"}\n7:' + text_row("끝까지 있어야 할 글")
    assert read(stream[:-6]) == [{"said": None}]


@given(st.binary(max_size=200) | st.text(st.sampled_from('0a:T1,$L[]{}"\n'), max_size=60).map(str.encode))
def test_no_stream_breaks_the_reader(stream: bytes) -> None:
    read(stream)


def test_a_script_may_push_more_than_once() -> None:
    first = 'self.__next_f.push([1,"0:{\\"a\\":"]);self.__next_f.push([1,"1"]);self.__next_f.push([1,"}\\n"])'
    assert read_flight([first]) == [{"a": 1}]


def test_pushes_that_are_broken_or_no_part_of_the_stream_are_left_out() -> None:
    broken = [
        'self.__next_f.push([1,);self.__next_f.push([1,"2:[]\\n"])',
        'self.__next_f.push([3,"\\u0001"])',
    ]
    others = ['self.__next_f.push([2,{"a":"1:[]"}])', 'self.__next_f.push("1:[]")', "other.push([1])"]
    assert read_flight([*broken, *others, 'self.__next_f.push([1,"0:{\\"a\\":1}\\n"])']) == [{"a": 1}]
