import socket

import pytest

from ircal.errors import IrcalError
from ircal.web import listen


def test_a_port_in_use_is_said_so() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(IrcalError) as raised:
            listen("127.0.0.1", port)
    assert raised.value.message == f"Port {port} on 127.0.0.1 is in use."
    assert raised.value.remedy == "Stop the program that uses it, or choose another port with IRCAL_HTTP__PORT."


def test_an_address_of_another_machine() -> None:
    with pytest.raises(IrcalError) as raised:
        listen("192.0.2.1", 0)
    assert raised.value.message == "Port 0 on 192.0.2.1 cannot be listened on: Cannot assign requested address."
    assert raised.value.remedy == "Set IRCAL_HTTP__HOST to an address of this machine, or to 127.0.0.1."


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_free_port(host: str) -> None:
    with listen(host, 0) as listener, socket.create_connection(listener.getsockname()[:2], timeout=10) as connection:
        assert connection.getpeername()[1] == listener.getsockname()[1]


def test_the_end_of_an_answer_does_not_wait_for_the_client_to_acknowledge_its_beginning() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname(), timeout=10):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
