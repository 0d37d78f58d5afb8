"""Fetching one list: again, slower, and on from where it broke off."""

from pathlib import Path

import pytest
from price_server import Answer, Naps, Server

from provisioner.errors import UsageError
from provisioner.prices.refresh.fetch import Fetcher, FetchError

BODY = bytes(range(256)) * 4000


def test_a_body_that_breaks_off_goes_on_where_it_stopped(server: Server, naps: Naps, tmp_path: Path) -> None:
    tag = {"ETag": '"v1"'}
    server.pages["/list"] = Answer(BODY, headers=tag)
    server.script = [Answer(BODY, headers=tag, cut=300_000), Answer(BODY[300_000:], headers=tag, status=206, cut=200_000)]
    moved = list[int]()
    Fetcher(sleep=naps, progress=moved.append).fetch(f"{server.address}/list", tmp_path / "list")
    assert (tmp_path / "list").read_bytes() == BODY
    ranges = [headers.get("Range") for _, headers in server.asked]
    assert ranges == [None, "bytes=300000-", "bytes=500000-"]
    assert sum(moved) == len(BODY)
    assert list(tmp_path.iterdir()) == [tmp_path / "list"]


def test_another_run_goes_on_too(server: Server, naps: Naps, tmp_path: Path) -> None:
    tag = {"ETag": '"v1"'}
    server.script = [Answer(BODY, headers=tag, cut=300_000), Answer(b"", status=404)]
    with pytest.raises(FetchError, match="404"):
        Fetcher(sleep=naps).fetch(f"{server.address}/list", tmp_path / "list")
    assert not (tmp_path / "list").exists()
    server.pages["/list"] = Answer(BODY, headers=tag)
    Fetcher(sleep=naps).fetch(f"{server.address}/list", tmp_path / "list")
    assert (tmp_path / "list").read_bytes() == BODY
    assert server.asked[-1][1]["Range"] == "bytes=300000-"


@pytest.mark.parametrize("tag", [{}, {"ETag": '"v2"'}, {"ETag": 'W/"v1"'}])
def test_a_list_that_changed_meanwhile_begins_again(server: Server, naps: Naps, tmp_path: Path, tag: dict[str, str]) -> None:
    """A part of the old list is never joined with a part of the new one."""
    server.pages["/list"] = Answer(b"new" * 1000, headers=tag)
    server.script = [Answer(b"old" * 1000, headers={"ETag": '"v1"'} if tag else {}, cut=1500)]
    Fetcher(sleep=naps).fetch(f"{server.address}/list", tmp_path / "list")
    assert (tmp_path / "list").read_bytes() == b"new" * 1000


def test_a_throttled_question_waits_as_long_as_it_is_told(server: Server, naps: Naps, tmp_path: Path) -> None:
    server.pages["/list"] = Answer(b"done")
    late = "Sun, 22 Nov 2099 10:00:00 GMT"
    server.script = [
        Answer(b"", status=429, headers={"Retry-After": "7"}),
        Answer(b"", status=503, headers={"Retry-After": late}),
        Answer(b"", status=429, headers={"Retry-After": "soon"}),
        Answer(b"", status=500),
    ]
    Fetcher(sleep=naps).fetch(f"{server.address}/list", tmp_path / "list")
    assert naps.seconds == [7, 120, 4, 8]
    assert (tmp_path / "list").read_bytes() == b"done"


def test_attempts_end(server: Server, naps: Naps, tmp_path: Path) -> None:
    server.script = [Answer(b"", status=503)] * 6
    with pytest.raises(FetchError, match="503 Service Unavailable, 6 times"):
        Fetcher(sleep=naps).fetch(f"{server.address}/list", tmp_path / "list")
    assert naps.seconds == [1, 2, 4, 8, 16]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_is_refused_is_not_asked_again(server: Server, naps: Naps, tmp_path: Path, status: int) -> None:
    server.script = [Answer(b"", status=status)]
    with pytest.raises(FetchError, match=str(status)):
        Fetcher(sleep=naps).fetch(f"{server.address}/list", tmp_path / "list")
    assert (len(server.asked), naps.seconds) == (1, [])


def test_a_redirect_stays_with_its_host(server: Server, naps: Naps, tmp_path: Path) -> None:
    server.pages["/new"] = Answer(b"here")
    server.script = [Answer(b"", status=302, headers={"Location": "/new"})]
    Fetcher(sleep=naps).fetch(f"{server.address}/list", tmp_path / "list")
    assert (tmp_path / "list").read_bytes() == b"here"
    server.script = [Answer(b"", status=302, headers={"Location": "http://prices.example/list"})]
    with pytest.raises(FetchError, match="which is another host"):
        Fetcher(sleep=naps, headers={"X-Goog-Api-Key": "k"}).fetch(f"{server.address}/other", tmp_path / "other")


def test_a_server_that_is_not_there_is_named(naps: Naps, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"http://127\.0\.0\.1:9/list: .*, 2 times"):
        Fetcher(sleep=naps, attempts=2).fetch("http://127.0.0.1:9/list", tmp_path / "list")


@pytest.mark.parametrize("address", ["http://prices.example/list", "ftp://127.0.0.1/x", "file:///etc/passwd", "prices.example"])
def test_prices_come_over_tls(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected an address that begins with https://"):
        Fetcher().fetch(address, tmp_path / "list")
