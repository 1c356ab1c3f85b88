"""The server that the other tests lean on."""

import urllib.request

from loopback import ThreadedLoopback


def test_the_threaded_server_serves_blocking_clients_and_remembers_them() -> None:
    with ThreadedLoopback() as server:
        server.json("/models", {"data": []}, etag='"1"')
        with urllib.request.urlopen(f"{server.url}/models?limit=5") as answered:  # noqa: S310  # our own server
            assert answered.read() == b'{"data": []}'
            assert answered.headers["ETag"] == '"1"'
    assert server.count("/models", "GET") == 1
    assert server.requests[0].query == {"limit": "5"}
