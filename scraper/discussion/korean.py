"""Korean: the words that Korean pages say around a post, its comments and themselves."""

from typing import Final

from scraper.discussion.vocabulary import Vocabulary

_TITLE: Final = "제목"
_DATE: Final = "날짜"
_NAME: Final = "이름"
_WRITER: Final = "글쓴이|작성자"
_ASKER: Final = "질문자"
_PENNED: Final = "저자|필자"
_COMMENT: Final = "댓글"
_REPLY: Final = "답글"
_ANSWER: Final = "답변"
_OPINION: Final = "의견"
_SAYING: Final = f"(?:{_COMMENT}|{_REPLY}|{_ANSWER})"
_SAYING_OR_OPINION: Final = f"(?:{_COMMENT}|{_REPLY}|{_ANSWER}|{_OPINION})"
_MEMBER: Final = "사용자|회원|유저"
_FOLLOW: Final = "팔로우"
_SEND: Final = "등록|게시|작성"
_LIKE: Final = "좋아요"
_MINUTES: Final = r"\d{1,3}분"
_READING_TIME: Final = rf"(?:읽는\s?(?:데|시간)\s?)?(?:약\s?)?{_MINUTES}(?:\s?(?:읽기|소요|분량))?(?<!\d분)|읽는\s?시간\s?(?:약\s?)?{_MINUTES}"
_INSTALL: Final = "설치|다운로드"
_HELP_DESK: Final = r"고객\s?센터"

