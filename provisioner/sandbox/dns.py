"""Values of DNS records, which mean the same in every cloud."""

import ipaddress
from collections.abc import Callable


def is_address(version: int) -> Callable[[str], bool]:
    """Whether a text is an address of IP version 4 or 6."""

    def check(value: str) -> bool:
        try:
            return ipaddress.ip_address(value).version == version
        except ValueError:
            return False

    return check


def is_exchange(is_domain: Callable[[str], bool]) -> Callable[[str], bool]:
    """Whether a text is the value of an MX record: `10 mail.example.com.`; what a domain is, each cloud says itself."""

    def check(value: str) -> bool:
        preference, _, host = value.partition(" ")
        return preference.isdigit() and is_domain(host)

    return check
