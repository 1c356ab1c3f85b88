"""The query language of the filter bar, the command line and saved views.

    qwen coder              words, all of which occur somewhere in the row, in any order
    "claude sonnet"         a text with its spaces; quotes also take any other meaning away
    ctx>=128k in<=0.5       conditions; the fields are those of `KINDS`
    provider:chutes,groq    one of several values; the fields are those of `CHOICES`
    tools free hot open     flags; `cap:code` where the word alone is too common
    new:7d sort:-ctx,in     made in the last week; largest context first, then cheapest
    -vision !affine         without; llama,qwen is either

`parse` reads it, `str(query)` writes it, `apply` and `Narrower` run it over rows.
"""

from modeltui.query_complete import complete, token_at
from modeltui.query_fuzzy import matches as _matches
from modeltui.query_parse import parse
from modeltui.query_run import Narrower, apply, flag_counts, matching_offers, value_counts
from modeltui.query_terms import Choice, Condition, Flag, Mode, Query, Term, Word
from modeltui.query_words import FIELD_HELP, FLAG_BITS, Vocabulary, vocabulary_of
from modeltui.table_rows import Row

__all__ = (
    "FIELD_HELP",
    "FLAG_BITS",
    "Choice",
    "Condition",
    "Flag",
    "Mode",
    "Narrower",
    "Query",
    "Term",
    "Vocabulary",
    "Word",
    "apply",
    "complete",
    "flag_counts",
    "matches",
    "matching_offers",
    "parse",
    "token_at",
    "value_counts",
    "vocabulary_of",
)


def matches(query: Query, row: Row) -> list[tuple[int, int]]:
    """Give the spans of a row's title that the words of a query match, in order and without overlap."""
    words = [atom.text for term in query.terms if not term.negated for atom in term.atoms if isinstance(atom, Word)]
    return _matches(words, row)
