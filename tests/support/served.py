"""The portal behind a real socket on loopback, with TLS where a client insists on it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox.portal.core import Portal
from sandbox.server import make_app

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files of a certificate that only this test run trusts."""

    cert: Path
    key: Path


def self_made(folder: Path) -> Certificate:
    """A certificate for loopback, valid for an hour, its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pair = Certificate(folder / "cert.pem", folder / "key.pem")
    pair.cert.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pair.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return pair


@contextmanager
def served(portal: Portal, tls: Certificate | None = None) -> Iterator[str]:
    """Serves the portal in a thread, on a free port; gives its address."""
    sock = socket.socket()
    sock.bind((HOST, 0))
    portal.scheme = "https" if tls else "http"
    portal.faults.domain = f"{HOST}:{sock.getsockname()[1]}"
    files = {"ssl_certfile": str(tls.cert), "ssl_keyfile": str(tls.key)} if tls else {}
    # A client that keeps its connection open does not hold up the end of a test.
    config = uvicorn.Config(make_app(portal), log_level="critical", timeout_graceful_shutdown=1, **files)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([sock],))
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield portal.address
    finally:
        server.should_exit = True
        thread.join()
        sock.close()
