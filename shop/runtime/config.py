"""Every knob of a start, read and checked once, and the environment that children get."""

import hashlib
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from payments.localprovider.wallets.keys import provider_side, shop_settings, wallet_keys_make
from shop import env
from shop.env import WrongSettingError
from shop.runtime import ports

ROOT = Path(__file__).resolve().parent.parent.parent
OWN_ACCOUNT = {"ALIPAY": "ALIPAY_APP_ID", "WECHAT": "WECHAT_MCH_ID", "PAYPAL": "PAYPAL_CLIENT_ID"}
SOCKET_PATH_LIMIT = 90  # the kernel allows 107 bytes, PostgreSQL adds its own file name


@dataclass(frozen=True)
class Config:
    """What this start was asked for. An empty address means: start the embedded one."""

    data_dir: Path
    host: str
    port: int
    demo: str
    workers: int
    database_url: str
    redis_url: str
    worker_nice: int = 10  # a tenth of what a web process gets where both want all
    for_tests: bool = False  # a throw-away database that need not survive a power cut

    @property
    def run_dir(self) -> Path:
        return self.data_dir / "run"

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "logs"

    @property
    def socket_dir(self) -> Path:
        """A short folder of our own for PostgreSQL's socket, the same at each start.

        Not under DATA_DIR: that may lie deeper than the kernel lets a socket lie.
        """
        digest = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"storekeep-{os.geteuid()}-{digest}"
        if len(str(folder)) > SOCKET_PATH_LIMIT:
            folder = Path("/tmp") / folder.name  # noqa: S108 - made 0700 and its owner is checked
        return folder


def config_read(*, for_tests: bool = False) -> Config:
    """Read the environment. Raises ``WrongSettingError`` with the first thing that is wrong."""
    data_dir = env.path("DATA_DIR", ROOT / ".data").resolve()
    if for_tests:
        data_dir /= "test"
    return Config(
        data_dir=data_dir,
        host=env.text("HOST", "127.0.0.1"),
        port=env.number("PORT", 8000, low=1, high=65534),
        demo=env.choice("DEMO", ("small", "full", "none"), default="small"),
        workers=env.number("WEB_WORKERS", 2, low=1, high=64),
        worker_nice=env.number("WORKER_NICE", 10, low=0, high=19),
        database_url=_address("DATABASE_URL", ("postgresql", "postgres")),
        redis_url=_address("REDIS_URL", ("redis", "rediss", "unix")),
        for_tests=for_tests,
    )


def _address(name: str, schemes: tuple[str, ...]) -> str:
    return env.url(name, schemes=schemes) if env.text(name, "") else ""


def folders_make(config: Config) -> None:
    """Make the folders of this start, for our eyes only, or say why that cannot be."""
    try:
        for folder in (config.data_dir, config.run_dir, config.log_dir):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=config.run_dir):
            pass
    except OSError as error:
        raise WrongSettingError(
            f"DATA_DIR {config.data_dir} cannot be written ({error.strerror})."
        ) from None
    folder = config.socket_dir
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.geteuid():
        raise WrongSettingError(f"{folder} belongs to someone else; remove it or set TMPDIR.")
    folder.chmod(0o700)


def secrets_load(config: Config) -> dict[str, str]:
    """The passwords and keys of this DATA_DIR, made at the first start, readable by us alone."""
    file = config.data_dir / "secrets.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    made = {
        "secret_key": secrets.token_urlsafe(50),
        "postgres_admin": secrets.token_urlsafe(24),
        "postgres": secrets.token_urlsafe(24),
        "redis": secrets.token_urlsafe(24),
        "stripe_secret_key": f"sk_test_{secrets.token_hex(20)}",
        "stripe_webhook_secret": f"whsec_{secrets.token_hex(20)}",
    } | known
    if "wallets" not in made:
        made["wallets"] = json.dumps(wallet_keys_make())
    if made != known:
        private_write(file, json.dumps(made, indent=2) + "\n")
    return made


def private_write(file: Path, content: str) -> None:
    """Replace ``file`` in one step with content that only we can read."""
    fresh = file.with_name(file.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(content)
    fresh.replace(file)


def provider_port(config: Config) -> int:
    """The local payment provider's port: the one it had, else PORT + 1, else any free one.

    It is kept, because payments that are under way link to it.
    """
    kept = _kept_port(config)
    port = ports.first_free([kept, config.port + 1] if kept else [config.port + 1])
    (config.run_dir / "provider.port").write_text(str(port))
    return port


def _kept_port(config: Config) -> int | None:
    try:
        return int((config.run_dir / "provider.port").read_text())
    except (OSError, ValueError):
        return None


def child_environment(
    config: Config, *, database_url: str, redis_url: str, provider: int | None
) -> dict[str, str]:
    """The environment of every process of the shop. What the caller has set stays as it is."""
    keys = secrets_load(config)
    ours = {
        "SECRET_KEY": keys["secret_key"],
        "DEMO": config.demo,
        "PORT": str(config.port),
        "PYTHONUNBUFFERED": "1",
    }
    if uses_local_provider():
        provider = provider or _kept_port(config) or config.port + 1
        wallets = json.loads(keys["wallets"])
        ours |= {
            "STRIPE_API_BASE": f"http://127.0.0.1:{provider}",
            "STRIPE_SECRET_KEY": keys["stripe_secret_key"],
            "STRIPE_WEBHOOK_SECRET": keys["stripe_webhook_secret"],
            "PARCELWAY_API_BASE": f"http://127.0.0.1:{provider}/carriers",
            "PARCELWAY_KEY": keys["stripe_secret_key"],  # the box's own, for all that it plays
            "PARCELWAY_SECRET": keys["stripe_webhook_secret"],
            "LOCALPROVIDER_WALLETS": json.dumps(provider_side(wallets)),
            **_wallets_left(shop_settings(wallets, f"http://127.0.0.1:{provider}")),
            "PAYMENT_PROVIDER_PUBLIC_URL": f"http://127.0.0.1:{provider}",
        }
        if config.demo != "none" and not config.for_tests:
            ours["CAPTURE_AT_SHIPMENT"] = "paypal"  # so that the demo shows both ways
    given = {name: value for name, value in os.environ.items() if value}
    decided = {
        "DATA_DIR": str(config.data_dir),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
    }
    return ours | given | decided


def _wallets_left(ours: dict[str, str]) -> dict[str, str]:
    """Settings of the wallets that the caller has no account of their own for."""
    return {
        name: text
        for name, text in ours.items()
        if not env.text(OWN_ACCOUNT[name.partition("_")[0]], "")
    }


def uses_local_provider() -> bool:
    """Whether payments go to the provider in the box: unless Stripe's own key is given."""
    return not env.text("STRIPE_SECRET_KEY", "")
