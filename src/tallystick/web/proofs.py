"""What proves who somebody is: a password (argon2id), a code by time (TOTP, RFC 6238), a recovery code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import secrets
import threading
import unicodedata

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

SHORTEST, LONGEST = 12, 1000  # characters of a password
CODES = 10
_STEP = 30  # seconds of one time code
_AT_ONCE = threading.BoundedSemaphore(2)  # each hash takes tens of megabytes


def folded(name: str) -> str:
    """A name as two are compared: width, case and blanks tell nobody apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def digest(token: str) -> str:
    """What is kept of a random token: who reads the file cannot use it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def weak(password: str, name: str) -> str:
    """What is wrong with a new password, as a key of the page's words; empty where it will do.

    Length, and that it is not the name (NIST SP 800-63B asks no more): no rules on signs and capitals.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = folded(password)
    if plain.replace(" ", "") == folded(name).replace(" ", ""):
        return "name"
    if len(set(plain)) < 4:
        return "same"
    return ""


def _nobodys(hasher: PasswordHasher) -> str:
    """A hash that no password has, of the parameters of ``hasher``, so that to try one takes as long."""
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, hashed = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v=19${costs}${salt}${hashed}"


class Passwords:
    """Passwords as argon2id hashes; the defaults of argon2-cffi are those of RFC 9106 for little memory.

    A name that is not known costs the same: its password is held against ``_nobody``.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = _nobodys(self._hasher)

    def hash(self, password: str) -> str:
        with _AT_ONCE:
            return self._hasher.hash(unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass"))

    def holds(self, held: str | None, password: str) -> bool:
        """Whether ``password`` is the one of the hash ``held``; None holds no password, at the same cost."""
        given = unicodedata.normalize("NFC", password[: LONGEST + 1]).encode("utf-8", "surrogatepass")
        with _AT_ONCE:
            try:
                self._hasher.verify(held or self._nobody, given)
            except (VerifyMismatchError, VerificationError, InvalidHashError):
                return False
        return held is not None

    def outdated(self, held: str) -> bool:
        """Whether the hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(held)


def new_secret() -> str:
    """A secret for time codes: 160 bits in base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: float, after: int) -> int | None:
    """The time step whose code is ``code``: that of ``at``, the one before or the one after it.

    None where it is none of them, or one that is not later than ``after``, the last that was used.
    """
    plain = "".join(code.split())
    totp = pyotp.TOTP(secret)
    now = int(at) // _STEP
    met = None
    for step in (now - 1, now, now + 1):
        same = hmac.compare_digest(totp.generate_otp(step).encode(), plain.encode("utf-8", "surrogatepass"))
        if same and step > after:
            met = step
    return met


def enrolment(secret: str, name: str) -> str:
    """The address that an authenticator app reads (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Tallystick")


def picture(uri: str) -> str:
    """The square code of ``uri`` as SVG, to stand in a page: black on white, without style or script."""
    svg: str = segno.make(uri, error="m").svg_inline(omitsize=True, svgclass=None, lineclass=None)
    return svg


def drawn(uri: str) -> str:
    """The same in the signs of a terminal."""
    lines = io.StringIO()
    segno.make(uri, error="m").terminal(lines, compact=True)
    return lines.getvalue()


def new_codes() -> list[str]:
    """Recovery codes, each of nearly 80 bits, in groups that can be read out."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    raw = ("".join(secrets.choice(alphabet) for _ in range(16)) for _ in range(CODES))
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in raw]


def plain_code(code: str) -> str:
    """A recovery code as it is hashed: without strokes and blanks, in small letters."""
    return "".join(char for char in code.lower() if char.isalnum())
