"""Error pages: what is the matter, and what to do next; never what went on inside."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from tallystick.web.here import Here, Stop

KNOWN = (403, 404, 405, 409, 422, 429)  # of which there are words of their own


def page(here: Here, stop: Stop) -> Response:
    """The error as a page, or, for the script, as a notice put where notices stand."""
    if stop.status == 303:
        return RedirectResponse(stop.said, 303)
    title, said, next_step = words(here, stop.status)
    template = "error_part.html" if here.is_htmx else "error.html"
    answer = here.render(
        template, stop.status, title=title, said=stop.said or said, next_step=stop.next_step or next_step
    )
    answer.headers.update(stop.headers)
    if here.is_htmx:
        answer.headers["HX-Retarget"] = "#notice"
        answer.headers["HX-Reswap"] = "innerHTML"
    return answer


def words(here: Here, status: int) -> tuple[str, str, str]:
    """Title, what is the matter, and the next step, as far as the status tells."""
    _ = here._
    known = {
        403: (
            _("Not allowed"),
            _("You may not do this here."),
            _("Ask whoever runs this desk for access, or go back to the cases."),
        ),
        404: (
            _("Not there"),
            _("There is no such page, or you may not see it."),
            _("Look for it from the list of cases."),
        ),
        405: (
            _("Not there"),
            _("This address takes no such request."),
            _("Go back, and use the page's buttons."),
        ),
        409: (
            _("Decided meanwhile"),
            _("Somebody else has decided on this since you opened the page."),
            _("Go back, reload the page to see what they decided, and decide again."),
        ),
        422: (
            _("This does not fit"),
            _("Something in the form is missing or cannot be meant so."),
            _("Go back and correct it."),
        ),
        429: (_("Too fast"), _("You ask faster than the desk answers."), _("Wait a moment, and reload.")),
    }
    return known.get(
        status,
        (
            _("Something went wrong"),
            _("The desk could not make this page. Nothing was decided."),
            _("Go back and try again. If it happens again, tell whoever runs this desk; its log says why."),
        ),
    )


def sign_in(here: Here) -> Stop:
    """Where somebody is sent who has not signed in."""
    if here.door.alone:
        return Stop(
            403,
            here._("This desk is open to one person only."),
            here._("Open the address that it printed in the terminal, or start it again for a new one."),
        )
    if here.request.method != "GET" or here.is_htmx:
        return Stop(
            403,
            here._("You are not signed in any more."),
            here._("Sign in in another window, then send this again."),
        )
    path = here.request.url.path
    return Stop(303, f"{here.url('sign-in')}?next={quote(path)}")


def without_paths(said: str, here: Here) -> str:
    """A message of the case without the folders of this machine."""
    for key, opened in here.cases.items():
        said = said.replace(str(opened.case.folder), key)
    return said
