"""What a handler is given: where it is, who asks, and how to answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tallystick.desk import Desk
from tallystick.web.doors import Door, Visitor
from tallystick.web.looks import Looks, static_url
from tallystick.web.role import Role

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PART = re.compile(r"\{(\w+)\}")  # of a path
# Written from right to left.
LEFTWARDS = frozenset({"ar", "fa", "he", "ur", "ckb", "ps"})


class Stop(Exception):
    """The answer is an error page: its status, what is the matter, and what to do next, for a person.

    403 not allowed, 404 not there, 409 somebody else decided meanwhile, 422 the form does not fit.
    """

    def __init__(self, status: int, said: str, next_step: str = "") -> None:
        super().__init__(said)
        self.status, self.said, self.next_step = status, said, next_step
        self.headers: dict[str, str] = {}


@dataclass(slots=True)
class Here:
    """One request. Handlers take what they need from it and return what ``render`` or ``go`` gives.

    ``cases``: every opened case that this person may see, under its name in addresses; ``every``: all
    that are open, for pages about people.
    ``key``: the name of the case in the address; empty on pages of no case.
    ``person``: the name under which decisions are recorded; empty for who has not signed in.
    ``role``: what they may do here: in the case of the address, or over the whole desk.
    ``csrf``: the token that each form carries: ``{{ csrf_field }}``.
    ``form``: what was posted, empty on a GET; ``told`` reads a field of it.
    ``query``, ``sent``: of a program, what its address and its body say, checked against what is declared.
    """

    request: Request
    looks: Looks
    door: Door
    visitor: Visitor
    cases: Mapping[str, Desk]
    every: Mapping[str, Desk]
    key: str
    role: Role
    language: str
    csrf: str
    form: FormData = field(default_factory=FormData)
    query: Mapping[str, Any] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> str:
        return self.visitor.name

    @property
    def desk(self) -> Desk:
        """The case of the address; only pages under ``/c/{case}`` have one."""
        return self.cases[self.key]

    @property
    def is_htmx(self) -> bool:
        """Whether a part of a page is asked for, by the script, and not a whole page."""
        return self.request.headers.get("HX-Request") == "true"

    @property
    def overall(self) -> Role:
        """What the person may do over the whole desk."""
        return self.door.role(self.visitor, "")

    def may(self, least: Role | str) -> bool:
        """Whether the person holds at least this role here."""
        return self.role >= (Role[least.upper()] if isinstance(least, str) else least)

    def told(self, name: str, most: int = 10_000) -> str:
        """The text field ``name`` of the form, without blanks around it; empty where it is not there.

        Raises ``Stop`` (422) where it is a file, longer than ``most`` characters, or holds control
        characters other than tabs and ends of lines: nobody types them, and a database may not take them.
        """
        value = self.form.get(name, "")
        if not isinstance(value, str) or len(value) > most or CONTROLS.search(value):
            said = self._("The field “%(name)s” does not fit.") % {"name": name}
            raise Stop(422, said, self._("Go back, shorten it and send it again."))
        return value.strip()

    def asked(self, name: str) -> str:
        """The value ``name`` of the address (``?name=value``), without blanks around it, or nothing."""
        return self.request.query_params.get(name, "").strip()

    def _(self, message: str) -> str:
        """``message`` in the person's language."""
        return self.looks.words(self.language).gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.looks.words(self.language).ngettext(one, many, n)

    def called(self, role: Role) -> str:
        """What a role is called."""
        _ = self._
        return {
            Role.NOBODY: _("nobody"),
            Role.SOMEBODY: _("no role"),
            Role.READER: _("reader"),
            Role.CODER: _("coder"),
            Role.SENIOR: _("senior"),
            Role.ADMIN: _("admin"),
        }[role]

    def url(self, name: str, **parts: Any) -> str:
        """The path of the row ``name``; the case of the address is filled in by itself."""
        path = self.looks.paths.get(name)
        if path is None:
            raise LookupError(f"the desk has no row {name!r}")
        told = {"case": self.key, **parts}
        return _PART.sub(lambda part: quote(str(told[part[1]]), safe=""), path)

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """The page that ``template`` makes of ``values``, with all that ``base.html`` needs."""
        scheme = self.request.cookies.get("tallystick-scheme", "")
        shown = {
            "here": self,
            "csrf": self.csrf,
            "csrf_field": Markup('<input type="hidden" name="csrf" value="{}">').format(self.csrf),
            "navigation": self._navigation(),
            "language": self.language,
            "direction": "rtl" if self.language in LEFTWARDS else "ltr",
            "languages": self.looks.languages,
            "scheme": scheme if scheme in ("light", "dark") else "system",
            "case_name": self.desk.case.name if self.key in self.cases else "",
            "static": static_url,
            "Role": Role,
        }
        page = self.looks.render(template, self.language, shown | values)
        # A lone surrogate, which UTF-8 cannot hold, becomes a reference that a browser shows as such.
        return HTMLResponse(page.encode("utf-8", "xmlcharrefreplace"), status)

    def _navigation(self) -> list[tuple[str, str, bool]]:
        """Address, label and whether it is the page shown, of each page of the case that there is."""
        if self.key not in self.cases:
            return []
        at = self.request.url.path
        urls = [(self.url(name), self._(label)) for name, label in self.looks.navigation]
        return [(url, label, url == at) for url, label in urls]

    def go(self, name: str, *, at: str = "", **parts: Any) -> Response:
        """Send the browser to the page ``name`` (303), to the element ``at`` of it, as after every form."""
        return self.away(self.url(name, **parts) + (f"#{at}" if at else ""))

    def away(self, path: str) -> Response:
        """Send the browser to a path of the desk's own; any other address leads to the cases instead.

        A path begins with one stroke: with two, or with a stroke leftwards, browsers read it as a host.
        """
        if not path.startswith("/") or path[1:2] in ("/", "\\") or not path.isprintable():
            path = self.url("cases")
        if self.is_htmx:
            return Response(headers={"HX-Location": quote(path, safe="%/:=&?~#+!$,;'@()*[]")})
        return RedirectResponse(path, 303)
