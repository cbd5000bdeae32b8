"""Which questions are not answered: amounts and orders for a person, and other diseases."""

from __future__ import annotations

import re

from insulinoma.evidence.search import index

_HOME = frozenset({"insulinoma", "hypoglycemia", "beta_cell"})

_GIVE = r"(?:give\w*|take|takes|inject|need\w*|administer\w*|infuse|eat|drink|use|prescribe\w*)"
_AMOUNT = r"(?:mg|g|ug|mcg|ml|mls|grams?|milligrams?|units?|tablets?|pills?|drops?|vials?|cc)"
_MORE = r"(?:tablets?|pills?|more|less|twice|extra|another)"
_WHO = r"(?:i|we|he|she|they|you|one|(?:my|our) \w+|(?:the|a) (?:patient|nurse|doctor))"
_MAY = r"(?:should|can|may|could|must|shall|do|does|when)"
_CHANGE = (
    r"(?:increas\w+|decreas\w+|reduc\w+|doubl\w+|skip\w*|adjust\w*|wean\w*|withhold\w*|taper\w*|stop|start|"
    r"raise|lower|change|switch)"
)
_THING = (
    r"(?:drip|infusion|drug|medicine|medication|tablets?|pills?|dextrose|glucose|sugar|insulin|steroids?|prednisone"
    r"|diazoxide|octreotide|lanreotide|pasireotide|everolimus|sunitinib|glucagon)"
)
_DOSING = re.compile(
    r"\b(?:dos(?:e|es|ed|age|ages|ing)|titrat\w*|posology)\b"
    rf"|\bhow (?:much|often)\b.*\b{_GIVE}\b"
    rf"|\bhow (?:many|much) {_AMOUNT}\b"
    r"|\b(?:mg|ug|mcg|ml)\s*(?:/|per|a|every)\s*(?:kg|day|h|hr|hour|min|minute|dose)\b"
    rf"|\b\d+(?:\.\d+)? ?{_AMOUNT}\b(?! ?(?:/|per)? ?d[lL])"
    rf"|\b{_MAY} {_WHO} (?:\w+ ){{0,2}}?(?:give|take|inject)\b.*\b{_MORE}\b"
    r"|\b(?:infusion|drip|flow) rate\b|\b(?:what|which) rate (?:should|must|do|does|can)\b"
    r"|\b(?:right|correct|proper|best|maximum|minimum|safe|usual|exact|what) (?:amount|quantity|strength)\b"
    rf"|\bis it (?:ok|okay|safe|possible|time|allowed|wise) to {_CHANGE}\b"
    rf"|\b{_MAY} {_WHO} (?:\w+ ){{0,3}}?{_CHANGE} (?:\w+ ){{0,3}}?{_THING}\b",
    re.IGNORECASE,
)


def asks_for_a_dose(question: str) -> bool:
    """Whether a question asks for an amount, or whether to start, change or stop something.

    >>> asks_for_a_dose("How much diazoxide should I give?")
    True
    >>> asks_for_a_dose("How many patients took diazoxide?")
    False
    """
    return _DOSING.search(" ".join(question.split())) is not None


def about_something_else(question: str) -> bool:
    """Whether a question names another disease or organ, and not this one.

    >>> about_something_else("How is type 1 diabetes treated?")
    True
    >>> about_something_else("Can a patient with insulinoma have diabetes?")
    False
    """
    names = {word.name for word in index().question_words(question)}
    return index().lexicon.other_subject(question) and not names & _HOME
