"""What sites show whoever is signed in, and whoever is not: words in many languages, addresses, and marks of software."""

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The words of links, buttons and forms, in lower case, as the whole of what these say.
SIGN_OUT: Final = re.compile(
    r"(?:log|sign)[ -]?(?:me )?out|log[ -]?off"  # en
    r"|로그 ?아웃(?: ?하기)?"
    r"|ログ ?アウト(?:する)?|サインアウト|ログオフ"
    r"|退出登[录入錄]|退出(?:账号|账户|帳號)|登出|安全退出|注销登录"
    r"|ausloggen"
    r"|(?:se |me )?d[ée]connecter|d[ée]connexion|d[ée]connectez-vous"
    r"|cerrar (?:la )?sesi[óo]n|finalizar (?:la )?sesi[óo]n"
    r"|(?:terminar|encerrar) (?:a )?sess[ãa]o|fazer logout"
    r"|disconnetti(?:ti)?|esegui (?:il )?logout"
    r"|uitloggen|log uit"
    r"|wyloguj(?: się)?|wylogowanie"
    r"|logga ut|log ud|logg ut|kirjaudu ulos"
    r"|odhlásit se|odhlásiť sa|kijelentkezés|deconectare|odjavi se|изход|излизане"
    r"|çıkış yap|oturumu kapat"
    r"|выйти из (?:аккаунта|системы|профиля)|вийти з (?:акаунту|облікового запису)"
    r"|αποσύνδεση|đăng xuất|log keluar|ออกจากระบบ|ลงชื่อออก"
    r"|تسجيل الخروج|التنتق|התנתק(?:ות)?|लॉग ?आउट(?: करें)?"
)
SIGN_IN: Final = re.compile(
    r"(?:\S+ ){0,2}(?:log|sign)[ -]?(?:in|on)\b(?! as).*|(?:\S+ ){0,2}login\b.*|already (?:a member|have an account)\b.*|(?:create|register|open) (?:an|a free|a new|new|your) account|sign[ -]?up|join now"
    r"|.{0,12}로그 ?인(?! ?(?:됨|중|상태|유지)).*|회원 ?가입"
    r"|.{0,12}ログイン(?!中).*|サインイン|(?:新規)?会員登録|新規登録"
    r"|(?:立即|请|請|免费|会员|會員)?登[录入錄陆]|登[录入錄][/|／].*"
    r"|(?:\S+ ){0,1}(?:anmelden|einloggen)\b.*|anmeldung|registrieren|s['’]identifier|se connecter|connexion|connectez-vous"
    r"|iniciar sesi[óo]n|inicia sesi[óo]n|acceder|identifícate|ingresar|entrar|iniciar sess[ãa]o|fazer login"
    r"|accedi|inloggen|aanmelden|zaloguj(?: się)?|logowanie|logga in|log ind|logg inn|kirjaudu(?: sisään)?"
    r"|přihlásit(?: se)?|přihlášení|prihlásiť(?: sa)?|bejelentkezés|belépés|autentificare|conectare|prijava|prijavi se"
    r"|giriş(?: yap)?|oturum aç|войти|вход|увійти|вхід|вхід|σύνδεση|đăng nhập|masuk|เข้าสู่ระบบ|ลงชื่อเข้าใช้"
    r"|تسجيل الدخول|התחבר(?:ות)?|लॉग ?इन(?: करें)?"
)
_OUT: Final = (
    r"log[-_]?out|log[-_]?off|sign[-_]?out|sign[-_]?off|de-?connexion|deconnecter|cerrar[-_]?sesion|terminar[-_]?sessao"
    r"|abmelden|ausloggen|uitloggen|afmelden|wyloguj|logga[-_]?ut|odhlasit|kijelentkezes|deconectare|로그아웃|ログアウト"
)
_IN: Final = r"log[-_]?in|sign[-_]?in|log[-_]?on|connexion|iniciar[-_]?sesion|einloggen|inloggen|zaloguj|logga[-_]?in|로그인|ログイン"
_AROUND: Final = r"(?:[\w-]{0,24}?[-_:.]|user|member|do|disp\w{0,12}|on|go|wp|auth|account|ajax)??"
_AFTER: Final = r"(?:[-_.]?(?:action|process|proc|confirm|user|form|page|ok|do|now|link))?(?:\.[a-z]{2,5})?"
# A segment of a path, the name or the value of a parameter, in lower case.
OUT_ADDRESS: Final = re.compile(rf"{_AROUND}(?:{_OUT}){_AFTER}")
IN_ADDRESS: Final = re.compile(rf"{_AROUND}(?:{_IN}){_AFTER}")
OUT_STEMS: Final = re.compile(
    "out|off|connexion|connecter|sesion|sessao|abmelden|ausloggen|uitloggen|afmelden|wyloguj|odhlasit|kijelent|deconect|logga|로그아웃|ログアウト"
)
# The same words are said of newsletters.
NO_ACCOUNT: Final = re.compile(r"newsletter|unsubscri|mailing|abonn|subscription")

