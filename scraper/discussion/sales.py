"""Words by which a site speaks of itself and sells: a page that is full of them is a site's own, and no post.

English alone has words that were weighed: of pages of other languages that are no posts none were at hand, and what writers say
of themselves differs. Buttons of shops mean the same in every language.
"""

import re
from typing import Final

OWN: Final = frozenset(("we", "our", "us", "ours"))
SHOP: Final = frozenset((
    "basket", "cart", "checkout", "off", "price", "rating", "ratings", "returns", "review", "reviews", "shipping", "sku",
    "warranty", "wishlist",
    "warenkorb", "versand", "lieferzeit", "panier", "livraison", "carrito", "carrello", "spedizione", "carrinho", "koszyk",
    "koszyka", "wysyłka", "winkelwagen", "verzending", "장바구니", "배송", "배송비",
))  # fmt: skip
WORD: Final = re.compile(r"[^\W\d_]+")
_CALLS: Final = (
    (
        r"add to (?:cart|bag|basket|wishlist)|buy(?: it)? now|shop(?: now| all)?|order now|checkout|view cart|quick view|sold out|(?:in|out of) stock"
        r"|(?:choose|select) options|free shipping.*|compare|sale|view (?:product|details)"
        r"|get started|start (?:free|now|your)?.{0,20}|try .{0,20}free.*|free trial|see (?:plans|pricing).*|sign up.*|join now|register now|learn more|donate.*"
        r"|book (?:an? |your )?(?:demo|call|now|appointment).*|request (?:an? |more )?(?:demo|quote|info|call|appointment|consult).*"
        r"|get (?:an? )?(?:free |instant )?(?:quote|demo|estimate|access).*|contact (?:us|sales).*|schedule .*|call (?:us|now).*|(?:talk|speak) to .*|apply(?: now)?|enroll.*"
    ),
    r"in den warenkorb|jetzt kaufen",
    r"ajouter au panier",
    r"añadir al carrito",
    r"aggiungi al carrello",
    r"adicionar ao carrinho",
    r"dodaj do koszyka",
    r"in winkelwagen",
    r"장바구니(?: ?담기)?|구매하기|바로 ?구매",
    r"カートに入れる|今すぐ購入",
    r"加入购物车|立即购买",
)
_LONGEST_CALL: Final = 40
_CALL: Final = re.compile(rf"(?i)\W*+(?:{'|'.join(_CALLS)})\W*")


def is_call(text: str) -> bool:
    """Whether a text is a button or a link that leads to a sale or a contract."""
    return len(text) < _LONGEST_CALL and _CALL.fullmatch(text) is not None
