"""What a text may not, or should not, make public: looked for before each review and before the hour is set. Pure.

Resident ID: GB 11643 (MOD 11-2), and its form of 15 digits until 1999; bank card: ISO/IEC 7812 (Luhn). A finding that
blocks is personal data or a secrecy mark without doubt; one that warns is for a person to judge. What cannot be read
is reported with its place and never guessed. A text is searched as the eye reads it: without marks that nobody sees,
and numbers with blanks, hyphens or ends of lines in them. No pattern may cost more than the length of the text.
"""
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["block", "warn"]
PROVINCES = frozenset({11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                       53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83})
WORDS = {"resident-id": "居民身份证号码", "resident-id-15": "疑似15位居民身份证号码", "bank-card": "银行卡号",
         "secrecy": "密级标志", "internal": "内部资料标志", "mobile": "个人手机号码", "name-address": "姓名与住址",
         "unreadable": "无法识别的字符", "garbled": "疑似乱码", "uncommon": "繁体字或生僻字，请核对字形"}
"""What is found, as it is told to people."""

GAP = r"[\s‐-―−-]{0,4}"                   # what may part the digits of a number


def spread(digits: int, last: str = r"[0-9]") -> re.Pattern[str]:
    """Return a pattern of a number of so many digits, parted or not. It may begin at every digit that follows none:
    another number before it takes nothing of it."""
    return re.compile(rf"(?<![0-9])(?=([0-9](?:{GAP}[0-9]){{{digits - 2}}}{GAP}{last})(?![0-9]))")


ID, OLD_ID = spread(18, r"[0-9Xx]"), spread(15)
PLAIN_OLD_ID = re.compile(r"(?<![0-9])([0-9]{15})(?![0-9])")
CARDS = tuple(spread(digits) for digits in (19, 18, 17, 16))
UNSEEN = ("Cf", "Mn")                      # joiners, soft hyphens, marks upon a character
EARLIEST = date(1800, 1, 1)
BEFORE = 30                                # characters before a number in which it may be named
ISSUED = re.compile(r"[34569]|2(?:2[2-9]|[3-6]|7[01]|720)", re.ASCII)     # how the number of a payment card begins
MOBILE = re.compile(r"(?<![0-9])((?:\+?86[ -]?)?1[3-9][0-9]([ -]?)[0-9]{4}\2[0-9]{4})(?![0-9])")
SECRECY = re.compile(r"((?:绝密|机密|秘密)\s*★|^[^\S\n]*(?:密级\s*(?::\s*)?)?(?:绝密|机密|秘密)[^\S\n]*$)",
                     re.MULTILINE)
INTERNAL = re.compile(r"(内部资料|工作秘密|内部事项)")
CALLED = re.compile(r"身份证|公民身份号码|证件号")
ADDRESS = re.compile(r"[一-鿿]{2}(?:路|街|道|巷|弄)[0-9]+号|[0-9](?:栋|幢|单元|室)|"
                     r"[一-鿿]{2}(?:村|社区)[一-鿿0-9]{1,4}[组队]")
NAME = re.compile(r"(?:姓名|联系人|户主|申请人|当事人|被征收人|受助人|收件人)\s*(?::\s*)?[一-鿿]{2,4}"
                  r"|[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严金魏陶姜谢邹苏潘葛范彭鲁韦马方俞任袁柳史唐薛雷贺倪汤"
                  r"罗毕郝安于傅卞康余顾孟黄穆萧尹姚邵汪毛戴宋庞熊董梁杜阮蓝季贾江郭梅林钟徐邱高夏蔡田胡万卢莫丁邓洪石崔龚程陆"
                  r"段侯武刘叶黎白赖乔谭曾易廖文肖欧][一-鿿]{1,2}(?:先生|女士|同志)")
GARBLED = re.compile(r"((?<=[一-鿿])\([a-zàáèéìíòóùúüāēěīńňōūǎǐǒǔǖǘǚǜ]{1,6}\)|</?[a-zA-Z][^<>\n]{0,40}>|"
                     r"(?<![a-zA-Z0-9])/[a-z]+>|“\s*\?|锟斤拷|烫烫烫|屯屯屯|Ã.|â€)")
