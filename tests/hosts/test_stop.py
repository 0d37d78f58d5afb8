"""How containers end: in order where their main process hears the stop signal, at once where it never would."""

import time
from pathlib import Path

import pytest
from network_bed import Site, site_of

pytestmark = pytest.mark.hosts

site = site_of(Path(__file__).parent / "stop.yaml")


@pytest.mark.parametrize(
    ("host", "service", "words"),
    [
        ("left-1", "net-deaf-main", ""),
        ("left-1", "net-polite-main", "it has ended in order"),
        ("right-1", "net-database-server", "Redis is now ready to exit, bye bye"),
    ],
)
def test_a_container_that_takes_no_notice_of_its_stop_signal_ends_at_once(
    site: Site, host: str, service: str, words: str
) -> None:
    began = time.monotonic()
    site.run(host, f"systemctl stop {service}")
    assert time.monotonic() - began < 8, "Podman waits for ten seconds"
    assert words in site.run(host, f"journalctl --unit {service} --output cat")
    assert site.run(host, f"podman ps --all --quiet --filter name={service}") == ""
