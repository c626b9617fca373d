"""Who stands for it: keys, checkpoints, proofs, sealed files, and checking what one was handed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tallystick.cli.options import AsJson, Folder, Roots, trust_in
from tallystick.terminal import answering, complain, many, show

if TYPE_CHECKING:
    from tallystick.evidence.keys import Signer

Key = Annotated[
    str,
    typer.Option("--key", metavar="NAME", help="Your key, as 'tallystick key' lists it.", show_default=False),
]
Keys = Annotated[
    Path | None,
    typer.Option("--keys", metavar="FOLDER", help="Where your keys lie, if not in your settings folder."),
]
Given = Annotated[
    str,
    typer.Option(
        "--key",
        metavar="PUB.pem",
        help="The public key that its holder gave you, or its fingerprint.",
        show_default=False,
    ),
]


def key(
    what: Annotated[
        Literal["new", "show"],
        typer.Argument(metavar="new|show", help="Make a key, or show its public half.", show_default=False),
    ],
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="What it is called.", show_default=False)
    ] = None,
    keys: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Make the key with which you sign, or show what others need to check your signatures.

    The private key is written for you alone, outside every case; its passphrase is asked for, or
    taken from TALLYSTICK_PASSPHRASE. Give others the public key, and tell them its fingerprint on
    another way: over the telephone, on paper. Whoever has the private key can sign as you: keep a
    copy offline, and make a new key if it is lost.

    \b
    Example:
      tallystick key new harrow
      tallystick key show harrow > harrow.pub.pem
      tallystick key show
    """
    with answering(as_json):
        from tallystick.errors import AskedWrongly
        from tallystick.evidence import keys as rack

        folder = keys or rack.default_folder()
        if what == "new":
            if name is None:
                raise AskedWrongly("say what the key is to be called: tallystick key new NAME")
            passphrase = _new_passphrase(name)
            made = rack.make(name, folder, passphrase)
            locked = (
                "with a passphrase"
                if passphrase
                else "without a passphrase: whoever reads it can sign as you"
            )
            lines = [
                f"private key: {folder / name}.pem, {locked}",
                f"public key:  {folder / name}.pub.pem, to be handed out",
                f"fingerprint: {made.fingerprint}",
            ]
            found = [made]
        elif name is None:
            found = rack.listed(folder)
            lines = [f"{each.fingerprint} {each.name}" for each in found]
            lines = lines or [f"no key in {folder}; 'tallystick key new NAME' makes one"]
        else:
            found = [rack.shown_key(name, folder)]
            lines = [f"{found[0].name}: {found[0].fingerprint}", found[0].pem.decode().rstrip()]
        told = [
            {"name": each.name, "fingerprint": each.fingerprint, "pem": each.pem.decode()} for each in found
        ]
    show({"folder": str(folder), "keys": told}, lines, as_json)