KOREAN: Final = Vocabulary(
    count_labels={
        "조회수": "views",
        "조회": "views",
        "읽음": "views",
        "저장": "saves",
        "스크랩": "saves",
        "북마크": "saves",
        _LIKE: "likes",
        "추천": "likes",
        "공감": "likes",
        "도움돼요": "likes",
        "리포스트": "reposts",
        "재게시": "reposts",
        "공유": "shares",
        _COMMENT: "comments",
        _ANSWER: "comments",
    },
    reply=_REPLY,
    answer=_ANSWER,
    label_suffix="수",
    counter="개|회|명|건|번",
    counter_before="(?:개|명|건)의?",
    total="전체|총|모든",
    field=rf"{_TITLE}|주소|분류|카테고리|{_NAME}|{_DATE}|(?:{_SEND}|발행)(?:일|일시|일자|시각)"
    rf"|(?:{_TITLE}|{_WRITER}|{_ASKER}|{_DATE})\s?:|{_READING_TIME}",
    title_label=_TITLE,
    date_label=rf"(?:{_SEND}|수정)일?",
    date_suffix=r"(?:에\s?)?(?:작성|게시)됨?",
    address_label="주소|원문|출처|링크",
    name_label=f"글|{_WRITER}|{_ASKER}|답변자|{_PENNED}|{_NAME}",
    name_opening=rf"(?:{_WRITER}|{_ASKER}|{_PENNED})\s?:?\s",
    signature=rf"(?:{_WRITER}|{_PENNED})\s?:\s?",
    tag_label="태그|키워드",
    action=rf"{_SAYING}\s?(?:쓰기|달기|남기기|작성|작성하기|등록|입력|보기|숨기기|접기|더\s?보기|모두\s?보기)"
    rf"|{_REPLY}\s?\d+개?\s?(?:더\s?)?보기|(?:이전|다음)\s?(?:{_COMMENT}|{_REPLY})(?:\s?\d+개)?\s?(?:더\s?)?보기"
    rf"|(?:\.{{2,3}}|…)?\s?더\s?보기|접기|공유하기|저장하기|저장됨|리포스트하기|{_LIKE}\s?취소|링크\s?복사|신고|신고하기|차단|숨기기"
    rf"|{_FOLLOW}|팔로잉|{_FOLLOW}하기|\+\s?{_FOLLOW}|구독|구독하기|메시지|커피챗|프로필\s?보기|등록|게시|취소|복사|인쇄|메뉴|닫기"
    rf"|인기순|최신순|등록순|오래된\s?순|추천순|{_LIKE}순|채택하기|도움이\s?돼요",
    follow=f"{_FOLLOW}(?:하기)?|팔로잉|구독(?:하기)?",
    comment_action=rf"(?:{_REPLY}|{_COMMENT})(?:\s?(?:쓰기|달기|남기기))?|{_LIKE}|도움이?\s?돼요",
    submit=rf"(?:(?:{_COMMENT}|{_ANSWER})\s?)?(?:{_SEND})(?:하기)?",
    edited="수정됨|편집됨",
    badge=f"{_WRITER}|{_ASKER}",
    pinned=rf"(?:📌\s?)?(?:상단\s?)?고정(?:됨|된\s?{_SAYING})",
    accepted=rf"(?:{_ASKER}\s?)?채택|채택됨|채택된\s?{_ANSWER}|채택\s?{_ANSWER}|베스트\s?{_ANSWER}",
    deleted_comment=rf"삭제된\s{_SAYING_OR_OPINION}"
    rf"|(?:\S+\s){{0,3}}(?:삭제|블라인드|신고|숨김)\S*\s(?:\S+\s)?{_SAYING_OR_OPINION}(?:입니다|이에요|이예요|임)"
    rf"|(?:\S+\s)?{_SAYING_OR_OPINION}[은는이가]\s(?:\S+\s){{0,4}}(?:삭제|블라인드|숨김)(?:\s?처리)?(?:되었|됐|했|하였)(?:습니다|어요|음)",
    nobody=rf"알\s?수\s?없는\s?(?:{_MEMBER})|탈퇴한?\s?(?:{_MEMBER}|계정)(?:입니다)?",
    verb_ending="다|요|죠",
    particle="은|는|을|를",
    informal_ending="[까네음함임됨군자라지걸셈듯ㅋㅎㅠㅜㅇ]",
    related=r"관련(?:된|\s|글|게시|콘텐츠|질문|포스트)|추천\s?(?:글|게시|콘텐츠|포스트|질문|프로필)|함께\s?(?:읽|보|본)|이런\s?(?:글|게시물|콘텐츠|질문)은?"
    r"|다른\s?(?:글|게시물|게시글|콘텐츠|질문|포스트)|더\s?(?:읽어|둘러|많은)|인기\s?(?:글|게시|콘텐츠|포스트|질문|있는)|지금\s?뜨는|주목할|비슷한|이어서\s?읽|최근\s?(?:글|게시)"
    r"|(?:많이|자주)\s?(?:본|읽은|찾는)|놓치지|트렌드|추천합니다|추천해요|추천드려요",
    imprint=r"사업자\s?등록\s?번호|통신판매업|대표\s?(?:이사)?\s?[:：]",
    policies=rf"{_HELP_DESK}|이용\s?약관|개인정보\s?(?:처리|취급)\s?방침",
    notice=f"쿠키|앱(?:에서|으로|을)|{_INSTALL}",
    consent=rf"(?:모두\s?)?(?:동의|허용|수락|확인|거부|거절|닫기)(?:합니다|하기|함)?|앱(?:으로|에서)?\s?(?:보기|열기|{_INSTALL})",
    composer=rf".*{_SAYING_OR_OPINION}(?:을|를)?\s?(?:남겨|남기|입력|작성|달아|써).*(?:세요|주세요|있습니다|있어요|됩니다)(?:\.{{1,3}}|…|!)?"
    r"|.*로그인\s?(?:후|하고|하면|이\s?필요).*(?:세요|있습니다|있어요|합니다|됩니다)(?:\.{1,3}|…|!)?",
    menu=r"홈|커피챗|피드|트렌드|질문|질문하기|채용|채용공고|이직|검색|알림|프로필|내\s?프로필|글\s?쓰기|글쓰기|로그인|회원\s?가입"
    r"|로그아웃|로그인\s?[/·]\s?회원\s?가입|시작하기|무료로\s?시작하기|앱\s?다운로드|앱에서\s?보기|앱으로\s?보기|네트워크|커뮤니티|뉴스레터|탐색|마이\s?페이지|설정|전체|메뉴|뒤로|뒤로\s?가기|이전|닫기"
    rf"|본문\s?바로\s?가기|게시물|게시글|아티클|AI 채팅|공지사항|이벤트|목록|목록으로|맨\s?위로|위로|{_HELP_DESK}",
    generic_title=rf"(?:.{{1,30}}님의\s)?(?:게시물|게시글|글|포스트|질문|{_ANSWER}|{_COMMENT})(?:\s?(?:상세|보기))?",
    login_title=r"로그인|회원\s?가입",
    error_title=r"페이지를?\s?찾을\s?수\s?없|존재하지\s?않는\s?(?:페이지|게시|글)|잘못된\s?(?:접근|주소)|오류가\s?발생|서비스\s?점검",
)
