"""Weights are fitted as they are used: with a bias, and with what is given left as it is."""

import numpy as np

from tests.eval.weigh import fit

NAMES = ("it holds comments", "it names an author", "it speaks of itself")


def test_evidence_of_posts_weighs_for_them_and_what_is_given_stays() -> None:
    rows = np.array([[0.0, 1.0, 0.1], [0.0, 1.0, 0.3], [0.0, 0.0, 0.9], [0.0, 0.2, 1.0]] * 20)
    is_post = np.array([True, True, False, False] * 20)
    weights = dict(zip([*NAMES, "bias"], fit(rows, is_post, np.ones(len(rows)), NAMES), strict=True))
    assert weights["it holds comments"] == 3.0
    assert weights["it names an author"] > 1
    assert weights["it speaks of itself"] < 0
    scores = rows @ np.array([weights[name] for name in NAMES]) + weights["bias"]
    assert ((scores > 0) == is_post).all()
