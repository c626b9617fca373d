"""At the door of a team's desk: signing in and out, invitations, and one's own account."""

from __future__ import annotations

from math import ceil

from markupsafe import Markup
from starlette.responses import Response

from tallystick.web import proofs
from tallystick.web.here import Here, Stop
from tallystick.web.people import Invited, Throttled
from tallystick.web.role import Role
from tallystick.web.row import get, post
from tallystick.web.sessions import Team, address_of
from tallystick.web.tokens import Tokens, moment


def team(here: Here) -> Team:
    """The door, which on these pages is one where people sign in."""
    assert isinstance(here.door, Team)
    return here.door


def sign_in(here: Here) -> Response:
    """The form for name, password and code; who is signed in already goes on."""
    if here.person:
        return here.away(here.asked("next"))
    return here.render("sign_in.html", next=here.asked("next"), name="", wrong="")


def signing_in(here: Here) -> Response:
    """All three at once, so that nobody learns which of them was wrong."""
    door, address, name = team(here), address_of(here.request), here.told("name", 200)
    try:
        person = door.people.prove(name, _secret(here, "password"), here.told("code", 100), address=address)
    except Throttled as error:
        wait = ceil(error.wait)
        said = here.ngettext(
            "Too many attempts failed. Wait %(n)s second.",
            "Too many attempts failed. Wait %(n)s seconds.",
            wait,
        ) % {"n": wait}
        answer = here.render("sign_in.html", 429, next=here.told("next"), name=name, wrong=said)
        answer.headers["Retry-After"] = str(wait)
        return answer
    if person is None:
        said = here._("Name, password or code is not right. A code works once: wait for the next.")
        return here.render("sign_in.html", 422, next=here.told("next"), name=name, wrong=said)
    answer = here.away(here.told("next"))
    door.sign_in(here.request, person, answer)
    return answer


def sign_out(here: Here) -> Response:
    """End this session, or all of one's own."""
    answer = here.go("sign-in")
    team(here).sign_out(here.request, here.visitor, answer, everywhere=bool(here.told("everywhere")))
    return answer


def invited(here: Here) -> Response:
    """The page behind an invitation: first the password, then, for the same browser, the second factor."""
    found = _invitation(here)
    mine = found.taken == proofs.digest(here.visitor.token)
    if found.taken and not mine:
        raise _over(here)
    return _invited_page(here, found) if not mine else _enrolment(here, found)


def taking(here: Here) -> Response:
    """The password, or the first code, of somebody invited."""
    found, token = _invitation(here), here.request.path_params["token"]
    door = team(here)
    if here.told("code"):
        code, address = here.told("code", 20), address_of(here.request)
        codes = door.people.accept(token, here.visitor.token, code, address=address)
        if codes is None:
            wrong = here._(
                "This is not the code that the app shows. Look at the clock of the phone, and try again."
            )
            return _enrolment(here, found, wrong)
        answer = here.render("codes.html", codes=codes)
        door.sign_in(here.request, door.people.named(found.name), answer)
        return answer
    password = _secret(here, "password")
    wrong = _fault(here, password, _secret(here, "again"), found.name)
    if wrong:
        return _invited_page(here, found, wrong)
    if not door.people.take(token, here.visitor.token, password):
        raise _over(here)
    return here.go("invited", token=token)


def _invitation(here: Here) -> Invited:
    found = team(here).people.invited(here.request.path_params["token"])
    if found is None:
        raise _over(here)
    return found


def _over(here: Here) -> Stop:
    said = here._("This invitation was used, has run out, or is none.")
    return Stop(404, said, here._("Ask whoever runs this desk for a new one."))


def _invited_page(here: Here, found: Invited, wrong: str = "") -> Response:
    return here.render(
        "invited.html",
        422 if wrong else 200,
        name=found.name,
        wrong=wrong,
        shortest=proofs.SHORTEST,
        token=here.request.path_params["token"],
    )


def _enrolment(here: Here, found: Invited, wrong: str = "") -> Response:
    uri = proofs.enrolment(found.secret, found.name)
    return here.render(
        "factor.html",
        422 if wrong else 200,
        wrong=wrong,
        token=here.request.path_params["token"],
        picture=Markup(proofs.picture(uri)),  # noqa: S704 - drawn by us, of black squares
        secret=" ".join(found.secret[at : at + 4] for at in range(0, len(found.secret), 4)),
    )


def _secret(here: Here, name: str) -> str:
    """A field as it was typed: blanks belong to a password."""
    value = here.form.get(name, "")
    return value if isinstance(value, str) else ""


def _fault(here: Here, password: str, again: str, name: str) -> str:
    """What is wrong with a new password, for the person; empty where it will do."""
    if password != again:
        return here._("The two passwords differ.")
    return {
        "": "",
        "short": here._("Take a longer password: at least %(n)s signs.") % {"n": proofs.SHORTEST},
        "long": here._("Take a shorter password: at most %(n)s signs.") % {"n": proofs.LONGEST},
        "name": here._("Your name is no password."),
        "same": here._("A few signs over and over are no password."),
    }[proofs.weak(password, name)]


def account(here: Here, said: str = "", wrong: str = "") -> Response:
    """One's own roles, password, recovery codes and tokens."""
    people = team(here).people
    person = people.named(here.person)
    now = people.file.clock()
    return here.render(
        "account.html",
        422 if wrong else 200,
        roles=sorted((place, role) for place, role in person.roles.items()),
        left=people.codes_left(person.id),
        tokens=[each for each in Tokens(people).every(person.name) if each.state(now) == "good"],
        moment=moment,
        shortest=proofs.SHORTEST,
        wrong=wrong,
        said=said,
    )


def _revoke(here: Here) -> Response:
    """End a token of one's own; another's is not there."""
    tokens, name = Tokens(team(here).people), here.told("token", 40)
    if name not in {each.id for each in tokens.every(here.person)}:
        raise Stop(404, here._("You have no such token."))
    tokens.revoke(name, by=here.person)
    return here.go("account")


def change(here: Here) -> Response:
    """Another password, which ends all other sessions; or new recovery codes: both ask for the password.

    Or one's own token is revoked, which asks for nothing.
    """
    if here.told("what") == "revoke":
        return _revoke(here)
    door, address = team(here), address_of(here.request)
    person = door.people.named(here.person)
    try:
        known = door.people.knows(person, _secret(here, "old"), address=address)
    except Throttled as error:
        wait = here._("Too many attempts failed. Wait %(n)s seconds.") % {"n": ceil(error.wait)}
        return account(here, wrong=wait)
    if not known:
        return account(here, wrong=here._("The present password is not right."))
    if here.told("what") == "codes":
        return here.render("codes.html", codes=door.people.change_codes(person, address=address))
    password = _secret(here, "password")
    wrong = _fault(here, password, _secret(here, "again"), person.name)
    if wrong:
        return account(here, wrong=wrong)
    door.people.change_password(person, password, address=address)
    answer = here.go("account")
    door.sign_in(here.request, person, answer)
    return answer


ROWS = (
    get("/sign-in", "sign-in", sign_in, Role.NOBODY, alone=False),
    post("/sign-in", "sign-in", signing_in, Role.NOBODY, alone=False),
    post("/sign-out", "sign-out", sign_out, Role.SOMEBODY, alone=False),
    get("/invited/{token}", "invited", invited, Role.NOBODY, alone=False),
    post("/invited/{token}", "invited", taking, Role.NOBODY, alone=False),
    get("/account", "account", account, Role.SOMEBODY, alone=False),
    post("/account", "account", change, Role.SOMEBODY, alone=False),
)
