"""THE DESK FOR PROGRAMS: what the pages tell, as JSON, and the same decisions, under ``/api/v1``.

    shape.py        what an address or a body may say: declared once, checked, and described
    operation.py    what is to be known of one row: parameters, body, answers
    schemas.py      what answers look like
    bearer.py       who asks: the holder of a token
    programs.py     what holds of every request: the token, the check, tags of what was given, problems
    answers.py      JSON, cursors, tags
    lines.py        the nouns as JSON, by the lines of the dossier's export
    reading.py      cases, reports, claims, accounts, incidents, matters
    finding.py      search and history
    deciding.py     reviews, judgements, comments, assignments
    rows.py         the rows, with all that is said of them
    description.py  the OpenAPI document, and the page that shows it to people

The rules of the pages hold: the same roles, the same veil before a second check, and a GET never writes.
"""
