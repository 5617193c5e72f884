"""The words Careerly's pages say around a post. Each label, mark and prompt stands here, and here alone."""

import re
from typing import Final

from scraper.model.record import CountName
from scraper.page.counts import NUMBER
from scraper.page.dates import Zone
from scraper.page.gates import GateRule

# The site prints and stores naive times and nobody says in which zone; Korea's is taken for granted.
ZONE: Final = Zone("Asia/Seoul", "assumed")

COUNT_LABELS: Final[dict[str, CountName]] = {
    "조회수": "views",
    "조회": "views",
    "읽음": "views",
    "👀": "views",
    "👁": "views",
    "저장": "saves",
    "스크랩": "saves",
    "북마크": "saves",
    "🔖": "saves",
    "좋아요": "likes",
    "추천": "likes",
    "공감": "likes",
    "도움돼요": "likes",
    "👍": "likes",
    "❤": "likes",
    "♥": "likes",
    "♡": "likes",
    "리포스트": "reposts",
    "재게시": "reposts",
    "공유": "shares",
    "댓글": "comments",
    "💬": "comments",
    "답변": "comments",
}
_LABEL: Final = "|".join(COUNT_LABELS)
COUNT: Final = re.compile(
    rf"(?:(?P<label>{_LABEL}|답글)(?:\s?수)?\s?(?::\s?|[(\[]\s?)?(?P<number>{NUMBER})\s?(?:개|회|명|건|번)?[)\]]?"
    rf"|(?P<first>{NUMBER})\s?(?:개|명|건)의?\s?(?P<named>댓글|답변|답글))"
)
TOTAL: Final = re.compile(r"\A(?:전체|총|모든)\s*\Z")
NUMBER_ALONE: Final = re.compile(rf"{NUMBER}(?:개|회|명|건|번)?")
LABEL_ALONE: Final = re.compile(rf"(?P<label>{_LABEL}|답글)(?:\s?수)?(?:\s?:)?")
LABEL_OPENING: Final = re.compile(rf"(?P<label>{_LABEL})")
# What stands before a title, a date or a name in a row of facts, and what may stand before a linked name alone.
FIELD: Final = re.compile(
    r"제목|주소|분류|카테고리|이름|날짜|(?:작성|등록|게시|발행)(?:일|일시|일자|시각)|(?:제목|글쓴이|작성자|질문자|날짜)\s?:"
    r"|(?:읽는\s?(?:데|시간)\s?)?(?:약\s?)?\d{1,3}분(?:\s?(?:읽기|소요|분량))?(?<!\d분)|읽는\s?시간\s?(?:약\s?)?\d{1,3}분|\d{1,3}\s?min(?:ute)?s?(?:\sread)?"
)
ADDRESS: Final = re.compile(r"(?:(?:주소|원문|출처|링크|URL)\s?:\s?)https?://\S+", re.IGNORECASE)
TITLE_LABEL: Final = re.compile(r"(?:제목|Title)\s?:\s?(?=\S)", re.IGNORECASE)
NAME_LABEL: Final = re.compile(
    r"(?:글|글쓴이|작성자|질문자|답변자|저자|필자|이름|(?:written\s|posted\s)?by|[—–\-])\s?:?", re.IGNORECASE
)
NAME_LABEL_BEFORE: Final = re.compile(
    r"\A(?:(?:글쓴이|작성자|질문자|저자|필자)\s?:?\s|(?:written\s|posted\s)?by\s|[—–]\s?)", re.IGNORECASE
)
SIGNED: Final = re.compile(
    r"(?:글쓴이|작성자|저자|필자)\s?:\s?(?P<name>[^\s·•|,][^·•|,]{0,30})|(?:written )?by (?P<by>[^\s·•|,][^·•|,]{0,30})"
)
SEPARATOR: Final = re.compile(r"\s*[•·∙・|ㆍ⋅‧]\s*")