# Classes of the whole page (`html`, `body`), and attributes with true or false.
IN_CLASSES: Final = _words(
    "logged-in loggedin logged_in is-logged-in is-loggedin user-logged-in user-loggedin user-is-logged-in userloggedin"
    " signed-in signedin is-signed-in user-signed-in is-authenticated user-authenticated admin-bar"
)
OUT_CLASSES: Final = _words(
    "logged-out loggedout logged_out not-logged-in not-loggedin notloggedin user-logged-out user-not-logged-in is-logged-out"
    " signed-out signedout not-signed-in is-signed-out anonymous anon guest is-guest is-anonymous user-anonymous visitor"
)
FLAG_ATTRIBUTES: Final = re.compile(r"data-(?:user-)?(?:is-)?(?:logged-?in|signed-?in|authenticated|login)")
# Names of meta elements whose content is whoever is signed in; GitHub, Rails and others write them.
USER_METAS: Final = (
    "user-login",
    "current-user",
    "current-user-id",
    "current-username",
    "current-user-name",
    "signed-in-user",
)
# The toolbar of WordPress: it stands there for who is signed in alone.
BARS: Final = ("#wpadminbar", "#wp-admin-bar-my-account", "#wp-admin-bar-logout")
# Where software shows whoever is signed in: WordPress, XenForo, MediaWiki, phpBB, Hacker News, Reddit as it was, Discuz.
NAME_PLACES: Final = (
    "#wpadminbar .display-name, #wpadminbar .username, .p-navgroup-link--user .p-navgroup-linkText, #pt-userpage a, #username_logged_in .username"
    ", a#me[href^=user], #header-bottom-right .user > a[href*='/user/'], #um .vwmy a"
)

