"""Values of DNS records, which mean the same in every cloud."""

import ipaddress
import re
from collections.abc import Callable

LONGEST_LABEL = 63
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_OWNER = re.compile(rf"(\*|{_LABEL})(\.{_LABEL})*\.?", re.IGNORECASE)


def is_owner(name: str) -> bool:
    """Whether a record can be called so: a domain name, whose first label may be `*`."""
    return len(name) <= 254 and _OWNER.fullmatch(name) is not None


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
