"""Proxies and certificates: what the environment says is honoured, and what it gets wrong is one plain sentence."""

import shutil
import ssl
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from loopback import Loopback, Reply, hang
from modeltui.secret import Secret
from modeltui.service.asking import Timing
from modeltui.service.fetch import Fetched, FetchFailed, FetchRequest, NotModified, fetch, open_client
from modeltui.service.routes import routes_of

KEY = "sk-canary-Q7w8E9r0T1y2U3i4O5p6-LAST"


async def ask(url: str, environ: Mapping[str, str]) -> Fetched | NotModified | FetchFailed:
    headers = {"X-Api-Key": Secret(KEY)} if url.startswith("https") else {}
    asked = FetchRequest(source="sample/models", url=url, headers=headers, timeout_s=9.0)
    async with open_client(environ) as client:
        return await fetch(client, asked, timing=Timing(chance=lambda: 0.0))


# ------------------------------------------------------------------------------------------- proxies


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
async def test_a_proxy_is_asked_for_hosts_elsewhere(server: Loopback, name: str) -> None:
    server.json("http://models.example/v1", {"data": [{"id": "a"}]})
    answered = await ask("http://models.example/v1", {name: server.url})
    assert isinstance(answered, Fetched)


async def test_loopback_never_goes_through_a_proxy(server: Loopback, foreign: Loopback) -> None:
    server.json("/v1", {"data": [{"id": "a"}]})
    answered = await ask(f"{server.url}/v1", {"HTTP_PROXY": foreign.url, "ALL_PROXY": foreign.url})
    assert isinstance(answered, Fetched)
    assert foreign.connections == 0


async def test_a_proxy_that_refuses_a_tunnel_sees_no_key(server: Loopback) -> None:
    answered = await ask("https://models.example/v1", {"HTTPS_PROXY": server.url})
    assert isinstance(answered, FetchFailed)
    assert answered.message == "unreachable: the proxy refused"
    assert not server.saw("canary")


