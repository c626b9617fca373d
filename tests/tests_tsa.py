"""A time-stamp server of our own: OpenSSL behind a small HTTP server, honest or not."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SETTINGS = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = A root for tests
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[stamper]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[nobody]
basicConstraints = CA:FALSE
[tsa]
default_tsa = plain
"""
STAMPER = """
[{name}]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""

Answer = Callable[[bytes], bytes]


class Authority:
    """A root and a stamper below it, in a folder; ``roots`` is what a person would trust."""

    def __init__(self, folder: Path, name: str = "one") -> None:
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self.roots = self.folder / "roots.pem"
        plain, chain = (STAMPER.format(name=section, folder=self.folder) for section in ("plain", "chain"))
        settings = f"{SETTINGS}{plain}{chain}certs = {self.roots}\n"  # with ``chain`` the root comes along
        (self.folder / "settings").write_text(settings, encoding="utf-8")
        (self.folder / "serial").write_text("01\n", encoding="ascii")
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "settings")
        self._openssl("req", "-x509", *new, "-keyout", "root.key", "-out", "roots.pem", "-days", "30",
                      "-extensions", "root")  # fmt: skip
        self._openssl("req", *new, "-subj", "/CN=A stamper", "-keyout", "tsa.key", "-out", "tsa.csr")
        self._openssl("x509", "-req", "-in", "tsa.csr", "-CA", "roots.pem", "-CAkey", "root.key", "-days", "30",
                      "-CAcreateserial", "-extfile", "settings", "-extensions", "stamper", "-out", "tsa.pem")  # fmt: skip

    def reply(self, query: bytes, section: str = "plain") -> bytes:
        """What OpenSSL answers to a request."""
        (self.folder / "query").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "settings", "-section", section, "-queryfile", "query",
                      "-out", "reply")  # fmt: skip
        return (self.folder / "reply").read_bytes()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)


@contextmanager
def serving(
    answer: Answer, *, kind: str = "application/timestamp-reply", status: int = 200, slow: float = 0.0
) -> Iterator[str]:
    """The address of a server that gives ``answer`` to each request; ``slow`` seconds for each byte."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for at in range(0, len(body), step := 1 if slow else 1 << 16):
                    self.wfile.write(body[at : at + step])
                    time.sleep(slow)
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