ACTION: Final = re.compile(
    rf"(?:{_LABEL}|답글)"
    r"|(?:답글|댓글|답변)\s?(?:쓰기|달기|남기기|작성|작성하기|등록|입력|보기|숨기기|접기|더\s?보기|모두\s?보기)"
    r"|답글\s?\d+개?\s?(?:더\s?)?보기|(?:이전|다음)\s?(?:댓글|답글)(?:\s?\d+개)?\s?(?:더\s?)?보기"
    r"|(?:\.{2,3}|…)?\s?더\s?보기|접기|공유하기|저장하기|저장됨|리포스트하기|좋아요\s?취소|링크\s?복사|신고|신고하기|차단|숨기기"
    r"|팔로우|팔로잉|팔로우하기|\+\s?팔로우|구독|구독하기|메시지|커피챗|프로필\s?보기|등록|게시|취소|복사|인쇄|메뉴|닫기"
    r"|인기순|최신순|등록순|오래된\s?순|추천순|좋아요순|채택하기|도움이\s?돼요|도움돼요|👍|❤️?|♥|♡"
)
FOLLOW: Final = re.compile(r"\+?\s?(?:팔로우(?:하기)?|팔로잉|구독(?:하기)?)")
EDITED: Final = re.compile(r"\(?(?:수정됨|편집됨)\)?")
EDITED_SUFFIX: Final = re.compile(r"\s*\((?:수정됨|편집됨)\)\s*\Z")
BADGE: Final = re.compile(r"작성자|글쓴이|질문자")
TAG: Final = re.compile(r"#([^\s#,]+)")
TAGS: Final = re.compile(r"(?:(?:태그|키워드)\s?:?\s?)?(?:#[^\s#,]+[\s,]*)+")
PINNED: Final = re.compile(r"(?:📌\s?)?(?:상단\s?)?고정(?:됨|된\s?(?:댓글|답글|답변))")
SUBMIT: Final = re.compile(r"(?:(?:댓글|답변)\s?)?(?:등록|게시|작성)(?:하기)?")
ACCEPTED: Final = re.compile(r"(?:질문자\s?)?채택|채택됨|채택된\s?답변|채택\s?답변|베스트\s?답변")
DELETED_COMMENT: Final = re.compile(
    r"(?=.{4,50}\Z)(?:삭제된\s(?:댓글|답글|답변|의견)"
    r"|(?:\S+\s){0,3}(?:삭제|블라인드|신고|숨김)\S*\s(?:\S+\s)?(?:댓글|답글|답변|의견)(?:입니다|이에요|이예요|임)"
    r"|(?:\S+\s)?(?:댓글|답글|답변|의견)[은는이가]\s(?:\S+\s){0,4}(?:삭제|블라인드|숨김)(?:\s?처리)?(?:되었|됐|했|하였)(?:습니다|어요|음))[.!]?"
)
NO_AUTHOR: Final = re.compile(
    r"\(?(?:알\s?수\s?없는\s?(?:사용자|회원|유저)|탈퇴한?\s?(?:사용자|회원|유저|계정)(?:입니다)?)\.?\)?"
)

# A full stop behind a single capital letter ends an initial.
SENTENCE_END: Final = re.compile(r"(?:[?!~…,:]|:\)|(?<![A-Z])\.|.{3}[요다죠])\Z")