HAN = re.compile(r"[㐀-䶿一-鿿\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place: `line` and `column` from 1, in characters; `excerpt` is masked as far as it is personal."""

    kind: str
    level: Level
    pointer: str
    line: int
    column: int
    excerpt: str

    @property
    def words(self) -> str:
        return f"第{self.line}行第{self.column}字：{WORDS[self.kind]}（{self.excerpt}）"


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: the first group of `pattern` is a place, `certain` says if it is meant, `masked` shows it."""

    kind: str
    level: Level
    pattern: re.Pattern[str]
    certain: Callable[["Place"], bool] = lambda place: True
    masked: Callable[["Place"], str] = lambda place: place.text.strip()


@dataclass(frozen=True, slots=True)
class Place:
    """A match with what a judgement needs: what stands before it, today, the numbers that are published."""

    text: str
    digits: str
    before: str                            # of its line, as far as it matters
    today: date
    published: frozenset[str]


def findings(pointer: str, text: str, today: date, published: Iterable[str] = ()) -> list[Finding]:
    """Return what is found in a text, in its order. `published`: numbers of units, which may stand anywhere."""
    known = frozenset(_digits(number) for number in published)
    plain, places = _visible(text)
    starts = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
    found: dict[tuple[int, str], Finding] = {}
    taken = bytearray(len(plain))
    for search in SEARCHES:
        for match in search.pattern.finditer(plain):
            at, end = match.span(1)
            before = plain[max(0, at - BEFORE):at].rpartition("\n")[2]
            place = Place(match[1], _digits(match[1]), before, today, known)
            if not taken[at] and search.certain(place):
                taken[at:end] = b"\1" * (end - at)
                found[places[at], search.kind] = _finding(search.kind, search.level, pointer, starts, places[at],
                                                          search.masked(place))
    together = ((places[at], kind, excerpt) for at, kind, excerpt in _together(plain))
    for at, kind, excerpt in (*_unreadable(text), *together, *_uncommon(text)):
        found[at, kind] = _finding(kind, "warn", pointer, starts, at, excerpt)
    return [found[key] for key in sorted(found)]


def _finding(kind: str, level: Level, pointer: str, starts: list[int], at: int, excerpt: str) -> Finding:
    line = bisect_right(starts, at)
    return Finding(kind, level, pointer, line, at - starts[line - 1] + 1, excerpt)


def _visible(text: str) -> tuple[str, list[int]]:
    """Return a text in plain width without what nobody sees, and of each of its characters the place in the text."""
    seen = [(_plain(character), at) for at, character in enumerate(text)
            if unicodedata.category(character) not in UNSEEN]
    return "".join(character for character, _ in seen), [at for _, at in seen]


def _plain(character: str) -> str:
    """Return a character in its plain width, where that is one character: １ is 1, as is the 1 of every other script,
    and places stay what they are."""
    plain = unicodedata.normalize("NFKC", character)
    if (digit := unicodedata.decimal(plain, None) if len(plain) == 1 else None) is not None:
        return str(digit)
    return plain if len(plain) == 1 else character


def _digits(text: str) -> str:
    return re.sub(r"[^0-9X]", "", text.upper(), flags=re.ASCII)


def _born(digits: str, today: date) -> bool:
    """Say whether eight digits are a day up to today on which somebody may be born of whom there are papers."""
    try:
        return EARLIEST <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) <= today
    except ValueError:
        return False


def resident_id(place: Place) -> bool:
    """The check digit must be right and the date of birth real; a region may be new or abolished."""
    from stdnum.iso7064 import mod_11_2  # here, as below: it takes long to import
    return bool(mod_11_2.is_valid(place.digits)) and _born(place.digits[6:14], place.today)


def plausible_old_id(place: Place) -> bool:
    """Fifteen digits have no check digit: a province and a date of the twentieth century make one likely."""
    return int(place.digits[:2]) in PROVINCES and _born(f"19{place.digits[6:12]}", place.today)


def certain_old_id(place: Place) -> bool:
    """And it is certain where the line says so."""
    return plausible_old_id(place) and bool(CALLED.search(place.before))


def bank_card(place: Place) -> bool:
    """Luhn's digit must be right, and the number begin as a payment card's; a credit code of digits alone is none."""
    number = place.digits
    from stdnum import luhn
    from stdnum.cn import uscc
    return (bool(ISSUED.match(number) and luhn.is_valid(number)) and parted_as_cards(place.text, number)
            and not (len(number) == 18 and uscc.is_valid(number)))


def parted_as_cards(text: str, number: str) -> bool:
    """Say whether a number is parted as cards are: not at all, in fours, once by the end of a line, or UnionPay's (62)
    once anywhere. Else a tenth of all neighbours in a table of figures would be cards.
    """
    parts = re.split(r"[^0-9]+", text)
    once = len(parts) == 2 and ("\n" in text or number.startswith("62"))
    return once or all(len(part) == 4 for part in parts[:-1])


def unpublished(place: Place) -> bool:
    """A mobile number on which a unit is to be reached is published for that."""
    return place.digits[-11:] not in place.published


def masked(place: Place) -> str:
    """Return the first three and the last four digits, the rest hidden."""
    return place.digits[:3] + "*" * (len(place.digits) - 7) + place.digits[-4:]


def last_four(place: Place) -> str:
    return "*" * (len(place.digits) - 4) + place.digits[-4:]


def without_middle(place: Place) -> str:
    return f"{place.digits[:-8]}****{place.digits[-4:]}"


SEARCHES = (
    Search("resident-id",    "block", ID,           resident_id,      masked),
    Search("resident-id",    "block", OLD_ID,       certain_old_id,   masked),
    *(Search("bank-card",    "block", card,         bank_card,        last_four) for card in CARDS),
    Search("secrecy",        "block", SECRECY),
    Search("resident-id-15", "warn",  PLAIN_OLD_ID, plausible_old_id, masked),
    Search("mobile",         "warn",  MOBILE,       unpublished,      without_middle),
    Search("internal",       "warn",  INTERNAL),
    Search("garbled",        "warn",  GARBLED,      masked=lambda place: place.text[:20]),
)
"""In the order in which a place is given to one of them."""


def _unreadable(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each character that is a replacement, private, unassigned or a control."""
    for at, character in enumerate(text):
        if character == "�" or (unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs")
                                  and character not in "\n\t"):
            yield at, "unreadable", f"U+{ord(character):04X}"


def _together(plain: str) -> Iterator[tuple[int, str, str]]:
    """Yield each line that names a person and a place where people live."""
    at = 0
    for line in plain.split("\n"):
        if (name := NAME.search(line)) and ADDRESS.search(line):
            yield at + name.start(), "name-address", f"{name[0][0]}**"
        at += len(line) + 1


def _uncommon(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield, once a line, where characters stand that GB/T 2312 has not: traditional ones, or rare ones of names."""
    at = 0
    for line in text.split("\n"):
        strange = [place for place, character in enumerate(line)
                   if HAN.match(character) and not character.encode("gb2312", "ignore")]
        if strange:
            yield at + strange[0], "uncommon", f"{''.join(line[place] for place in strange[:5])}等{len(strange)}字"
        at += len(line) + 1
