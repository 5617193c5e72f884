"""The address guard, tried on literals only: nothing here connects."""

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import RefusedError
from scraper.fetch.guard import check_addresses, check_url, is_public
from scraper.settings import ConnectTo, Network

OPEN = Network()
REPLICA = Network(connect_to=(ConnectTo("careerly.co.kr", 443, "127.0.0.1", 8443),))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2001:4860:4860::8888%eth0",
        "fec0::1",
        "ff02::1",
        "0x7f.1",
        "2130706433",
        "127.1",
        "017700000001",
        "example.org",
        "",
    ],
)
def test_an_address_off_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(RefusedError, match=r"not a public address.*--allow-host"):
        check_addresses("example.org", 80, [address], OPEN)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.0.1.1", "223.255.255.255", "2001:4860:4860::8888"]
)
def test_a_public_address_may_be_contacted(address: str) -> None:
    assert is_public(address)
    check_addresses("example.org", 443, [address], OPEN)


def test_one_bad_address_among_good_ones_refuses_the_name() -> None:
    with pytest.raises(RefusedError, match=r"example\.org stands for 10\.0\.0\.1"):
        check_addresses("example.org", 443, ["1.1.1.1", "10.0.0.1"], OPEN)


@given(st.ip_addresses())
def test_what_is_public_is_also_global_to_the_standard_library(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)):
        assert ip_address(str(address)).is_global


@given(st.text(max_size=30))
def test_no_text_makes_the_guard_fail_in_another_way_than_refusing(text: str) -> None:
    assert is_public(text) in {True, False}
    with suppress(RefusedError):
        assert check_url(text, OPEN).port in {80, 443}


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("ftp://example.org/", "http(s) only"),
        ("file:///etc/passwd", "http(s) only"),
        ("//example.org/", "http(s) only"),
        ("http://example.org:8080/", "ports 80 and 443 only"),
        ("https://example.org:22/", "ports 80 and 443 only"),
        ("http://127.0.0.1/", "public addresses only"),
        ("http://127.0.0.1./", "public addresses only"),
        ("http://0x7f.1/", "public addresses only"),
        ("http://2130706433/", "public addresses only"),
        ("http://0177.0.0.1/", "public addresses only"),
        ("http://[::1]/", "public addresses only"),
        ("http://[::ffff:127.0.0.1]/", "public addresses only"),
        ("http://169.254.169.254/latest/meta-data/", "public addresses only"),
    ],
)
def test_a_url_that_may_not_be_visited_is_refused_with_its_rule(url: str, rule: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        check_url(url, OPEN)
    assert refusal.value.rule == rule


def test_an_everyday_url_passes_and_comes_back_parsed() -> None:
    url = check_url("HTTPS://Careerly.co.kr:443/comments/1#top", OPEN)
    assert url.href == "https://careerly.co.kr/comments/1"


def test_connect_to_allows_the_target_it_names_and_no_other() -> None:
    assert check_url("https://careerly.co.kr/", REPLICA).host == "careerly.co.kr"
    check_addresses("careerly.co.kr", 443, ["127.0.0.1"], REPLICA)
    entry = REPLICA.redirected_to("CAREERLY.co.kr", 443)
    assert entry is not None
    assert (entry.to_host, entry.to_port) == ("127.0.0.1", 8443)
    assert REPLICA.redirected_to("careerly.co.kr", 80) is None
    for host, port in [("careerly.co.kr", 80), ("www.careerly.co.kr", 443), ("127.0.0.1", 443)]:
        with pytest.raises(RefusedError):
            check_addresses(host, port, ["127.0.0.1"], REPLICA)
    with pytest.raises(RefusedError):
        check_url("http://127.0.0.1:8443/", REPLICA)


def test_allow_host_lifts_the_rules_for_the_hosts_it_names() -> None:
    network = Network(allow_hosts=frozenset({"Localhost", "::1"}))
    assert check_url("http://localhost:8801/", network).port == 8801
    assert check_url("http://[::1]:8801/", network).port == 8801
    check_addresses("localhost", 8801, ["127.0.0.1", "::1"], network)
    with pytest.raises(RefusedError):
        check_url("http://127.0.0.1:8801/", network)
