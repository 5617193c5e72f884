"""Threads made from a seed: people, words and times of our own, in several languages, for pages made in many ways."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

# Sentences with places for a thing and a number, so that no two records say the same.
SENTENCES: Final = {
    "en": (
        "The {thing} in our kitchen stopped working about {n} days after we moved in",
        "I took the {thing} apart on the balcony and cleaned all {n} screws with warm vinegar",
        "My neighbour swears that a {thing} needs oil every {n} weeks, which sounds like a lot",
        "Has anybody compared the old {thing} with the one that was sold {n} years later",
        "It cost me {n} euros at the flea market and I have never regretted it",
        "You will want gloves for this, because the {thing} gets hot after {n} minutes",
        "There is a drawing of the {thing} on page {n} of the small green manual",
        "We measured it twice and found a gap of {n} millimetres behind the {thing}",
        "Thanks, turning the {thing} round by {n} degrees did the trick",
        "Nobody at the shop could tell me why the {thing} hums at {n} hertz",
    ),
    "ko": (
        "지난주에 산 {thing} 덕분에 아침 준비가 {n}분이나 빨라졌어요",
        "베란다에 둔 {thing} 옆에서 물이 {n}방울쯤 새는 걸 봤습니다",
        "저는 {thing} 청소를 {n}주마다 하는데 그 정도면 충분하더라고요",
        "설명서 {n}쪽에 {thing} 그림이 나오니까 먼저 그걸 보세요",
        "동네 시장에서 {n}만 원에 구했는데 {thing} 상태가 생각보다 좋네요",
        "혹시 {thing} 소리가 {n}일 넘게 계속되면 나사를 다시 조여 보세요",
        "우리 집 {thing} 하나를 {n}년째 고쳐 가며 쓰고 있습니다",
        "어제 {thing} 방향을 조금 돌렸더니 {n}번 만에 켜졌어요",
    ),
    "de": (
        "Der Händler wollte für das Ersatzteil der {thing} ganze {n} Euro haben",
        "Bei mir lief die {thing} nach {n} Tagen wieder ohne jedes Geräusch",
        "Auf Seite {n} der Anleitung steht, wie man die {thing} richtig öffnet",
        "Ich würde erst die {n} Schrauben lösen und dann vorsichtig ziehen",
        "Unsere {thing} ist schon {n} Jahre alt und bleibt trotzdem",
        "Hat jemand die {thing} schon einmal mit {n} Tropfen Öl behandelt",
    ),
    "ja": (
        "先週買った{thing}は{n}日目に音がしなくなりました",
        "説明書の{n}ページに{thing}の図がありますので見てください",
        "うちの{thing}はもう{n}年も使っていて、まだ元気です",
        "ねじを{n}本はずしたら{thing}の中が見えました",
        "市場で{n}円だったので、その{thing}をすぐ買いました",
    ),
    "ru": (
        "На прошлой неделе {thing} снова перестала работать через {n} дней",
        "В инструкции на странице {n} есть рисунок, там видна {thing}",
        "У нас {thing} служит уже {n} лет, и менять её никто не хочет",
        "Я открутил {n} винтов и только потом увидел, где стоит {thing}",
        "Сосед отдал свою {thing} за {n} рублей, и я не жалею",
    ),
    "fr": (
        "Chez nous la {thing} est tombée en panne au bout de {n} jours",
        "La page {n} du petit manuel montre comment ouvrir la {thing}",
        "J'ai payé {n} euros pour cette {thing} et je ne regrette rien",
        "Il suffit de tourner la {thing} de {n} degrés vers la fenêtre",
        "Mon voisin nettoie sa {thing} toutes les {n} semaines environ",
    ),
    "es": (
        "En casa la {thing} dejó de funcionar después de {n} días",
        "La página {n} del manual explica cómo abrir la {thing} sin romperla",
        "Pagué {n} euros por esta {thing} y estoy muy contenta",
        "Primero quité los {n} tornillos y luego limpié la {thing} entera",
        "Mi vecino dice que la {thing} necesita aceite cada {n} semanas",
    ),
    "zh": (
        "上周买的{thing}用了{n}天就没有声音了",
        "说明书第{n}页有{thing}的图，可以先看看",
        "我们家的{thing}已经用了{n}年，现在还很好",
        "拆下{n}颗螺丝以后才看到{thing}里面的样子",
        "在市场花{n}块钱买了这个{thing}，一点也不后悔",
    ),
    "ar": (
        "توقفت {thing} في مطبخنا بعد {n} يوما من الانتقال إلى البيت",
        "في الصفحة {n} من الدليل رسم واضح يبين {thing} من الداخل",
        "دفعت {n} دينارا مقابل {thing} ولم أندم على ذلك أبدا",
        "جاري يقول إن {thing} تحتاج إلى الزيت كل {n} أسابيع",
    ),
    "th": (
        "{thing} ที่ บ้าน เรา หยุด ทำงาน หลัง จาก ย้าย มา {n} วัน",
        "ใน คู่มือ หน้า {n} มี รูป ของ {thing} ให้ ดู ก่อน",
        "เรา ใช้ {thing} มา {n} ปี แล้ว และ ยัง ดี อยู่",
        "เพื่อนบ้าน บอก ว่า {thing} ต้อง ใส่ น้ำมัน ทุก {n} สัปดาห์",
    ),
}  # fmt: skip
THINGS: Final = {
    "en": ("kettle", "bread oven", "sewing machine", "coffee mill", "garden pump", "bicycle lamp", "radio", "fan", "door hinge", "rice cooker"),
    "ko": ("주전자", "재봉틀", "커피 그라인더", "선풍기", "전기밥솥", "자전거 전등", "라디오", "경첩", "가습기"),
    "de": ("Kaffeemühle", "Nähmaschine", "Gartenpumpe", "Fahrradlampe", "Waschmaschine", "Uhr", "Teekanne"),
    "ja": ("やかん", "ミシン", "扇風機", "炊飯器", "ラジオ", "自転車のライト", "掛け時計"),
    "ru": ("кофемолка", "швейная машина", "садовая помпа", "лампа", "стиральная машина", "печка"),
    "fr": ("bouilloire", "machine à coudre", "pompe", "lampe de vélo", "radio", "cafetière"),
    "es": ("cafetera", "máquina de coser", "bomba de agua", "lámpara", "radio", "tetera"),
    "zh": ("水壶", "缝纫机", "电风扇", "电饭锅", "收音机", "自行车灯", "挂钟"),
    "ar": ("الغلاية", "ماكينة الخياطة", "المروحة", "الطباخة", "المضخة"),
    "th": ("กาน้ำ", "จักรเย็บผ้า", "พัดลม", "หม้อหุงข้าว", "วิทยุ"),
}  # fmt: skip
NAMES: Final = {
    "en": ("Rosalind Teak", "b_harrow", "Oskar1978", "Mina Velde", "quietpump", "Tom Ashgrove", "Ines Calloway", "kettlefan", "DrHinge", "Pavel Brook", "lena-w", "Hugh"),
    "ko": ("김나무", "느린고래", "박서랍", "물방울", "이다락", "고무장갑", "정오의빛", "coffeebean", "최경첩", "한라봉"),
    "de": ("Jörg Lindqvist", "schraubenfee", "Ute Brandner", "Altholz", "Kasimir_K", "Hannes Voll", "mühlenrad", "Berta"),
    "ja": ("田中みどり", "ねじまき", "山の人", "mikan22", "佐藤はる", "くもり空"),
    "ru": ("Вера Лугова", "старый_мастер", "Пётр Ильин", "zavod77", "Ольга", "Мельник"),
    "fr": ("Élodie Carrel", "vieuxmoulin", "Bastien", "Noëlle Ferret", "tournevis_38", "Hugo Lamy"),
    "es": ("Lucía Prado", "tornillo_loco", "Andrés Vega", "Marisol", "don_cafe", "Íñigo"),
    "zh": ("林小河", "老木匠", "晴天", "wang_88", "陈雨", "慢慢来"),
    "ar": ("سلمى الحداد", "نجار قديم", "يوسف", "mariam_k", "هدى"),
    "th": ("สมชาย ใจดี", "ช่างไม้", "มะลิ", "nok_p", "ปราณี"),
}  # fmt: skip
RANKS: Final = ("Apprentice", "Senior Member", "Moderator", "Regular", "Newcomer", "Well-known member")
SHORT: Final = {
    "en": ("+1", "Same here", "Thank you!"),
    "ko": ("감사합니다", "저도요", "+1"),
    "de": ("Danke dir!", "Hier genauso"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Who writes: a name, the number of the account, and what boards show beside it."""

    name: str
    number: int
    rank: str
    posts: int
    joined: datetime
    signature: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """One record: paragraphs by somebody at a time, perhaps in answer to another by its index."""

    number: int
    by: Member
    at: datetime
    paragraphs: tuple[str, ...]
    parent: int | None = None
    quoted: str | None = None

    @property
    def text(self) -> str:
        """The quotation and the paragraphs."""
        return "\n\n".join((*([self.quoted] if self.quoted else []), *self.paragraphs))


