"""The process behind a connection, in tables such as Linux's own."""

from pathlib import Path

import pytest

from provisioner.errors import SandboxError
from provisioner.sandbox import peer

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:C9F6 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 55 1 0000000000000000 20 4 30 10 -1
"""


@pytest.fixture(autouse=True)
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "table").write_text(TABLE)
    monkeypatch.setattr(peer, "PROCESSES", tmp_path)
    monkeypatch.setattr(peer, "TABLE", tmp_path / "table")
    return tmp_path


def test_a_file_that_is_closed_meanwhile_hides_no_other(tables: Path) -> None:
    files = tables / "7" / "fd"
    files.mkdir(parents=True)
    for number in (*range(50), *range(51, 99)):
        (files / str(number)).touch()  # no link: not readable as one, as a file that is gone
    (files / "50").symlink_to("socket:[55]")
    assert peer.find_process("ipv4:127.0.0.1:51702") == 7


def test_a_connection_of_nobody(tables: Path) -> None:
    with pytest.raises(SandboxError, match="no process holds the connection from ipv4"):
        peer.find_process("ipv4:127.0.0.1:51703")
