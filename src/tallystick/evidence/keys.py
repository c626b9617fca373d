"""Ed25519 keys: private ones in the user's own folder, public ones wherever somebody is to check.

    keys/NAME.pem        the private key, PKCS#8 in PEM, read by its owner alone; with a passphrase or without
    keys/NAME.pub.pem    the public key, to be handed out

A private key never lies in a case: who is given the case must not be able to sign for its keeper.
A key is known by its fingerprint, the SHA-256 of the public key's DER form (SubjectPublicKeyInfo):
``openssl pkey -pubin -in NAME.pub.pem -outform DER | sha256sum``.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tallystick.errors import AskedWrongly
from tallystick.evidence import opening
from tallystick.evidence.media import shown
from tallystick.evidence.placing import write_new

PASSPHRASE = "TALLYSTICK_PASSPHRASE"  # noqa: S105 - the name of the variable
KEY_LIMIT = 100_000  # bytes; a key file has a few hundred
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

Ask = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One who may have signed: the key, and what people call it."""

    name: str
    key: Ed25519PublicKey

    @property
    def der(self) -> bytes:
        return self.key.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)

    @property
    def pem(self) -> bytes:
        return self.key.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)

    def __str__(self) -> str:
        return f"{self.name} ({self.fingerprint[:16]}…)"

    @property
    def fingerprint(self) -> str:
        """64 hexadecimal digits."""
        return hashlib.sha256(self.der).hexdigest()

    def signed(self, signature: bytes, message: bytes) -> bool:
        """Whether the holder of the private key signed exactly these bytes."""
        try:
            self.key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, opened."""

    name: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self.key.public_key())

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes that ``openssl pkeyutl -verify -rawin`` takes."""
        return self.key.sign(message)


@dataclass(frozen=True, slots=True)
class Given:
    """Whom a person said to believe: a fingerprint, and the key itself where they have it."""

    fingerprint: str
    key: PublicKey | None

    def __str__(self) -> str:
        return f"the key that was given ({self.fingerprint[:16]}…)"


def default_folder() -> Path:
    """Where this user's private keys lie: ``tallystick/keys`` in the folder for settings."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "tallystick" / "keys"


def is_case(folder: Path) -> bool:
    """Whether a folder is that of a case, whose ledger may lie on a server."""
    return (folder / "ledger.sqlite").exists() or (
        (folder / "case.toml").exists() and (folder / "captures").is_dir()
    )


def make(name: str, folder: Path, passphrase: str | None = None) -> PublicKey:
    """A new key called ``name``, written into ``folder``; what is public of it.

    Raises ``AskedWrongly`` for a name that is no file name, a key that is there already, a folder
    within a case, or one that cannot be written to.
    """
    place = _place(name, folder)
    if any(is_case(above) for above in [folder, *folder.resolve().parents]):
        raise AskedWrongly(
            f"{shown(folder)} is within a case, and a private key never lies in a case: "
            "whoever is given the case could sign with it; name another folder"
        )
    signer = Signer(name, Ed25519PrivateKey.generate())
    lock: form.KeySerializationEncryption = form.NoEncryption()
    if passphrase:
        lock = form.BestAvailableEncryption(passphrase.encode())
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_new(place, signer.key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, lock), 0o600)
        write_new(_public_place(place), signer.public.pem, 0o644)
    except FileExistsError as error:
        raise AskedWrongly(
            f"there is a key {name!r} in {shown(folder)} already; a key is never written over: name another"
        ) from error
    except OSError as error:
        raise AskedWrongly(
            f"{shown(folder)} cannot be written to ({error.strerror}); name another folder for the key"
        ) from error
    return signer.public


def unlock(name: str, folder: Path, ask: Ask = lambda name: None) -> Signer:
    """The private key called ``name`` in ``folder``.

    Its passphrase, where it has one, is taken from the variable ``TALLYSTICK_PASSPHRASE``, else
    from ``ask``, which is given the key's name. Raises ``AskedWrongly`` where there is no such
    key, others can read it, it is no Ed25519 key, or the passphrase is missing or wrong.
    """
    place = _place(name, folder)
    stored = _stored(place, f"'tallystick key new {name}' makes one")
    if os.name == "posix" and place.stat().st_mode & 0o077:
        raise AskedWrongly(f"{shown(place)} can be read by others; make it yours alone: chmod 600 {place}")
    try:
        try:
            key = form.load_pem_private_key(stored, None)
        except TypeError:  # it is locked
            passphrase = os.environ.get(PASSPHRASE) or ask(name)
            if not passphrase:
                raise AskedWrongly(
                    f"the key {name!r} has a passphrase; give it in the variable {PASSPHRASE}"
                ) from None
            key = form.load_pem_private_key(stored, passphrase.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise AskedWrongly(
            f"{shown(place)} cannot be opened: it is no private key, or the passphrase is not the right one"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise AskedWrongly(f"{shown(place)} is no Ed25519 key; 'tallystick key new' makes one")
    return Signer(name, key)


def listed(folder: Path) -> list[PublicKey]:
    """The public keys that stand beside the private ones in ``folder``, by name."""
    found = sorted(folder.glob("*.pub.pem"))
    return [public(path.read_bytes(), path.name.removesuffix(".pub.pem"), shown(path)) for path in found]


def shown_key(name: str, folder: Path) -> PublicKey:
    """What is public of the key called ``name``; needs no passphrase."""
    place = _public_place(_place(name, folder))
    return public(_stored(place, f"'tallystick key new {name}' makes one"), name, shown(place))


def given(told: str) -> Given:
    """Whom a person names by ``told``: the file of a public key, or a fingerprint.

    Raises ``AskedWrongly`` for what is neither.
    """
    if FINGERPRINT.fullmatch(told.lower()):
        return Given(told.lower(), None)
    found = in_file(Path(told))
    return Given(found.fingerprint, found)


def in_file(path: Path) -> PublicKey:
    """The public key in the file ``path``, called by the file's name."""
    name = path.name.removesuffix(".pem").removesuffix(".pub")
    return public(_stored(path, "give the file that its holder sent you"), name, shown(path))