def checkpoint(
    case: Folder,
    key: Key,
    stamp: Annotated[
        str | None,
        typer.Option(
            "--stamp",
            metavar="URL",
            help="A time-stamp server (RFC 3161) to ask; it learns a digest and nothing else.",
        ),
    ] = None,
    roots: Roots = None,
    keys: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Sign how far the custody record has come: what stood in the case now cannot be changed unseen.

    Signed are the last event of the custody record, to which all before it are chained, and a
    Merkle root over the captures. Hand somebody the checkpoint and your public key: with them they
    can tell later whether anything up to this moment was changed or left out.

    \b
    Example:
      tallystick checkpoint case --key harrow
      tallystick checkpoint case --key harrow --stamp https://tsa.example.org/tsr --roots tsa-root.pem
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.signing import Stamper

        stamper = Stamper(stamp, trust_in(None, roots).roots) if stamp else None
        signer = signer_named(key, keys)
        with Case.open(case, write=True) as opened:
            signed, new = opened.checkpoint(signer, stamper)
        told = signed.checkpoint
        file = case / "checkpoints" / f"{told.number}.json"
    answer = {"case": str(case), "checkpoint": str(file), "new": new, "seq": told.seq, "chain": told.chain}
    answer |= {"root": told.captures_root, "key": told.key, "stamped": signed.stamp is not None}
    lines = [
        f"{file}: {many(told.seq, 'event')}, {many(told.counts['captures'], 'capture')}, signed with {key}"
        + (", stamped" if signed.stamp else "")
        + ("" if new else "; it stands already, and nothing came since")
    ]
    show(answer, lines, as_json)


def prove(
    case: Folder,
    report: Annotated[
        str, typer.Argument(metavar="REPORT", help="Its file, or its SHA-256.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write the proof.", show_default=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Prove that one report belongs to a signed checkpoint, without showing the others.

    The proof and the report are all that somebody needs who has your public key. From it they
    learn how many captures there are, and nothing of what is in them.

    \b
    Example:
      tallystick prove case statement.txt --out proof.json
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.errors import AskedWrongly

        with Case.open(case) as opened:
            proof = opened.prove(report)
        try:
            out.write_bytes(proof)
        except OSError as error:
            raise AskedWrongly(f"{out} cannot be written ({error.strerror}); name another place") from error
    show({"case": str(case), "proof": str(out)}, [f"proof: {out}"], as_json)


def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A proof, or a sealed file.", show_default=False)
    ],
    report: Annotated[
        Path | None,
        typer.Argument(metavar="[REPORT]", help="The report that the proof is of.", show_default=False),
    ] = None,
    *,
    key: Given,
    roots: Roots = None,
    as_json: AsJson = False,
) -> None:
    """Check what somebody handed you: a proof with its report, or a sealed file. Needs no case.

    \b
    Example:
      tallystick check proof.json statement.txt --key harrow.pub.pem
      tallystick check case.wacz --key harrow.pub.pem --roots tsa-root.pem
    """
    with answering(as_json):
        from tallystick import signing

        outcome = signing.check(file, report, trust_in(key, roots))
    answer = {"file": str(file), "holds": list(outcome.holds), "problems": list(outcome.fails)}
    show(answer, outcome.holds or [f"{many(len(outcome.fails), 'problem')} found"], as_json)
    if not as_json:
        complain(outcome.fails)
    if outcome.fails:
        raise typer.Exit(1)


def seal(
    case: Folder,
    out: Annotated[Path, typer.Argument(metavar="OUT.wacz", help="The file to write.", show_default=False)],
    key: Key,
    keys: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole case into one signed file (WACZ) that other tools open, too.

    In it are all captures as web archive records, the record as JSON lines, the ledger, the
    checkpoints and the public keys. Everything in it is open to whoever has it. Nothing that was
    expunged is in it.

    \b
    Example:
      tallystick seal case case.wacz --key harrow
    """
    with answering(as_json):
        from tallystick.case import Case

        signer = signer_named(key, keys)
        with Case.open(case, write=True) as opened:
            sealed = opened.seal(out, signer)
    answer = {"case": str(case), "sealed": str(out), "sha256": sealed.sha256, "captures": sealed.captures}
    answer |= {"expunged": sealed.gone, "key": signer.public.fingerprint}
    lines = [
        f"{out}: {many(sealed.captures, 'capture')}"
        + (f", {sealed.gone:,} of them expunged and not in it" if sealed.gone else "")
        + f", signed with {key}",
        f"sha256: {sealed.sha256}",
    ]
    show(answer, lines, as_json)


def signer_named(name: str, folder: Path | None) -> Signer:
    """The key of that name, unlocked; its passphrase is asked for where somebody can answer."""
    from tallystick.evidence import keys

    return keys.unlock(name, folder or keys.default_folder(), _passphrase)


def _passphrase(name: str) -> str | None:
    """Asks for it, where somebody can answer."""
    if not sys.stdin.isatty():
        return None
    told: str = typer.prompt(f"passphrase of the key {name}", hide_input=True, err=True)
    return told


def _new_passphrase(name: str) -> str | None:
    """The passphrase for a new key: none where none is given and nobody can be asked."""
    from tallystick.evidence.keys import PASSPHRASE

    told = os.environ.get(PASSPHRASE)
    if told is None and sys.stdin.isatty():
        told = typer.prompt(
            f"passphrase for the key {name} (empty for none)",
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt=True,
            err=True,
        )
    return told or None
