"""The page About: what this case is. It also shows how every page is made.

1. A handler is a plain function of ``Here`` that returns a ``Response``. It runs in a thread, so it may take
   its time, and uses ``here.desk`` without ``await``. It reads ``here.asked("name")`` from the address and
   ``here.told("name")`` from the form.
2. It works out a view model (plain values, no HTML) and hands it to ``here.render("NAME.html", …)``. The
   template extends ``base.html`` and fills the blocks ``title`` and ``main``. Every string goes through
   ``_("…")``, every word of a report through ``|prose``, ``|exact`` or ``|quote``. What htmx swaps in is a
   template that extends ``part.html`` where ``here.is_htmx``.
3. A form is posted: ``<form method="post" action="{{ here.url('note') }}">{{ csrf_field }} …``. Its handler
   decides through the case, with ``by=here.person``, and answers ``here.go(page, at=element)``. What does not
   fit raises ``Stop(422, what, next step)``; what somebody has decided meanwhile, ``Stop(409, …)``. An
   ``AskedWrongly`` of the case becomes a 422 by itself.
4. Its rows are the module's ``ROWS``, which ``routes.TABLE`` takes in: path, name, handler, least role.
   ``tests/web/test_routes.py`` then holds the page to its role by itself.

Keys: j and k walk over elements marked ``data-row``; u presses a button marked ``data-key="u"``.
"""

from __future__ import annotations

from starlette.responses import Response

from tallystick import __version__
from tallystick.web.here import Here
from tallystick.web.role import Role
from tallystick.web.row import get


def about(here: Here) -> Response:
    """What the case is called, what it is about, and who looks at it in which role."""
    case = here.desk.case
    return here.render("about.html", name=case.name, countries=case.countries, version=__version__)


ROWS = (get("/c/{case}/about", "about", about, Role.READER),)
