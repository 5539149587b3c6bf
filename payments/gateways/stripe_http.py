"""How Stripe is asked: over connections that a process keeps open, by the pool that `requests` sits on.

`requests` looks for proxies, passwords and certificates in the environment for every single call, which
takes longer than the call. Here that is done once. Retries and what they sleep are the library's.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe
import urllib3
from requests.utils import get_auth_from_url, get_environ_proxies, select_proxy

CONNECTIONS = 16  # kept open; more threads than that open one for themselves


class PooledClient(stripe.HTTPClient):
    """Stripe's transport. ``address``: the only host that it asks; ``timeout``: seconds for each wait."""

    name = "urllib3"

    def __init__(self, *, address: str, timeout: float) -> None:
        super().__init__()
        self.timeout = urllib3.Timeout(connect=timeout, read=timeout)
        self.pool = _pool(address)
        parts = urlsplit(address)
        self.origin = f"{parts.scheme}://{parts.netloc}/"
        is_straight = not isinstance(self.pool, urllib3.ProxyManager)
        # The only host's own pool, so that it is not looked for by each call.
        self.straight = self.pool.connection_from_url(address) if is_straight else None

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_usage: Any,
    ) -> tuple[Any, int, Mapping[str, str]]:
        """One try. Raises ``APIConnectionError``, which says whether another one is worth it."""
        pool: urllib3.PoolManager | urllib3.HTTPConnectionPool = self.pool
        if self.straight is not None and url.startswith(self.origin):
            pool, url = self.straight, url[len(self.origin) - 1 :]
        try:
            answer = pool.urlopen(
                method.upper(),
                url,
                body=post_data,
                headers=headers or {},
                timeout=self.timeout,
                retries=False,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            is_certificate = isinstance(error, urllib3.exceptions.SSLError)
            raise stripe.APIConnectionError(
                f"{type(error).__name__}: {error}", should_retry=not is_certificate
            ) from error
        return answer.data, answer.status, answer.headers

    def close(self) -> None:
        self.pool.clear()


def _pool(address: str) -> urllib3.PoolManager:
    """Straight to the provider, or through the proxy that the environment names for it."""
    kept: dict[str, Any] = {"maxsize": CONNECTIONS, "ca_certs": stripe.ca_bundle_path}
    proxy = select_proxy(address, get_environ_proxies(address))
    if not proxy:
        return urllib3.PoolManager(**kept)
    who = ":".join(get_auth_from_url(proxy))
    heads = urllib3.make_headers(proxy_basic_auth=who) if who != ":" else None
    return urllib3.ProxyManager(proxy, proxy_headers=heads, **kept)
