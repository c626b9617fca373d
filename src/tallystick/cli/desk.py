"""The review desk: a server of pages, for one person or for a team."""

from __future__ import annotations

import ipaddress
import secrets
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.errors import AskedWrongly
from tallystick.terminal import answering, show

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from tallystick.desk import Desk
    from tallystick.web.doors import Door

PORT = 8734
Cases = Annotated[list[Path], typer.Argument(metavar="CASE…", help="Case folders.", show_default=False)]


def desk(
    cases: Cases,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = PORT,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen at.")] = "127.0.0.1",
    hostname: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name under which browsers know the desk; again for more."),
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Who may sign in ('tallystick people'); without it one person alone."
        ),
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="NAME", help="The name of that one person, kept with each decision.")
    ] = "",
    no_key: Annotated[
        bool, typer.Option("--no-key", help="Let in whoever reaches the port, without the one-time key.")
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    tls_cert: Annotated[
        Path | None, typer.Option(metavar="PEM", help="Certificate chain, for https.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="PEM", help="Its private key.")] = None,
    behind_proxy: Annotated[
        bool,
        typer.Option("--behind-proxy", help="A proxy on this machine speaks https and tells who asks."),
    ] = False,
    tiles: Annotated[
        bool,
        typer.Option("--tiles", help="Let maps ask the servers for pictures that case.toml names."),
    ] = False,
) -> None:
    """Open the review desk: pages on which people look at cases, and decide.

    Alone, on this machine: it needs no signing in, and the printed address opens it once, for one browser.
    For a team give --people, a certificate or a proxy, and the name that browsers know (docs/desk.md).
    Ctrl-C stops it; what was decided is stored at once.

    \b
    Example:
      tallystick desk case --by "A. Haddad"
      tallystick desk case --people people.sqlite --host 0.0.0.0 --hostname desk.example.org \\
        --tls-cert cert.pem --tls-key key.pem
    """
    with answering(False), ExitStack() as stack:
        from tallystick.web.app import make

        local = _is_loopback(host)
        _refuse_open_doors(local, people, tls_cert, tls_key, behind_proxy, hostname, no_key)
        opened = _opened(cases, stack)
        listening = stack.enter_context(_listening(host, port))
        port = listening.getsockname()[1]
        scheme = "https" if tls_cert else "http"
        shown = hostname[0] if hostname else host
        address = f"{scheme}://{f'[{shown}]' if ':' in shown else shown}:{port}/"
        key = None if people or no_key else secrets.token_urlsafe(24)
        door = _door(people, by, key, opened, stack)
        own = () if host in ("0.0.0.0", "::") else (host,)  # noqa: S104 - no browser asks for "anywhere"
        names = {*(hostname or ()), *own, *(("localhost", "127.0.0.1", "::1") if local else ())}
        first = f"{address}enter/{key}" if key else address
        show({}, _told(opened, first, key is not None, bool(people)), False)
        if local and not no_browser and people is None:
            _show(first, stack)
        app = make(opened, door, hosts=names, tiles=tiles)
        _serve(app, listening, tls_cert, tls_key, behind_proxy)
        show({}, ["The desk is closed. All that was decided is stored."], False)


def _show(address: str, stack: ExitStack) -> None:
    """Open a browser there, by way of a page that this user alone can read: all can see command lines."""
    import tempfile
    import webbrowser

    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tallystick-"))
    page = Path(folder) / "desk.html"
    page.write_text(f'<meta http-equiv="refresh" content="0; url={escape(address)}">', encoding="utf-8")
    webbrowser.open(page.as_uri())


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_open_doors(
    local: bool,
    people: Path | None,
    cert: Path | None,
    key: Path | None,
    behind_proxy: bool,
    hostname: list[str] | None,
    no_key: bool,
) -> None:
    """Raises ``AskedWrongly`` for a desk that strangers could enter, or listen to."""
    if (cert is None) != (key is None):
        raise AskedWrongly("https takes both --tls-cert and --tls-key")
    if cert is not None:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
        except OSError as error:
            raise AskedWrongly(f"{cert} and {key} are no certificate with its key ({error})") from error
    if people is not None and no_key:
        raise AskedWrongly("--no-key is for one person alone; with --people everybody signs in")
    if (not local or behind_proxy) and people is None:
        raise AskedWrongly(
            "other machines could reach the desk, and without --people anyone there could read the case and "
            "decide in it; give --people FILE (made by 'tallystick people'), or listen at 127.0.0.1"
        )
    if not local and cert is None and not behind_proxy:
        raise AskedWrongly(
            "without https others in the network read passwords and cases as they pass; give --tls-cert and "
            "--tls-key, or --behind-proxy where a proxy speaks https"
        )
    if (not local or behind_proxy) and not hostname:
        raise AskedWrongly(
            "say under which name browsers ask for the desk: --hostname desk.example.org; requests under any "
            "other are refused"
        )


def _opened(folders: list[Path], stack: ExitStack) -> dict[str, Desk]:
    """Each case under a name for addresses: its folder's, with a number where two are called the same."""
    from tallystick.web.opened import key_of, opened

    out: dict[str, Desk] = {}
    for folder in folders:
        key = key_of(folder, out)
        out[key] = desk = opened(folder)
        stack.callback(desk.case.close)
        stack.callback(desk.close)
    return out


def _door(people: Path | None, by: str, key: str | None, opened: dict[str, Desk], stack: ExitStack) -> Door:
    """Who is let in; roles of people are held to the very cases, and written into them."""
    from tallystick.web.doors import Alone

    if people is None:
        return Alone(by.strip() or login(), key)
    from tallystick.web import people as those
    from tallystick.web.sessions import Team

    held = those.opened(people)
    stack.callback(held.file.close)
    for name, each in opened.items():
        held.bind(name, each.case.began)
        those.reconcile(each.case, name, held, by=f"{login()} at the terminal")
    return Team(held)


def login() -> str:
    """The name of the login, where no other was given."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise AskedWrongly("this login has no name; say who decides: --by NAME") from error


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens; raises ``AskedWrongly`` where the port is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(128)
        except OSError as error:
            raise AskedWrongly(
                f"the desk cannot listen at {host}, port {port} ({error.strerror}); is one open already? "
                "Take another with --port, or --port 0 for a free one"
            ) from error
        yield listening


def _told(opened: dict[str, Desk], first: str, once: bool, team: bool) -> Iterator[str]:
    yield f"The desk is open for {', '.join(each.case.name for each in opened.values())}:"
    yield f"  {first}"
    if once:
        yield "This address works once: the browser that opens it is let in, and no other."
    elif team:
        yield "Who has a name in the people file signs in there; 'tallystick people' adds others."
    yield "Ctrl-C closes it."


def _serve(
    app: Starlette, listening: socket.socket, cert: Path | None, key: Path | None, behind_proxy: bool
) -> None:
    """Answer until Ctrl-C."""
    import uvicorn

    settings = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        ssl_certfile=cert,
        ssl_keyfile=key,
        proxy_headers=behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64_000,
        lifespan="off",
    )
    with suppress(KeyboardInterrupt):  # what Ctrl-C leaves once everything is closed
        uvicorn.Server(settings).run(sockets=[listening])
