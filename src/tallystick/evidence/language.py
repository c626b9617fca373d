"""The language of a text, where nobody told it: from its words, or not at all.

The one door to py3langid, a naive Bayes classifier over byte n-grams (Lui and Baldwin 2012), whose
model lies in the package: nothing is fetched, and one text always gets one answer.
"""

from __future__ import annotations

from functools import cache
from typing import Any

SURE = 0.9  # probability below which the language is not told
_SEEN = 1500  # characters looked at, from the first one: more do not make it surer
_LETTERS = 12  # fewer make no language


def told(text: str) -> str | None:
    """The language of ``text`` (ISO 639, such as "en"), or None where its words do not make it certain.

    Certain is a probability of at least 0.9 among some 130 languages. NumPy is held to one thread,
    so that the sums do not depend on the machine's number of processors.
    """
    seen = text[:_SEEN]
    if sum(map(str.isalpha, seen)) < _LETTERS:
        return None
    identifier, threads = _identifier()
    with threads.limit(limits=1):
        language, probability = identifier.classify(seen)
    return str(language) if probability >= SURE else None


@cache
def _identifier() -> tuple[Any, Any]:
    """The classifier, loaded once (about a second), and what holds NumPy to one thread."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier
    from threadpoolctl import ThreadpoolController

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier, ThreadpoolController().select(user_api="blas")