def public(pem: bytes, name: str, where: str) -> PublicKey:
    """The public key written in ``pem``; ``where`` names it in the message of ``AskedWrongly``."""
    try:
        key = form.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise AskedWrongly(f"{where} is no public key in PEM form") from error
    if not isinstance(key, Ed25519PublicKey):
        raise AskedWrongly(f"{where} is a public key, but none of Ed25519, with which Tallystick signs")
    return PublicKey(name, key)


def put(key: PublicKey, case: Path) -> Path:
    """Put a public key into ``keys/`` of a case; where it stands.

    Raises ``AskedWrongly`` where the case knows another key by that name: a name that meant two
    keys would let one pass for the other.
    """
    place = case / "keys" / f"{key.name}.pem"
    if place.exists():
        if known(case).get(key.fingerprint) is None or opening.read(place, KEY_LIMIT) != key.pem:
            raise AskedWrongly(
                f"{shown(place)} is another key of that name; make one whose name the case does not know"
            )
        return place
    place.parent.mkdir(exist_ok=True)
    write_new(place, key.pem, 0o644)
    return place


def known(case: Path) -> dict[str, PublicKey]:
    """The public keys in ``keys/`` of a case, by fingerprint; files that are none are left out."""
    return {key.fingerprint: key for _, key in _read(case)}


def unread(case: Path) -> list[Path]:
    """The files in ``keys/`` of a case that are no public key."""
    known_files = {place for place, _ in _read(case)}
    return [path for path in sorted((case / "keys").glob("*.pem")) if path not in known_files]


def _read(case: Path) -> Iterator[tuple[Path, PublicKey]]:
    for path in sorted((case / "keys").glob("*.pem")):
        with suppress(AskedWrongly, OSError):
            yield path, public(opening.read(path, KEY_LIMIT), path.stem, shown(path))


def _place(name: str, folder: Path) -> Path:
    if not _NAME.fullmatch(name):
        raise AskedWrongly(f"a key's name has letters, digits, - and _, and begins with one: not {name!r}")
    return folder / f"{name}.pem"


def _public_place(place: Path) -> Path:
    return place.with_name(f"{place.stem}.pub.pem")


def _stored(path: Path, otherwise: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(KEY_LIMIT)
    except OSError as error:
        raise AskedWrongly(f"there is no key at {shown(path)} ({error.strerror}); {otherwise}") from error
