"""``python -m payments.localprovider``: run the provider until it is told to stop."""

import sqlite3
import sys

import uvicorn

from payments.localprovider.app import app_build
from payments.localprovider.config import config_read
from payments.localprovider.core import Provider
from payments.localprovider.store import Store


def main() -> None:
    config = config_read()
    config.data.parent.mkdir(parents=True, exist_ok=True)
    try:
        store = Store(config.data)
    except sqlite3.Error as error:
        sys.exit(f"{config.data} cannot be used ({error}); is another provider running on it?")
    try:
        uvicorn.run(
            app_build(Provider(config=config, store=store)),
            host=config.host,
            port=config.port,
            http="auto",  # httptools and uvloop, where there are such
            loop="auto",
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            # Behind a proxy the control interface must see the proxy, not what it claims.
            proxy_headers=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
    finally:
        store.close()


if __name__ == "__main__":
    main()
