"""Every host is in exactly one shard, the same on every machine, however its URL is spelled."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.shard import MOST_SHARDS, WHOLE, Shard
from scraper.model.url import host_of
from scraper.sites.registry import installed_sites

labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789가나다ü-", min_size=1, max_size=8)
hosts = st.lists(labels, min_size=1, max_size=3).map(lambda parts: ".".join([*parts, "example"]))


@given(hosts, st.integers(1, 50))
def test_every_host_is_in_exactly_one_shard(host: str, count: int) -> None:
    shards = [Shard(number, count) for number in range(1, count + 1)]
    (own,) = [shard for shard in shards if shard.has(host)]
    assert shards[0].of(host) == own
    assert [shard.askers(host) for shard in shards if shard != own] == [count] * (count - 1)
    assert own.askers(host) == 1


@given(hosts, st.integers(1, 50))
def test_the_spelling_of_a_url_makes_no_difference(host: str, count: int) -> None:
    plain = host_of(f"https://{host}/")
    if not plain:
        return
    own = Shard(1, count).of(plain)
    for url in (
        f"https://{host}/posts/1?x=2#y",
        f"HTTPS://{host.upper()}:443/",
        f"http://{host}:8080/",
        f"https://www.{host}/",
        f"https://user:secret@{host}/",
        f"https://{host}./",
    ):
        assert not host_of(url) or own.has_url(url), url


def test_where_a_host_is_stays_for_ever() -> None:
    told = {
        host: str(Shard(1, 7).of(host)) for host in ("careerly.co.kr", "example.org", "xn--9n2bp8q.example")
    }
    assert told == {"careerly.co.kr": "6/7", "example.org": "5/7", "xn--9n2bp8q.example": "2/7"}


def test_hosts_are_spread_evenly() -> None:
    spread = Counter(Shard(1, 4).of(f"host-{number}.example").number for number in range(4000))
    assert sorted(spread) == [1, 2, 3, 4]
    assert min(spread.values()) > 900


@pytest.mark.parametrize("text", ["1/1", "2/3", "3/3", "0002/03", f"{MOST_SHARDS}/{MOST_SHARDS}"])
def test_a_shard_is_written_as_which_of_how_many(text: str) -> None:
    shard = Shard.parse(text)
    assert shard
    assert Shard.parse(str(shard)) == shard


@pytest.mark.parametrize(
    "text",
    ["", "0/3", "4/3", "a/b", "1", "1/", "/3", "1/0", "-1/3", "1/3/5", " 1/3", "1/3\n", "१/३", "1/100001", "1/999999999"],
)  # fmt: skip
def test_what_names_no_shard_is_none(text: str) -> None:
    assert Shard.parse(text) is None


def test_the_whole_has_every_host_and_what_is_no_url() -> None:
    assert WHOLE.has("example.org")
    assert WHOLE.has_url("no url")
    assert WHOLE.askers("example.org") == 1


def test_the_api_of_a_site_goes_with_the_site() -> None:
    sites = installed_sites()
    assert sites.home_host("v2.careerly.co.kr") == sites.home_host("careerly.co.kr") == "careerly.co.kr"
    assert sites.home_host("v2.example.org") == "v2.example.org"