@pytest.mark.parametrize(
    "value",
    [
        "http://[::1",
        "ftp://proxy:1",
        "http://user:canary@host:port",
        "socks5://127.0.0.1:1",
        "http://a b",
        "127.0.0.1:1",
    ],
)
async def test_a_proxy_that_cannot_be_used_is_named_by_its_variable(server: Loopback, value: str) -> None:
    answered = await ask("https://models.example/v1", {"HTTPS_PROXY": value})
    assert isinstance(answered, FetchFailed)
    assert "canary" not in answered.message + answered.hint
    assert "HTTPS_PROXY" in answered.message
    server.json("/v1", {"data": [{"id": "a"}]})
    assert isinstance(await ask(f"{server.url}/v1", {"HTTPS_PROXY": value, "HTTP_PROXY": value}), Fetched)


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("*", "a.example", True),
        ("a.example", "a.example", True),
        ("a.example", "b.a.example", True),
        (".a.example", "b.a.example", True),
        ("*.a.example", "b.a.example", True),
        ("a.example", "nota.example", False),
        ("A.Example , x", "a.example", True),
        ("a.example:443", "a.example", True),
        ("a.example:80", "a.example", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/99", "10.1.2.3", False),
        ("[::1", "a.example", False),
        ("fd00::/8", "fd12::1", True),
        (",,", "a.example", False),
        ("", "a.example", False),
    ],
)
def test_no_proxy_is_read_as_other_tools_read_it(no_proxy: str, host: str, *, direct: bool) -> None:
    routes = routes_of({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": no_proxy})
    assert (routes.proxy_for(f"https://{host}/v1", host, 443) is None) is direct
    assert "3128" not in repr(routes)


# ------------------------------------------------------------------------------------------- certificates


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_a_certificate_file_that_cannot_be_read_is_named(server: Loopback, tmp_path: Path, variable: str) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    server.json("/v1", {"data": [{"id": "a"}]})
    paths = [str(tmp_path / "absent.pem"), str(tmp_path / "empty.pem")] if variable == "SSL_CERT_FILE" else []
    for path in paths:
        answered = await ask("https://127.0.0.1:9/v1", {variable: path})
        assert isinstance(answered, FetchFailed)
        assert answered.message.startswith(f"TLS problem: {variable}: no ")
        assert isinstance(await ask(f"{server.url}/v1", {variable: path}), Fetched)


OPENSSL = shutil.which("openssl") or ""


def certificate(folder: Path, *, alt: str, start: str = "20200101000000Z", end: str = "20991231235959Z") -> Path:
    """Issue a certificate for one name, valid between two instants; its key stands in the same file."""
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01")
    (folder / "ca.cnf").write_text(
        "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\n"
        "policy=any\nunique_subject=no\n[any]\ncommonName=supplied\n"
        f"[ext]\nsubjectAltName={alt}\nbasicConstraints=CA:TRUE\n"
    )
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem"]
    for command in (
        ["req", *key, "-subj", "/CN=test", "-out", "request.pem"],
        ["ca", "-batch", "-selfsign", "-config", "ca.cnf", "-extensions", "ext", "-keyfile", "key.pem",
         "-in", "request.pem", "-startdate", start, "-enddate", end, "-notext", "-out", "cert.pem"],
    ):  # fmt: skip
        subprocess.run([OPENSSL, *command], cwd=folder, check=True, capture_output=True)  # noqa: S603  # our own words
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return both


async def over_tls(pem: Path, *, trusted: bool) -> tuple[Fetched | NotModified | FetchFailed, Loopback]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    async with await Loopback.start(tls=context) as server:
        server.json("/v1", {"data": [{"id": "a"}]})
        environ = {"SSL_CERT_FILE": str(pem.with_name("cert.pem"))} if trusted else {}
        return await ask(f"{server.url}/v1", environ), server


@pytest.mark.skipif(not OPENSSL, reason="needs openssl to make certificates")
async def test_a_certificate_of_a_known_issuer_is_accepted(tmp_path: Path) -> None:
    answered, server = await over_tls(certificate(tmp_path, alt="IP:127.0.0.1"), trusted=True)
    assert isinstance(answered, Fetched)
    assert server.count() == 1


@pytest.mark.skipif(not OPENSSL, reason="needs openssl to make certificates")
@pytest.mark.parametrize(
    ("made", "trusted", "message"),
    [
        ({"alt": "IP:127.0.0.1"}, False, "comes from an unknown issuer"),
        ({"alt": "DNS:other.example"}, True, "shows a certificate of another host"),
        ({"alt": "IP:127.0.0.1", "end": "20210101000000Z"}, True, "has expired"),
        ({"alt": "IP:127.0.0.1", "start": "20980101000000Z"}, True, "is not valid yet"),
    ],
)
async def test_a_bad_certificate_is_told_apart_and_nothing_is_sent(
    tmp_path: Path, made: dict[str, str], message: str, *, trusted: bool
) -> None:
    answered, server = await over_tls(certificate(tmp_path, **made), trusted=trusted)
    assert isinstance(answered, FetchFailed)
    assert answered.word == "TLS problem"
    assert message in answered.message
    assert answered.hint
    assert server.requests == []


async def test_a_server_with_an_old_tls_is_told_apart(server: Loopback) -> None:
    async def alert(reply: Reply) -> None:
        await reply.send(b"\x15\x03\x01\x00\x02\x02\x46")

    server.on_connect = alert
    answered = await ask(server.url.replace("http:", "https:"), {})
    assert isinstance(answered, FetchFailed)
    assert answered.message == "TLS problem: 127.0.0.1 speaks only a TLS that is too old"


async def test_a_server_without_tls_is_told_apart(server: Loopback) -> None:
    async def plain(reply: Reply) -> None:
        await reply.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server.on_connect = plain
    server.route("/v1", hang())
    answered = await ask(server.url.replace("http:", "https:"), {})
    assert isinstance(answered, FetchFailed)
    assert answered.message == "TLS problem: 127.0.0.1 does not speak TLS on this port"
    assert server.requests == []
