"""Terms that a case holds as they are written in the code of other floors, named here for translators.

A page shows one by the filter ``term``, a handler by ``here._``. Each is one of the model's (kinds, tolls,
stances), of the dossier's labels, of the grades, or of the audit; a test holds that none of them is missing.
"""

from __future__ import annotations


def N_(term: str) -> str:
    """Marks a term for translators; it is translated where it is shown."""
    return term


TERMS = frozenset(
    (
        # Kinds of incident, and of other matters.
        N_("air strike"), N_("shelling"), N_("missile strike"), N_("ground clash"), N_("bombing"),
        N_("suicide bombing"), N_("chemical attack"), N_("killing"), N_("landmine"), N_("capture of people"),
        N_("capture"),
        N_("other violence"), N_("control of ground"), N_("forces present"), N_("people in a place"),
        N_("people leaving"), N_("meeting"), N_("draft text"), N_("vote"), N_("statement"), N_("warning"),
        N_("offer"), N_("refusal"), N_("agreement"), N_("contacts suspended"), N_("contact"),
        N_("Air strike"), N_("Shelling"), N_("Missile strike"), N_("Ground clash"), N_("Bombing"),
        N_("Suicide bombing"), N_("Chemical attack"), N_("Killing"), N_("Landmine"), N_("Capture of people"),
        N_("Other violence"), N_("Control of ground"), N_("Forces present"), N_("People in a place"),
        N_("People leaving"), N_("Meeting"), N_("Draft text"), N_("Vote"), N_("Statement"), N_("Warning"),
        N_("Offer"), N_("Refusal"), N_("Agreement"), N_("Contacts suspended"), N_("Contact"),
        # What became of people, and who they were.
        N_("killed"), N_("wounded"), N_("captured"), N_("missing"), N_("displaced"),
        N_("people"), N_("civilians"), N_("fighters"), N_("soldiers"), N_("children"), N_("women"), N_("men"),
        N_("medics"), N_("journalists"),
        # Fields that are compared.
        N_("Killed"), N_("Wounded"), N_("Captured"), N_("Missing"), N_("Displaced"), N_("Day"), N_("Place"),
        N_("Kind"), N_("Responsibility"), N_("Weapon"), N_("Target"), N_("Civilian or not"),
        N_("Fought against"), N_("What is said"), N_("Other words on it"), N_("The event"),
        N_("Who contradicts whom"), N_("Figures"), N_("Who"),
        N_("day"), N_("place"), N_("kind"), N_("responsibility"), N_("weapon"), N_("target"),
        N_("civilian or not"), N_("fought against"), N_("what is said"), N_("other words on it"),
        N_("the event"), N_("who contradicts whom"),
        # What comes of comparing them.
        N_("Agree"), N_("Compatible"), N_("Updated"), N_("Differ"), N_("One origin"), N_("Not settled"),
        # Whose deed it is said to be, how it is said, and what about.
        N_("perpetrator"), N_("opponent"), N_("claimant"),
        N_("stated"), N_("alleged"), N_("suspected"), N_("claimed"), N_("denied"), N_("warned"),
        N_("predicted"), N_("called for"), N_("planned"), N_("promised"), N_("estimated"), N_("offered"),
        N_("refused"),
        N_("casualties"), N_("attack"), N_("control"), N_("forces"), N_("population"), N_("displacement"),
        N_("diplomacy"), N_("investigation"), N_("other"),
        # Verdicts of people.
        N_("upheld"), N_("rejected"), N_("corrected"), N_("added"), N_("reopened"),
        N_("same"), N_("different"), N_("unsure"), N_("judged"),
        # How reliable a source is, on the Admiralty scale.
        N_("completely reliable"), N_("usually reliable"), N_("fairly reliable"), N_("not usually reliable"),
        N_("unreliable"), N_("cannot be judged"),
        # Where the day that a report was published was found.
        N_("the report’s own record"), N_("the page"), N_("a person who supplied it"),
        N_("nowhere: the report gives no date"),
        # Lines of the audit.
        N_("signed in"), N_("sign-in failed"), N_("signed out"), N_("signed out everywhere"), N_("invited"),
        N_("enrolled"), N_("role"), N_("disabled"), N_("enabled"), N_("removed"), N_("password changed"),
        N_("recovery codes changed"), N_("token made"), N_("token revoked"), N_("token refused"),
    )
)  # fmt: skip