@dataclass(frozen=True, slots=True)
class Thread:
    """A title and what was said, the post first; ``words`` makes more words of the same language."""

    title: str
    language: str
    said: tuple[Said, ...]
    words: "Words"

    def depth(self, at: int) -> int:
        """How many records lie between one and the post; 0 for those that answer the post."""
        depth, parent = 0, self.said[at].parent
        while parent:
            depth, parent = depth + 1, self.said[parent].parent
        return depth

    def children(self, at: int) -> list[int]:
        """The records that answer one, in order."""
        return [each for each, said in enumerate(self.said) if said.parent == at]


@dataclass(slots=True)
class Words:
    """Sentences and names of a language from a seed."""

    language: str
    random: random.Random
    used: set[str] = field(default_factory=set)

    def sentence(self) -> str:
        """A sentence that was not said before."""
        for _ in range(40):
            sentence = self.random.choice(SENTENCES[self.language]).format(
                thing=self.random.choice(THINGS[self.language]), n=self.random.randint(2, 97)
            )
            if sentence not in self.used:
                break
        self.used.add(sentence)
        return sentence + ("。" if self.language in {"ja", "zh"} else ".")

    def paragraphs(self, most: int = 3) -> tuple[str, ...]:
        """One or several paragraphs of up to four sentences."""
        return tuple(
            " ".join(self.sentence() for _ in range(self.random.randint(1, 4)))
            for _ in range(self.random.randint(1, most))
        )

    def title(self) -> str:
        """A title of a thread."""
        return self.sentence()[:60].rstrip(".。 ")

    def members(self, count: int) -> list[Member]:
        """People with names of the language, each once."""
        names = list(NAMES[self.language])
        self.random.shuffle(names)
        more = [f"{name}{at}" for at in range(2, 60) for name in names]
        return [self._member(name) for name in (names + more)[:count]]

    def _member(self, name: str) -> Member:
        joined = datetime(2009, 1, 1, tzinfo=UTC) + timedelta(days=self.random.randint(0, 3000))
        signature = self.sentence() if self.random.random() < 0.3 else None
        return Member(
            name,
            self.random.randint(100, 99999),
            self.random.choice(RANKS),
            self.random.randint(1, 9000),
            joined,
            signature,
        )