RELATED: Final = re.compile(
    r"(?=.{2,60}\Z).*(?:관련(?:된|\s|글|게시|콘텐츠|질문|포스트)|추천\s?(?:글|게시|콘텐츠|포스트|질문|프로필)|함께\s?(?:읽|보|본)|이런\s?(?:글|게시물|콘텐츠|질문)은?"
    r"|다른\s?(?:글|게시물|게시글|콘텐츠|질문|포스트)|더\s?(?:읽어|둘러|많은)|인기\s?(?:글|게시|콘텐츠|포스트|질문|있는)|지금\s?뜨는|주목할|비슷한|이어서\s?읽|최근\s?(?:글|게시)"
    r"|(?:많이|자주)\s?(?:본|읽은|찾는)|놓치지|트렌드|추천합니다|추천해요|추천드려요).*"
)
IMPRINT: Final = re.compile(
    r".*(?:©|ⓒ|Copyright|All rights reserved|사업자\s?등록\s?번호|통신판매업|대표\s?(?:이사)?\s?[:：]).*",
    re.IGNORECASE | re.DOTALL,
)
POLICIES: Final = re.compile(
    r"(?=.{2,80}\Z)(?:\S+\s)?(?:고객\s?센터|이용\s?약관|개인정보\s?(?:처리|취급)\s?방침).*"
)
# What the site says of itself, and what the button beside it says.
NOTICE: Final = re.compile(
    r"(?=.{2,120}\Z).*(?:커리어리|careerly|쿠키|cookie|앱(?:에서|으로|을)|설치|다운로드).*", re.IGNORECASE
)
CONSENT: Final = re.compile(
    r"(?:모두\s?)?(?:동의|허용|수락|확인|거부|거절|닫기)(?:합니다|하기|함)?|×|✕|X|OK|앱(?:으로|에서)?\s?(?:보기|열기|설치|다운로드)",
    re.IGNORECASE,
)
COMPOSER: Final = re.compile(
    r"(?=.{2,60}\Z)(?:.*(?:댓글|답글|답변|의견)(?:을|를)?\s?(?:남겨|남기|입력|작성|달아|써).*(?:세요|주세요|있습니다|있어요|됩니다)(?:\.{1,3}|…|!)?"
    r"|.*로그인\s?(?:후|하고|하면|이\s?필요).*(?:세요|있습니다|있어요|합니다|됩니다)(?:\.{1,3}|…|!)?)"
)
MENU: Final = re.compile(
    r"커리어리|careerly|홈|커피챗|피드|트렌드|Q&A|QnA|질문|질문하기|채용|채용공고|이직|검색|알림|프로필|내\s?프로필|글\s?쓰기|글쓰기|로그인|회원\s?가입"
    r"|로그아웃|로그인\s?[/·]\s?회원\s?가입|시작하기|무료로\s?시작하기|앱\s?다운로드|앱에서\s?보기|앱으로\s?보기|네트워크|커뮤니티|뉴스레터|탐색|마이\s?페이지|설정|전체|메뉴|뒤로|뒤로\s?가기|이전|닫기"
    r"|본문\s?바로\s?가기|게시물|게시글|아티클|AI 채팅|공지사항|이벤트|목록|목록으로|맨\s?위로|위로|고객\s?센터",
    re.IGNORECASE,
)

PROMPT: Final = GateRule(
    name="careerly.signup-prompt",
    opening=re.compile(r"다음 내용이 궁금하다면\s?\?"),
    said=re.compile(r"또는|이미 회원이신가요\s?\?"),
    offers=re.compile(
        r"(?=.{2,40}\Z).*(?:로그인|회원\s?가입|가입하기|가입하고|시작하기|계속하기|계속\s?(?:읽|보)기|이어서?\s?(?:읽|보)기|전체\s?(?:보기|글|내용)).*"
        r"|(?:카카오톡?|네이버|구글|페이스북|애플|이메일|링크드인|깃허브|Google|Kakao|Naver|Apple|Facebook|LinkedIn|GitHub|Email)(?:로|으로)?(?:\s(?:가입|로그인|시작|계속))?",
        re.IGNORECASE,
    ),
    fine_print=re.compile(r"(?=.{2,90}\Z).*(?:이용\s?약관|개인정보).*"),
)

SITE_TITLE: Final = re.compile(r"\s*[-|–—·:]\s*(?:커리어리|careerly).*\Z", re.IGNORECASE)
# Titles of a page that name the site or the kind of page, and not what stands on it.
GENERIC_TITLE: Final = re.compile(
    r"(?:커리어리|careerly)(?:\s*[-|–—·:,].*)?|(?:.{1,30}님의\s)?(?:게시물|게시글|글|포스트|질문|답변|댓글)(?:\s?(?:상세|보기))?",
    re.IGNORECASE,
)
LOGIN_TITLE: Final = re.compile(r"(?:로그인|회원\s?가입|log ?in|sign ?(?:in|up))", re.IGNORECASE)
ERROR_TITLE: Final = re.compile(
    r"\b(?:404|500|502|503)\b|페이지를?\s?찾을\s?수\s?없|존재하지\s?않는\s?(?:페이지|게시|글)|잘못된\s?(?:접근|주소)|오류가\s?발생|서비스\s?점검|Not Found|Server Error|Bad Gateway|Application error",
    re.IGNORECASE,
)
