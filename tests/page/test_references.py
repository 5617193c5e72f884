from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scraper.page.data import listed, walk
from scraper.page.references import resolve_references

names = st.sampled_from(["A:1", "B:2", "C:3"])
references = st.builds(lambda name: {"__ref": name}, names) | st.builds(
    lambda some: {"__refs": some}, st.lists(names, max_size=3)
)
values = st.recursive(
    st.none() | st.integers() | references,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.just("x"), inner, max_size=4),
    max_leaves=20,
)


def test_a_reference_becomes_the_object_it_names() -> None:
    cache: Any = {
        "Post:1": {"author": {"__ref": "User:2"}, "tags": {"__refs": ["Tag:3", "Tag:4"]}},
        "User:2": {"name": "한가을"},
        "Tag:3": {"label": "기획"},
        "root": {"post": {"type": "id", "generated": False, "id": "Post:1"}, "lost": {"__ref": "Post:9"}},
    }
    (value,) = resolve_references(cache)
    post = {"author": {"name": "한가을"}, "tags": [{"label": "기획"}]}
    assert value == {"root": {"post": post, "lost": {"__ref": "Post:9"}}}


def test_what_only_the_cache_refers_to_comes_second() -> None:
    cache: Any = {"A:1": {"b": {"__ref": "B:2"}}, "B:2": {"a": {"__ref": "A:1"}, "said": "둘"}}
    value, adrift = resolve_references(cache)
    assert value == {}
    assert isinstance(adrift, dict)
    assert adrift["A:1"]["b"]["said"] == "둘"
    assert adrift["A:1"]["b"]["a"] is adrift["A:1"]


def test_data_without_references_is_left_as_it_is() -> None:
    assert resolve_references({"id": "User:2", "type": "person"}) == ({"id": "User:2", "type": "person"},)


@given(values)
def test_no_web_of_references_holds_a_walk_for_ever(value: object) -> None:
    met = [item for item, _, _ in walk(*resolve_references(value))]
    assert len(met) < 1_000


def test_an_object_is_met_wherever_it_stands_and_gone_into_once() -> None:
    shared: Any = {"name": "한가을"}
    shared["friend"] = shared
    places = [keys for item, keys, _ in walk({"author": shared, "editors": [shared]}) if item is shared]
    assert places == [("author",), ("author", "friend"), ("editors",)]


def test_lists_are_found_however_they_are_wrapped() -> None:
    items = [{"id": 1}, {"id": 2}]
    assert listed(items) == items
    assert listed({"count": 2, "results": items}) == items
    assert listed({"pages": [{"results": items[:1]}, {"results": items[1:]}]}) == items
    assert listed({"edges": [{"cursor": "x", "node": item} for item in items]}) == items
    assert listed({"data": {"items": items}}) == items
    assert (listed(3), listed({"id": 1}), listed([])) == (None, None, [])
