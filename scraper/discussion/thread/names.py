"""What the names of classes and the addresses of links say of an element, in whatever language its page is.

Markup is named in English nearly everywhere; nothing here is the name of one site or software.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final


def _tell(pattern: str) -> Callable[[str], bool]:
    """Whether a name has one of the words; the names of a page recur, so each is looked at once."""
    compiled = re.compile(pattern, re.IGNORECASE)

    @lru_cache(maxsize=4096)
    def tells(name: str) -> bool:
        return compiled.search(name) is not None

    return tells


# Who wrote: by the name of a class, an item property or a relation.
AUTHOR: Final = _tell(
    r"author|user|nick|poster|creator|member|writer|profil|byline|(?<![a-z])(?:by|fn|owner)(?![a-z])|name(?![a-z])"
)
PROFILE: Final = _tell(
    r"(?:\A|/)(?:u|users?|members?|profiles?|people|persons?|authors?|accounts?|mitglied(?:er)?|benutzer|membres?|usuarios?|utenti)[/.?-]"
    r"|[?&](?:u|uid|user|author|member)=|profile|/@|/~"
)
# What stands beside a name and is none: a title of honour, a place, a button, a quoted person.
BESIDE_AUTHOR: Final = _tell(
    r"title|role|badge|rank|group|joined|location|repl|quote|quot|edit|permalink|mention|initial|avatar|tag|count|stat|signature|vote|score"
)
QUOTING: Final = _tell(r"quot|mention|signature")
# One of a thread, and that alone; and what is around many.
RECORD: Final = _tell(
    r"comment|cmt|kommentar|coment|repl(?:y|ies)|answer|(?<![a-z])post(?![a-z])|message|response|review|note|journal|node|entry"
)
BOARD_POST: Final = _tell(r"message|(?<![a-z])post|topic|question|answer")
ANSWER: Final = _tell(r"(?<![a-z])answers?(?![a-z])|(?:suggested|accepted)answer")
QUESTION: Final = _tell(r"(?<![a-z])question(?![a-z])")
COMMENTED: Final = _tell(r"comment")
COMMENT: Final = _tell(r"comment|cmt|kommentar|coment|repl(?:y|ies)|answer|response|review(?!s)|note")
REVIEW: Final = _tell(r"review|rating|testimonial")
AROUND_COMMENTS: Final = _tell(
    r"comments|replies|area|list|section|wrap|form|respond|count|meta|header|footer|toggle|content|body|text"
)
BODY: Final = _tell(r"content|body|text|message|(?<![a-z])post(?![a-z])|entry|markdown|wiki|prose")
# What was changed of a ticket, or happened to it, beside what is said.
CHANGES: Final = _tell(r"(?<![a-z])(?:details?|changes?|activit(?:y|ies)|events?|history|changelog)(?![a-z])")
SIGNATURE: Final = _tell(r"signature|(?<![a-z])sig(?![a-z])")
TITLE: Final = _tell(r"title|headline|heading|subject|topic")
# What a record says of itself: the address of it, votes, and who gave or got them.
PERMANENT: Final = _tell(r"perma-?(?:nent-?)?link|(?<![a-z])bookmark(?![a-z])|(?<![a-z])u-url")
LIKE: Final = _tell(
    r"(?<![a-z])(?:up-?votes?|likes?|thumbs?-?up|hearts?|kudos|recommend(?:s|ations?|ed)?)(?:[-_]?(?:counts?|num(?:ber)?|total|value))?(?![a-z])"
)
VOTE: Final = _tell(
    r"(?<![a-z])(?:scores?|points?|karma|votes?)(?:[-_]?(?:counts?|num(?:ber)?|total|value))?(?![a-z])"
)
DOWN: Final = _tell(r"down|dislike|unlike")
ACCEPTED_ANSWER: Final = _tell(
    r"(?<![a-z-])(?:is[-_]?)?(?:accepted|best|chosen)[-_]?(?:answer|solution)(?![a-z-])|(?<![a-z-])(?:is[-_]?)?(?:accepted|solution)(?![a-z-])"
    r"|-{2}(?:accepted|solution)(?![a-z-])"
)
BY_POST_AUTHOR: Final = _tell(
    r"by-?post-?author|(?<![a-z])(?:is-?)?(?:original-?poster|(?:topic|thread)-?(?:starter|author|owner)|op)(?:-?(?:badge|label|tag))?(?![a-z-])"
)
EDITED: Final = _tell(
    r"(?<![a-z])(?:last-?)?(?:edited|modified)(?:-?(?:at|by|date|time|on|info))?(?![a-z])|(?<![a-z])last-?edit|edit-?(?:date|time|mark|info)(?![a-z])"
)
HIDDEN: Final = _tell(r"(?<![a-z-])(?:d-none|hidden|hide|invisible|is-hidden)(?![a-z-])")