# Keys of JSON and of assignments whose true or false tells whether somebody is signed in.
FLAG_KEYS: Final = r"(?:is_?)?(?:user_?)?(?:logged|signed)_?in|is_?logged|(?:is_?)?(?:user_?)?authenticated"
# Keys below which the data of a page has whoever looks at it.
USER_KEYS: Final = _words(
    "currentuser current_user loggedinuser logged_in_user signedinuser sessionuser session_user authuser auth_user authenticateduser"
    " viewer me loginuser login_user logininfo logged_info loggeduser"
)
ID_KEYS: Final = (
    "id",
    "uid",
    "userId",
    "user_id",
    "_id",
    "uuid",
    "memberId",
    "member_srl",
    "userid",
    "databaseId",
)
NAME_KEYS: Final = (
    "displayName",
    "display_name",
    "displayname",
    "name",
    "nickname",
    "nickName",
    "nick_name",
    "nick",
    "username",
    "userName",
    "user_name",
    "login",
    "screenName",
    "screen_name",
    "handle",
    "slug",
    "userslug",
    "fullname",
    "fullName",
)
NOBODY: Final = frozenset(
    (
        "",
        "0",
        "-1",
        "null",
        "none",
        "undefined",
        "guest",
        "anonymous",
        "anon",
        "visitor",
        "nobody",
        "손님",
        "방문자",
        "비회원",
        "gast",
        "ゲスト",
    )
)
# What scripts that hold one of the keys above are not without.
HINTS: Final = (
    *(
        "oggedIn",
        "ogged_in",
        "ignedIn",
        "igned_in",
        "uthenticated",
        "sLogged",
        "is_logged",
        "urrentUser",
        "urrent_user",
        "essionUser",
        "uthUser",
        '"viewer"',
        '"me":',
        "oginUser",
        "login_user",
    ),
    *("ogged_info", "loggedUser", '"session"'),
)
VARIABLE_HINTS: Final = (
    "g5_is_member",
    "discuz_uid",
    "SECURITYTOKEN",
    "smf_member_id",
    "wgUserName",
    "memberID",
)
FLAG: Final = re.compile(
    rf"(?:\b(?:var|let|const)\s+|\bwindow\.)(?:{FLAG_KEYS})\s*=\s*[\"']?(?P<value>true|false|1|0)\b",
    re.IGNORECASE,
)
# Variables of scripts, with what they hold where nobody is signed in: gnuboard, Discuz, vBulletin, SMF, MediaWiki, Invision.
VARIABLES: Final = re.compile(
    r"\bg5_is_member\s*=\s*\"(?P<gnuboard>[^\"]*)\""
    r"|\bdiscuz_uid\s*=\s*'(?P<discuz>\d+)'"
    r"|\bSECURITYTOKEN\s*=\s*\"(?P<vbulletin>[^\"]*)\""
    r"|\bsmf_member_id\s*=\s*(?P<smf>\d+)"
    r"|\"?wgUserName\"?\s*:\s*(?P<mediawiki>null|\"[^\"]*\")"
    r"|\bmemberID\s*:\s*(?P<invision>\d+)"
)

