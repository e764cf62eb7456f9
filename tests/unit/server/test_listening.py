"""Where the server listens."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from trad.errors import InputError
from trad.server.listening import AddressNote, Listener, listen


@pytest.fixture
def free() -> Iterator[Listener]:
    listener = listen("127.0.0.1", 0, secure=False)
    with listener.socket:
        yield listener


def test_any_free_port_is_found_and_told(free: Listener) -> None:
    assert free.port > 0
    assert free.url == f"http://127.0.0.1:{free.port}"
    assert free.is_loopback
    assert not free.is_wildcard
    socket.create_connection((free.address, free.port), 5).close()


def test_a_port_in_use_is_refused_with_another_one(free: Listener) -> None:
    with pytest.raises(
        InputError, match=rf"port {free.port} of 127.0.0.1 is in use, .* --port 0 for any free"
    ):
        listen("127.0.0.1", free.port, secure=False)


def test_a_port_is_free_again_at_once_after_its_server(free: Listener) -> None:
    with socket.create_connection((free.address, free.port), 5) as client:
        free.socket.setblocking(True)
        server_side, _ = free.socket.accept()
        server_side.close()
        free.socket.close()
        client.recv(1)
    again = listen("127.0.0.1", free.port, secure=False)
    again.socket.close()


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "a" * 70, "..", "300.1.1.1"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(InputError, match="is an address of this machine"):
        listen(host, 0, secure=False)


@pytest.mark.parametrize(
    ("address", "secure", "url"),
    [
        ("127.0.0.1", False, "http://127.0.0.1:8400"),
        ("127.0.0.1", True, "https://127.0.0.1:8400"),
        ("0.0.0.0", False, "http://127.0.0.1:8400"),
        ("::", False, "http://127.0.0.1:8400"),
        ("::1", False, "http://[::1]:8400"),
        ("192.0.2.7", True, "https://192.0.2.7:8400"),
    ],
)
def test_the_address_for_a_browser(address: str, secure: bool, url: str) -> None:
    with socket.socket() as unused:
        listener = Listener(socket=unused, address=address, port=8400, secure=secure)
        assert listener.url == url
        assert listener.is_loopback is (address in ("127.0.0.1", "::1"))


def test_the_note_leads_to_the_server_that_runs(tmp_path: Path, free: Listener) -> None:
    note = AddressNote(tmp_path)
    note.write(free.url)
    assert AddressNote(tmp_path).read() == free.url
    note.remove(free.url)
    with pytest.raises(InputError, match=r"no server of .* runs on this machine; start one: trad serve"):
        note.read()


@pytest.mark.parametrize(
    "content", ["", "http://127.0.0.1", "nonsense", "http://[", "http://127.0.0.1:x", "\xff"]
)
def test_a_note_that_leads_nowhere_is_no_server(tmp_path: Path, content: str) -> None:
    (tmp_path / "server").write_text(content, encoding="latin-1")
    with pytest.raises(InputError, match="no server of"):
        AddressNote(tmp_path).read()


def test_a_note_of_a_server_that_was_killed_is_no_server(tmp_path: Path, free: Listener) -> None:
    note = AddressNote(tmp_path)
    note.write(free.url)
    free.socket.close()
    with pytest.raises(InputError, match="no server of"):
        note.read()


def test_a_note_of_a_later_server_stays(tmp_path: Path) -> None:
    note = AddressNote(tmp_path)
    note.write("http://127.0.0.1:2")
    note.remove("http://127.0.0.1:1")
    assert (tmp_path / "server").exists()
