"""What the names of classes and the addresses of links say of an element, in whatever language its page is.

Markup is named in English nearly everywhere; nothing here is the name of one site or software.
"""

import re
from typing import Final

# Who wrote: by the name of a class, an item property or a relation.
AUTHOR: Final = re.compile(
    r"author|user|nick|poster|creator|member|writer|profil|byline|(?<![a-z])(?:by|fn|owner)(?![a-z])|name(?![a-z])",
    re.IGNORECASE,
)
PROFILE: Final = re.compile(
    r"/(?:u|user|users|member|members|profile|profiles|people|author|authors|accounts?)[/.?-]"
    r"|[?&](?:u|uid|user|author|member)=|profile|/@|/~",
    re.IGNORECASE,
)
# What stands beside a name and is none: a title of honour, a place, a button, a quoted person.
BESIDE_AUTHOR: Final = re.compile(
    r"title|role|badge|rank|group|joined|location|repl|quote|quot|edit|permalink|mention|initial|avatar|tag|count|stat|signature|vote|score",
    re.IGNORECASE,
)
QUOTING: Final = re.compile(r"quot|mention|signature", re.IGNORECASE)
# One of a thread, and that alone; and what is around many.
RECORD: Final = re.compile(
    r"comment|repl(?:y|ies)|answer|(?<![a-z])post(?![a-z])|message|response|review|note|journal|node|entry",
    re.IGNORECASE,
)
BOARD_POST: Final = re.compile(r"message|(?<![a-z])post|topic|question|answer", re.IGNORECASE)
COMMENT: Final = re.compile(r"comment|repl(?:y|ies)|answer|response|review(?!s)|note", re.IGNORECASE)
AROUND_COMMENTS: Final = re.compile(
    r"comments|replies|area|list|section|wrap|form|respond|count|meta|header|footer|toggle|content|body|text",
    re.IGNORECASE,
)
BODY: Final = re.compile(
    r"content|body|text|message|(?<![a-z])post(?![a-z])|entry|markdown|wiki|prose", re.IGNORECASE
)
SIGNATURE: Final = re.compile(r"signature|(?<![a-z])sig(?![a-z])", re.IGNORECASE)
TITLE: Final = re.compile(r"title|headline|heading|subject|topic", re.IGNORECASE)