def make_thread(
    seed: int, count: int, *, language: str = "en", deepest: int = 1, quotes: bool = False, long: bool = False
) -> Thread:
    """A thread of ``count`` records with the post. They answer each other ``deepest`` levels deep; 1 where all answer the post."""
    chance = random.Random(f"{seed}/{count}/{language}/{deepest}")
    words = Words(language, chance)
    members = words.members(max(2, min(count, 3 + count // 2)))
    at = datetime(2023, 3, 1, 8, 5, 11, tzinfo=UTC) + timedelta(minutes=chance.randint(0, 900_000))
    said: list[Said] = []
    number = chance.randint(3000, 80_000)
    parents = _parents(count, chance, deepest)
    for index in range(count):
        number += chance.randint(1, 40)
        at += timedelta(minutes=chance.randint(3, 2500), seconds=chance.randint(0, 59))
        paragraphs = words.paragraphs(9 if long and index % 4 == 1 else 3)
        if index and long and index % 4 == 2:
            paragraphs = (chance.choice(SHORT.get(language, SHORT["en"])),)
        quoted = None
        if quotes and index > 1 and chance.random() < 0.4:
            quoted = said[chance.randrange(index)].paragraphs[0]
        said.append(Said(number, chance.choice(members), at, paragraphs, parents[index], quoted))
    return Thread(words.title(), language, tuple(said), words)


def _parents(count: int, chance: random.Random, deepest: int) -> list[int | None]:
    """A forest in depth-first order below the post: what nested pages show."""
    parents: list[int | None] = [None]
    path = [0]
    for index in range(1, count):
        keep = chance.randint(1, min(len(path), deepest))
        path = path[:keep]
        parents.append(path[-1])
        path = [*path, index]
    return parents
