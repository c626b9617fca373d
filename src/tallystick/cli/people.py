"""Who may sign in at a desk for a team: made here first, then on the desk's page. Tokens for programs."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.errors import AskedWrongly
from tallystick.terminal import answering, show

if TYPE_CHECKING:
    from tallystick.web.people import People
    from tallystick.web.role import Role

_ACTIONS = (
    "list", "add", "role", "reset", "disable", "enable", "remove", "token", "tokens", "revoke",
)  # fmt: skip
_OF_TOKENS = ("token", "tokens", "revoke")
_OF_NOBODY = ("list", "tokens")  # actions that need no name


def people(
    action: Annotated[str, typer.Argument(metavar="ACTION", help=f"{', '.join(_ACTIONS)}.")] = "list",
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Whom it is about; a token's id, to revoke it.")
    ] = "",
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The people file; without it the one in your own data folder."),
    ] = None,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="reader, coder, senior, admin; or none, which takes it away.")
    ] = "",
    case: Annotated[
        str,
        typer.Option(metavar="NAME", help="In which case, by its name in the desk's addresses; else in all."),
    ] = "",
    ask_password: Annotated[
        bool,
        typer.Option(
            "--ask-password",
            help="Ask for the password here, and show the second factor, in place of a link.",
        ),
    ] = False,
    address: Annotated[
        str, typer.Option(metavar="URL", help="How browsers reach the desk, for the printed link.")
    ] = "",
    days: Annotated[int, typer.Option(metavar="N", help="How many days a token is good for.")] = 90,
    label: Annotated[
        str, typer.Option("--for", metavar="WORDS", help="What a token is for, to know it again.")
    ] = "",
) -> None:
    """Say who may sign in at a desk, and as what; make tokens for programs. The first admin is made here.

    add and reset print an address where the person sets a password and a second factor; it is good for
    72 hours, once. A name is never given to another person, for decisions are kept under it.

    token makes what a program shows to ask the desk in a person's name (docs/api.md), in one case or in all,
    in a role at most; it is shown once. tokens tells which there are, revoke ends one.

    \b
    Example:
      tallystick people add "A. Haddad" --role admin --address https://desk.example.org
      tallystick people add "B. Sayed" --role coder --case aleppo
      tallystick people role "B. Sayed" --role senior --case aleppo
      tallystick people reset "B. Sayed"
      tallystick people list
      tallystick people token "B. Sayed" --case aleppo --role reader --days 30 --for "weekly figures"
      tallystick people revoke tok-0123456789ab
    """
    with answering(False):
        from tallystick.web.people import opened
        from tallystick.web.peoplefile import default_file

        if action not in _ACTIONS:
            raise AskedWrongly(f"{action!r} is none of {', '.join(_ACTIONS)}")
        if action not in _OF_NOBODY and not name.strip():
            raise AskedWrongly(f"say who: tallystick people {action} NAME")
        held = opened(file or default_file(), make=action == "add")
        try:
            if action in _OF_TOKENS:
                lines = _tokens(held, action, name, _role(role), case, days, label)
            else:
                lines = _list(held) if action == "list" else _act(held, action, name, _role(role), case)
            if action in ("add", "reset"):
                lines += _enrol(held, name) if ask_password else _link(held, name, address)
        finally:
            held.file.close()
        show({}, lines, False)


def _role(word: str) -> Role | bool | None:
    """The role of that word; None for ``none``, False where none was named."""
    from tallystick.web.role import GIVEN, Role

    if word not in ("", "none", *(role.word for role in GIVEN)):
        raise AskedWrongly(f"{word!r} is none of {', '.join(role.word for role in GIVEN)} and none")
    return {"": False, "none": None}[word] if word in ("", "none") else Role[word.upper()]


def _list(held: People) -> list[str]:
    lines = []
    for person in held.everybody():
        roles = [f"{role.word} in {place or 'every case'}" for place, role in sorted(person.roles.items())]
        lines.append(f"{person.name}: {person.state}; {', '.join(roles) or 'no role'}")
    return lines or ["nobody yet"]


def _act(held: People, action: str, name: str, role: Role | bool | None, case: str) -> list[str]:
    by = f"{_login()} at the terminal"
    if action == "add":
        held.add(name, by=by)
    if action in ("add", "role"):
        if role is False and action == "role":
            raise AskedWrongly("say which role: --role coder")
        if not isinstance(role, bool):
            held.give(name, case, role, by=by)
    elif action == "disable":
        held.disable(name, by=by)
    elif action == "remove":
        held.disable(name, by=by, state="removed")
    elif action == "enable":
        held.enable(name, by=by)
    return [f"{action}: {name}, in {held.file.path}"]


def _tokens(
    held: People, action: str, name: str, role: Role | bool | None, case: str, days: int, label: str
) -> list[str]:
    """What is done with tokens, and what is told of them; the secret of one only when it is made."""
    from tallystick.web.tokens import Tokens, moment

    tokens, by, now = Tokens(held), f"{_login()} at the terminal", held.file.clock()
    if action == "revoke":
        gone = tokens.revoke(name, by=by)
        return [f"revoked: {gone.id} of {gone.person}; whatever shows it is refused from now on"]
    if action == "tokens":
        lines = [
            f"{one.id}: {one.person}, {one.role.word} in {one.place or 'every case'}, {one.state(now)}, "
            f"until {moment(one.ends)}, used {moment(one.used) if one.used else 'never'}"
            f"{f'; {one.label}' if one.label else ''}"
            for one in tokens.every(name)
        ]
        return lines or ["no token yet"]
    if isinstance(role, bool) or role is None:
        raise AskedWrongly("say what the token may do at most: --role reader")
    made, secret = tokens.make(name, case, role, days=days, label=label, by=by)
    return [
        f"Token {made.id}: {made.person}, {role.word} in {case or 'every case'}, until {moment(made.ends)}.",
        "Shown only now; whoever has it can do as much, in that name:",
        f"  {secret}",
    ]


def _login() -> str:
    from tallystick.cli.desk import login

    return login()


def _link(held: People, name: str, address: str) -> list[str]:
    token = held.invite(name, by=f"{_login()} at the terminal", last=True)
    base = address.rstrip("/") or "https://THE-DESK"
    return [
        "Give this address to the person, by a way that others do not read; it is good for 72 hours, once:",
        f"  {base}/invited/{token}",
    ]


def _enrol(held: People, name: str) -> list[str]:
    """Password and second factor at the terminal."""
    from tallystick.web import proofs

    token = held.invite(name, by=f"{_login()} at the terminal", last=True)
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if proofs.weak(password, name):
        raise AskedWrongly(
            f"a password has {proofs.SHORTEST} signs or more, and is not the name; "
            f"try again with: tallystick people reset {name!r} --ask-password"
        )
    here = secrets.token_urlsafe(32)
    held.take(token, here, password)
    invited = held.invited(token)
    assert invited is not None
    uri = proofs.enrolment(invited.secret, invited.name)
    print(proofs.drawn(uri))
    print(f"Scan this with an authenticator app, or type into it: {invited.secret}")
    codes = None
    while codes is None:
        codes = held.accept(token, here, typer.prompt("The code that the app shows"))
    return ["Recovery codes, each good once in place of the app; shown only now:", *(f"  {c}" for c in codes)]
