"""A catalogue of what sites say to make readers sign up, subscribe, pay or follow: the prompt's words, never the text's.

A phrase alone proves nothing: writers write of newsletters. Whoever takes prompts out asks where they stand as well.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

# ``gate``: what stands in for words that are withheld; ``sign-up``: an offer beside the text; ``sales``: what the site earns or wants to.
Evidence = Literal["gate", "sign-up", "sales"]
_LONGEST: Final = 280


@dataclass(frozen=True, slots=True)
class Prompt:
    """Phrases of one language, in lower case, by which a prompt is told, of any site (``site`` empty) or of one; ``seen`` is where they are from."""

    evidence: Evidence
    language: str
    phrases: str
    site: str = ""
    seen: str = "pages of many sites"

    @property
    def rule(self) -> str:
        """The name under which what is taken out is listed."""
        return f"{self.evidence}-{self.language}"


PROMPTS: Final = (
    Prompt(
        "gate",
        "en",
        r"this (?:article|content|story|post|section) is (?:exclusive to|(?:available )?only (?:available )?(?:for|to)|reserved for|for) (?:\S+ )?(?:subscribers|members)"
        r"|to (?:read|continue|keep reading|view|see|access) .{0,40}\b(?:subscribe|sign (?:in|up)|log ?in|register)\b|unlock (?:this|the full) (?:article|story|post|content)"
        r"|already (?:have an account|a (?:member|subscriber)|subscribed)\s?\?|subscribe (?:now )?to (?:read|continue|unlock|keep)"
        r"|you (?:must|need to|have to) (?:be (?:logged|signed) in|log ?in|sign in|register) to (?:read|view|see|continue|access)|(?:log|sign) in to (?:view|read|continue|see|unlock)"
        r"|(?:upgrade|become a (?:paid )?(?:member|subscriber)) to (?:read|continue|unlock|view|keep)|this (?:article|content|story|post) is (?:locked|password[- ]protected|behind a paywall)"
        r"|(?:subscribers?|members?)[- ]only (?:article|content|story|post)|(?:unlock|to read) the (?:rest|remainder) of (?:this|the) (?:article|content|story|post)|you(?:['’]ve| have) (?:reached|read|used) (?:your|all of your|the) .{0,30}(?:limit|free articles)"
        r"|enter (?:the|your) password (?:below )?to (?:view|read|unlock)|a subscriber to (?:read|continue)",
    ),
    Prompt(
        "sign-up",
        "en",
        r"(?:subscribe|sign up) (?:to|for) (?:our|the|my|free)\b.{0,60}(?:newsletter|mailing list|updates|emails?|alerts)|delivered .{0,24}to your inbox|(?:join|get) (?:our|my|the) (?:\S+ ){0,3}newsletter"
        r"|check your (?:inbox|e-?mail)|enter (?:a valid|your) e-?mail|you(?:['’]ve| have) been (?:successfully )?(?:signed up|subscribed)|thank you for (?:subscribing|downloading|signing up)"
        r"|create (?:a|your) (?:free )?account|start your (?:\S+ )?free trial|follow (?:us|\S+(?: \S+){0,3}) on (?:facebook|twitter|instagram|google news|whatsapp|linkedin|pinterest|youtube|tiktok|bluesky|telegram|x\b)"
        r"|no credit card (?:is )?required|you (?:must|need to|have to) (?:be (?:logged|signed) in|log ?in|sign in|register)|(?:log|sign) in (?:or (?:register|sign up|create)|to (?:comment|reply|post))"
        r"|subscribe to the (?:\S+ ){0,3}newsletter|tell your friends|share (?:it|this) with your friends",
    ),
    Prompt(
        "sales",
        "en",
        r"\A(?:story continues below|article continues below|continue reading|advertisement|sponsored content|share this (?:article|post|story))\W*\Z|we (?:may )?(?:earn|receive) (?:a |an )?(?:\S+ )?commission"
        r"|contains affiliate links|as an (?:amazon )?(?:associate|affiliate)|support our (?:mission|journalism|work)|sponsorship opportunit|(?:want|like) to advertise|our website is (?:the|your) (?:place|destination) for",
    ),
    Prompt(
        "gate",
        "de",
        r"(?:artikel|inhalt|beitrag) ist (?:exklusiv|nur) für (?:\S+ )?(?:abonnent|mitglieder|abonnement)|(?:bereits|schon) (?:abonnent|registriert|mitglied|ein konto)|(?:weiter|um .{0,30}) ?lesen.{0,30}(?:anmelden|registrieren|abonnieren)"
        r"|(?:melden sie sich an|einloggen|anmelden),? um (?:weiter|den (?:ganzen|vollständigen)|.{0,20}zu lesen)|jetzt (?:weiterlesen|freischalten|kostenlos registrieren)",
    ),
    Prompt(
        "sign-up",
        "de",
        r"(?:melden sie sich an|einloggen|anmelden),? um|newsletter (?:abonnieren|anmelden|bestellen)|abonnieren sie (?:unseren|den|jetzt)|für (?:den|unseren) .{0,30}newsletter an|folg(?:st|en|e|t) .{0,40} auf (?:whatsapp|facebook|instagram|google|telegram|twitter)|im postfach\Z",
    ),
    Prompt(
        "sales",
        "de",
        r"\A(?:anzeige|werbung|artikel teilen|möchten sie den artikel teilen)\W*\Z|affiliate-?links?\b|erhalten wir eine (?:kleine )?provision",
    ),
    Prompt(
        "gate",
        "fr",
        r"réservé (?:aux|à nos) abonnés|déjà abonné|connectez-vous pour|pour lire la suite|créez (?:un|votre) compte",
    ),
    Prompt("sign-up", "fr", r"abonnez-vous|inscrivez-vous à (?:la|notre)|suivez-nous sur"),
    Prompt(
        "gate",
        "es",
        r"(?:exclusivo|solo) para suscriptores|ya (?:eres|es|soy) suscriptor|inicia sesión para|regístrate para|para seguir leyendo",
    ),
    Prompt(
        "sign-up", "es", r"suscríb(?:ete|ase) (?:a|al|para)|únete (?:a nuestr|desde|al canal)|síguenos en"
    ),
    Prompt(
        "gate",
        "it",
        r"(?:riservato|solo) (?:agli|per gli) abbonati|sei già abbonato|accedi per|per continuare a leggere",
    ),
    Prompt("sign-up", "it", r"iscriviti alla|abbonati (?:a|per|ora)|seguici su"),
    Prompt(
        "gate",
        "pt",
        r"exclusivo para assinantes|já é assinante|faça (?:o )?login para|para continuar (?:a )?lendo",
    ),
    Prompt("sign-up", "pt", r"inscreva-se|assine (?:a|nossa|já)|siga-nos|cadastre-se"),
    Prompt("gate", "nl", r"alleen voor (?:abonnees|leden)|al abonnee|log in om|om verder te lezen"),
    Prompt("sign-up", "nl", r"abonneer (?:je|nu)|schrijf je in voor|volg ons op"),
    Prompt(
        "gate", "pl", r"tylko dla (?:subskrybentów|prenumeratorów)|masz już konto|zaloguj się,? (?:aby|żeby)"
    ),
    Prompt("sign-up", "pl", r"zapisz się (?:do|na)|subskrybuj|obserwuj nas"),
    Prompt("gate", "sv", r"(?:endast|bara) för prenumeranter|redan prenumerant|logga in för att"),
    Prompt("sign-up", "sv", r"prenumerera på|följ oss på"),
    Prompt("gate", "ja", r"会員限定|ログインして|続きを読むには|有料会員"),
    Prompt("sign-up", "ja", r"会員登録|無料登録|メルマガ登録|フォローして"),
    Prompt(
        "gate",
        "zh",
        r"登[录錄](?:后|後|以)(?:查看|继续|繼續)?|[会會][员員](?:专享|專享|可见)|付费(?:阅读|后)|註冊以|注册(?:后|即可)",
    ),
    Prompt("sign-up", "zh", r"扫码关注|关注(?:我们|公众号)|訂閱電子報|订阅(?:我们|邮件)"),
    Prompt(
        "gate",
        "ko",
        r"로그인\s?(?:후|하고|하면|이\s?필요)|회원\s?(?:전용|에게만)|(?:가입|구독)하고\s?(?:계속|이어서|전체)|이어서\s?읽으려면",
    ),
    Prompt(
        "sign-up",
        "ko",
        r"뉴스레터를?\s?(?:구독|신청|받아)|무료로\s?(?:가입|구독|시작)|채널을?\s?(?:구독|추가)",
    ),
)
_GATE: Final = "gate-"
_SIGN_UP: Final = "sign-up-"
# What is withheld where a gate speaks of these is the right to answer, and no words of the post.
_ANSWERS: Final = re.compile(r"\bcomment|kommentar|kommentieren|coment|댓글|コメント|评论")
_RULES: Final = tuple((prompt.rule, re.compile(prompt.phrases)) for prompt in PROMPTS if not prompt.site)


@lru_cache(maxsize=4096)
def prompt_rule(words: str) -> str | None:
    """The rule of the prompt that a short block of words is; None where it is none, or too long to be one."""
    if len(words) > _LONGEST:
        return None
    lowered = words.lower()
    rule = next((rule for rule, phrases in _RULES if phrases.search(lowered)), None)
    is_to_answer = rule is not None and is_gate(rule) and _ANSWERS.search(lowered)
    return f"{_SIGN_UP}{rule.removeprefix(_GATE)}" if rule and is_to_answer else rule


def is_gate(rule: str) -> bool:
    """Whether what a rule took out stands in for words that are withheld."""
    return rule.startswith(_GATE)
