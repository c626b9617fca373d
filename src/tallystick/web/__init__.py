"""THE REVIEW DESK: pages on which people look at a case, and decide.

    role.py      what somebody may do
    row.py       a row of the table of routes: path, method, least role, handler
    routes.py    the table itself; pages add their rows there
    here.py      what a handler is given: the case, the person, the form, ``render``
    looks.py     how templates become pages; static files under their digests
    doors.py     who is asking: one person alone, or people who sign in
    guard.py     what holds of every request and every answer
    asking.py    what every request goes through
    app.py       all of it as one Starlette application
    opened.py    what the pages need of an opened case
    hrefs.py     where links of the dossier's views lead on the desk
    cards.py     what waits for a decision, as a card
    standing.py  what stands of it for who looks, and what was decided meanwhile
    fields.py    the form that corrects a claim, and what was changed in it
    tokens.py    what a program shows in place of a session
    pages/       one module for each group of pages, with its rows
    api/         the same for programs: JSON under /api/v1

A handler is a plain function ``(here) -> Response``, run in a thread. A GET never writes.
``pages/about.py`` shows the pattern.
"""
