"""Which addresses may be asked."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses

from archwatch.web.address import blocked

PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.0.192", "198.18.0.1",
    "203.0.113.1", "240.0.0.1", "168.63.129.16", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254",
    "ff02::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe", "fec0::1", "192.88.99.1", "64:ff9b:1::a00:1", "::a00:1",
    "5f00::1", "3fff::1", "fe80::1%2",
)  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_are_blocked(text: str) -> None:
    assert blocked(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_not(text: str) -> None:
    assert not blocked(ipaddress.ip_address(text))


@given(ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_the_one_it_maps(address: ipaddress.IPv4Address) -> None:
    assert blocked(ipaddress.ip_address(f"::ffff:{address}")) == blocked(address)