# How pages greet whoever is signed in: the whole of a short line, with the name. The first say it, the others say it beside a sign-out.
_NAME: Final = r"(?P<name>[^\s:,.!|\[\]()][^:,!|\[\]()\n]{0,38}?)"
GREETINGS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:you(?:['’]re| are) )?(?:currently )?(?:logged|signed) ?in as:? @?{_NAME}(?=\s*[.,!|(\[]|\s*$| (?:log|sign) ?out| edit)",
        rf"{_NAME} ?(?:님)?(?:으로|로|이|가)? 로그인 ?(?:중|되어|했|하셨|한 상태).*",
        rf"(?:angemeldet|eingeloggt) als:? {_NAME}(?=\s*[.,!|(\[]|\s*$)",
        rf"connecté(?:e|\(e\))? (?:en tant que|sous le nom de?):? {_NAME}(?=\s*[.,!|(\[]|\s*$)",
        rf"(?:conectado|identificado|sesión iniciada|logado|autenticado)(?:a|\(a\))? como:? {_NAME}(?=\s*[.,!|(\[]|\s*$)",
        rf"(?:connesso|autenticato|collegato)(?:a)? come:? {_NAME}(?=\s*[.,!|(\[]|\s*$)",
        rf"(?:ingelogd|aangemeld) als:? {_NAME}(?=\s*[.,!|(\[]|\s*$)",
        rf"zalogowan[ya]?(?:/a)? jako:? {_NAME}(?=\s*[.,!|(\[]|\s*$)",
        rf"(?:inloggad|logget ind|logget inn) som:? {_NAME}(?=\s*[.,!|(\[]|\s*$)",
        rf"вы вошли как:? {_NAME}(?=\s*[.,!|(\[]|\s*$)",
        rf"{_NAME} ?(?:さん|様)?として?ログイン(?:中|して|しています).*",
        rf"ログイン中[:：]? ?{_NAME}(?:さん|様)?$",
    )
)
BESIDE: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:welcome(?: back)?|hello|hi|howdy|how are you|hallo|willkommen|bonjour|bienvenue|hola|bienvenid[oa]|olá|ciao|benvenuto|welkom|witaj|cześć|hej|здравствуйте|привет),? {_NAME}(?=\s*[.,!|(\[]|\s*$)",
        rf"(?:안녕하세요|반갑습니다|환영합니다)?[,.! ]*{_NAME} ?(?:님|씨|회원님)(?:[,.! ]*(?:안녕하세요|환영합니다|반갑습니다|반가워요|어서오세요|의 .*))?",
        rf"(?:ようこそ|こんにちは)?[、,! ]*{_NAME} ?(?:さん|様)",
        rf"(?:您好|你好|欢迎(?:您|回来)?|歡迎(?:您|回來)?)[,，:： ]*{_NAME}(?=\s*[.,!|(\[，]|\s*$)",
        rf"(?:log|sign) ?out [\[(] ?{_NAME} ?[\])]",
        rf"로그아웃 ?[\[(] ?{_NAME} ?[\])]",
    )
)
# Account menus, as sites call them.
ACCOUNT_MENUS: Final = ", ".join(
    f'[{attribute}*="{name}" i]'
    for attribute, names in (
        (
            "class",
            (
                "user-menu",
                "usermenu",
                "user_menu",
                "account-menu",
                "account_menu",
                "accountmenu",
                "profile-menu",
                "member-menu",
                "my-menu",
            ),
        ),
        (
            "id",
            (
                "user-menu",
                "usermenu",
                "user_menu",
                "account-menu",
                "account_menu",
                "profile-menu",
                "member-menu",
            ),
        ),
        ("aria-label", ("account menu", "user menu", "profile menu", "계정 메뉴", "사용자 메뉴", "내 메뉴")),
    )
    for name in names
)
# Words of account menus: what is put together of these alone is nobody's name.
MENU: Final = _words(
    "a about account accounts activity admin administration alerts all and avatar badges basket billing blog blogs board bookmark bookmarks business cart change chat close"
    " community contact contributions control cp create dashboard developer discussions download downloads draft drafts edit explore faq favorites favourites feed feedback follow"
    " following forum forums friends get gift groups help hello hi history home how inbox invite is it items job jobs language learn library like likes list lists loading log logged"
    " login logout mail manage mark me member members membership menu message messages more my name new news newsletter newsletters next notification notifications of off on online"
    " open options order orders page pages panel password payment payments photo picture plan play points post posts preferences premium press privacy profile public purchases"
    " question questions rate read recent register reply review reviews rewards safety save saved search security see send settings setup share shop show sign site start status stories"
    " story submit subscribe subscription subscriptions support switch talk the this to topics tools top unread up upgrade upload user usercp users video videos view watchlist welcome"
    " wishlist with works write you your as in out required fields marked back howdy signed logged"
    " 로그아웃 로그인 중 씨 반갑습니다 반가워요 회원님 님으로 으로 로 되었습니다 되어 있습니다 ログアウト ログイン さん 様 退出 登录 登出 您好 欢迎 ausloggen angemeldet eingeloggt als déconnexion connecté en tant que se déconnecter cerrar sesión 退出登录 sair disconnetti uitloggen ingelogd wyloguj się zalogowany zalogowana jako выйти logga ut olá welkom witaj"
    " 내 나의 마이 정보 글 페이지 마이페이지 서재 블로그 활동 계정 홈 설정 알림 쪽지 메시지 회원 회원정보 수정 정보수정 프로필 글쓰기 장바구니 관리 관리자 스크랩 포인트 님 메뉴 검색 즐겨찾기 구독 주문 내역"
    " 주문내역 고객센터 책갈피 편집 온라인 오프라인 안녕하세요 환영합니다 보기 내글 내정보 북마크 댓글 게시판 전체 더보기 닫기 이동 바로가기 열기 사용자 이름 아이디 비밀번호 탈퇴 목록 공지"
    " マイページ 設定 通知 メッセージ プロフィール アカウント ホーム 検索 メニュー ようこそ 会員 情報 我的 个人中心 设置 設置 消息 提醒 收藏 首页 首頁 搜索 发帖 积分"
    " mein meine konto profil einstellungen nachrichten benachrichtigungen bestellungen übersicht willkommen hallo abmelden mon ma mes compte paramètres messagerie bonjour mi mis cuenta"
    " perfil ajustes configuración mensajes hola minha conta configurações il mio impostazioni profilo messaggi ciao mijn instellingen berichten moje ustawienia min mina sidor inställningar"
    " мой моя профиль настройки сообщения личный кабинет hesabım profilim ayarlar"
)
# Where the address of a profile, and of nothing below it, leads.
PROFILE: Final = re.compile(
    r"/(?:@|~)[^/?#]+/?$|/(?:users?|u|members?|profiles?|people|authors?|space|home)/[^/?#]+/?$|(?:^|/)(?:profile|member|user|memberlist|space)(?:\.php)?\?(?:[^#]*&)?(?:u|uid|user|id)=\w+$|/index\.php\?action=profile;u=\d+$",
    re.IGNORECASE,
)
# Classes of what scripts show to some and hide from others.
TOGGLED: Final = re.compile(
    r"only-?(?:auth|logged|signed|member|user)|(?:logged-?in|auth|authenticated|signed-?in|members?|users?)-?only|(?:show|visible|display)-(?:if-|when-|for-|to-)?(?:logged|signed|auth|members?\b|users?\b)"
    r"|(?:if|when)-(?:logged|signed)|(?:no|not|hide|hidden)-?(?:when-|if-|for-)?(?:login|logged|signed|anon|guest)|is-auth0",
    re.IGNORECASE,
)
NAME_CLASS: Final = re.compile(
    r"(?:^|[-_ ])(?:display-?name|user-?name|nick(?:-?name)?|member-?name|login-?name|my-?name|account-?name|screen-?name|handle)(?:$|[-_ ])",
    re.IGNORECASE,
)
# Where people write, and where sites put what is not of the page's matter.
CONTENT_TAGS: Final = frozenset(("article", "blockquote", "pre", "code", "figure"))
CONTENT_CLASS: Final = re.compile(
    r"(?:post|entry|article|story|message|comment|reply|topic|view|read|board|answer|question|document|blog|content)[-_]?_?(?:content|body|text|con|cont|inner|copy|desc\w*)s?\b"
    r"|xe_content|\bcooked\b|markdown|rd_body|fr-view|ck-content|\bprose\b|mw-parser-output|user-?content|rich-?text|postcontent|bo_v_con|wiki-?content",
    re.IGNORECASE,
)
# What holds posts and the forms to answer them: whoever is named in it wrote there.
OF_THREADS: Final = re.compile(
    r"(?:^|[-_ ])(?:comments?|commentlist|respond|replies|threads?|hentry)(?:$|[-_ ])",
    re.IGNORECASE,
)
CHROME_TAGS: Final = frozenset(("nav", "header", "footer", "aside", "form", "menu", "dialog", "button"))
CHROME_ROLES: Final = frozenset(
    ("navigation", "banner", "menu", "menubar", "toolbar", "dialog", "contentinfo", "complementary")
)
CHROME_CLASS: Final = re.compile(
    r"(?:^|[-_ ])(?:nav\w*|menu\w*|header|topbar|top-?bar|tool-?bar|tnb|gnb|lnb|snb|util\w*|sidebar|dropdown\w*|user-?(?:menu|bar|panel|links|nav|info|tools)|account\w*|outlogin|ol_?\w*|login\w*|member-?(?:menu|info|box)|footer|masthead|personal)(?:$|[-_ ])",
    re.IGNORECASE,
)
HIDDEN_CLASS: Final = _words(
    "hidden hide d-none is-hidden u-hidden uk-hidden invisible display-none dn visually-hidden sr-only"
)
EMPTY_NAME: Final = re.compile(
    r"name|user|nick|salut|greet|welcome|e-?mail|account|login|member|profile", re.IGNORECASE
)
