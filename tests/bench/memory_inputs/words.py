"""Text of our own that says nothing and does not compress to nothing."""

from random import Random
from typing import Final

_WORDS: Final = [
    "겨울",
    "산책",
    "이웃",
    "시장",
    "골목",
    "사진",
    "저녁",
    "준비",
    "회사",
    "동료",
    "책장",
    "여행",
    "기차",
    "바다",
    "시간",
    "질문",
    "대답",
    "경험",
    "공부",
    "연습",
    "커피",
    "점심",
    "약속",
    "마음",
    "계획",
    "기록",
    "주말",
    "아침",
    "창문",
    "나무",
    "강변",
    "자전거",
    "수업",
    "발표",
    "자료",
    "정리",
    "모임",
    "후기",
    "추천",
    "winter",
    "walk",
    "market",
    "photo",
    "dinner",
    "office",
    "shelf",
    "journey",
    "train",
    "ocean",
    "question",
    "answer",
    "practice",
    "coffee",
    "plan",
    "record",
    "weekend",
    "window",
    "bicycle",
    "lesson",
    "notes",
    "meeting",
    "review",
    "garden",
    "letter",
    "river",
    "morning",
    "station",
    "harbour",
]


def told(random: Random, words: int) -> str:
    """So many words and numbers, the same for the same ``random``."""
    chosen = random.choices(_WORDS, k=words)
    return (
        " ".join(
            f"{word}{random.randrange(10_000)}" if not at % 3 else word for at, word in enumerate(chosen)
        )
        + "."
    )
