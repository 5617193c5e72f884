"""JSON as text becomes values; what is none becomes nothing."""

import json


def parse_json(text: str | bytes) -> object:
    """The value of a JSON text; None where it is none, or nests deeper than the interpreter reads."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
