"""Which way a request takes: directly, or through the proxy that the environment names."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network

from msgspec import Struct

from modeltui.config import is_loopback


class Proxy(Struct, frozen=True):
    """A proxy and the variable that named it."""

    variable: str
    url: str

    def __repr__(self) -> str:
        return f"Proxy({self.variable})"


class Routes(Struct, frozen=True):
    """The proxies of one environment; loopback is always reached directly."""

    http: Proxy | None = None
    https: Proxy | None = None
    bypass: tuple[str, ...] = ()
    """Items of NO_PROXY: a host, a domain with all below it, `host:port`, an address range, or `*`."""

    def proxy_for(self, url: str, host: str, port: int | None) -> Proxy | None:
        """Tell through which proxy a URL is asked; `None` is directly."""
        proxy = self.https if url.startswith("https:") else self.http
        if proxy is None or is_loopback(url) or any(_covers(item, host, port) for item in self.bypass):
            return None
        return proxy


def routes_of(environ: Mapping[str, str]) -> Routes:
    """Read HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, of which the lower-case spelling wins."""
    bypass = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    return Routes(
        http=_proxy(environ, "http_proxy", "all_proxy"),
        https=_proxy(environ, "https_proxy", "all_proxy"),
        bypass=tuple(item.strip().lower() for item in bypass.split(",") if item.strip()),
    )


def _proxy(environ: Mapping[str, str], *names: str) -> Proxy | None:
    for name in names:
        for variable in (name, name.upper()):
            if stated := environ.get(variable, "").strip():
                return Proxy(variable, stated if "://" in stated else f"http://{stated}")
    return None


def _covers(item: str, host: str, port: int | None) -> bool:
    host = host.lower()
    if item == "*":
        return True
    if "/" in item:
        return _in_range(host, item)
    name, _, its_port = item.rpartition(":") if item.count(":") == 1 else (item, "", "")
    if its_port and its_port != str(port or ""):
        return False
    name = name.strip("[]").removeprefix("*").lstrip(".")
    return bool(name) and (host == name or host.endswith("." + name))


def _in_range(host: str, item: str) -> bool:
    try:
        return ip_address(host) in ip_network(item, strict=False)
    except ValueError:
        return False
