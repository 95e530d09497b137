"""What a text may not, or should not, make public: looked for before each review and before the hour is set. Pure.

Resident ID: GB 11643 (MOD 11-2), and its form of 15 digits until 1999; bank card: ISO/IEC 7812 (Luhn). A finding that
blocks is personal data or a secrecy mark without doubt; one that warns is for a person to judge. What cannot be read
is reported with its place and never guessed.
"""
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum import luhn
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

Level = Literal["block", "warn"]
MOST = 100                                 # findings told of at once
PROVINCES = frozenset({11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                       53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83})
WORDS = {"resident-id": "居民身份证号码", "resident-id-15": "疑似15位居民身份证号码", "bank-card": "银行卡号",
         "secrecy": "密级标志", "internal": "内部资料标志", "mobile": "个人手机号码", "name-address": "姓名与住址",
         "unreadable": "无法识别的字符", "garbled": "疑似乱码", "uncommon": "繁体字或生僻字，请核对字形"}
"""What is found, as it is told to people."""

ID = re.compile(r"(?<![0-9A-Za-z])\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?![0-9A-Za-z])", re.ASCII)
OLD_ID = re.compile(r"(?<![0-9A-Za-z])\d{15}(?![0-9A-Za-z])", re.ASCII)
CARD = re.compile(r"(?<![0-9A-Za-z])(?:\d{16,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?)(?![0-9A-Za-z])",
                  re.ASCII)
ISSUED = re.compile(r"[34569]|2(?:2[2-9]|[3-6]|7[01]|720)", re.ASCII)     # how the number of a payment card begins
MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?(1[3-9]\d([ -]?)\d{4}\2\d{4})(?![0-9A-Za-z])", re.ASCII)
SECRECY = re.compile(r"(?:绝密|机密|秘密)\s*★|^\s*(?:密级\s*:?\s*)?(?:绝密|机密|秘密)\s*$", re.MULTILINE)
INTERNAL = re.compile(r"内部资料|工作秘密|内部事项")
CALLED = re.compile(r"身份证|公民身份号码|证件号")
ADDRESS = re.compile(r"[一-鿿]{2,}(?:路|街|道|巷|弄)\d+号|\d+(?:栋|幢|单元|室)|"
                     r"[一-鿿]{2,}(?:村|社区)[一-鿿\d]{1,4}[组队]")
NAME = re.compile(r"(?:姓名|联系人|户主|申请人|当事人|被征收人|受助人|收件人)\s*:?\s*[一-鿿]{2,4}"
                  r"|[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严金魏陶姜谢邹苏潘葛范彭鲁韦马方俞任袁柳史唐薛雷贺倪汤"
                  r"罗毕郝安于傅卞康余顾孟黄穆萧尹姚邵汪毛戴宋庞熊董梁杜阮蓝季贾江郭梅林钟徐邱高夏蔡田胡万卢莫丁邓洪石崔龚程陆"
                  r"段侯武刘叶黎白赖乔谭曾易廖文肖欧][一-鿿]{1,2}(?:先生|女士|同志)")
GARBLED = re.compile(r"(?<=[一-鿿])\([a-zàáèéìíòóùúüāēěīńňōūǎǐǒǔǖǘǚǜ]{1,6}\)|</?[a-zA-Z][^<>\n]{0,40}>|"
                     r"(?<![a-zA-Z0-9])/[a-z]+>|“\s*\?|锟斤拷|烫烫烫|屯屯屯|Ã.|â€")
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
    """What is looked for: `pattern` finds places, `certain` says of each if it is meant, `masked` how it is shown."""

    kind: str
    level: Level
    pattern: re.Pattern[str]
    certain: Callable[["Place"], bool] = lambda place: True
    masked: Callable[[str], str] = lambda text: text


@dataclass(frozen=True, slots=True)
class Place:
    """A match with what a judgement needs: the line in which it begins, today, the numbers that are published."""

    text: str
    digits: str
    before: str                            # of its line
    today: date
    published: frozenset[str]


def findings(pointer: str, text: str, today: date, published: Iterable[str] = ()) -> list[Finding]:
    """Return what is found in a text, in its order. `published`: numbers of units, which may stand anywhere."""
    known = frozenset(_digits(number) for number in published)
    plain = "".join(map(_plain, text))
    found: dict[tuple[int, str], Finding] = {}
    taken: list[range] = []
    for search in SEARCHES:
        for match in search.pattern.finditer(plain):
            line = plain.rfind("\n", 0, match.start()) + 1
            place = Place(match[0], _digits(match[0]), plain[line:match.start()], today, known)
            if search.certain(place) and not any(match.start() in span for span in taken):
                taken.append(range(*match.span()))
                found[match.start(), search.kind] = _finding(search.kind, search.level, pointer, text, match.start(),
                                                             search.masked(match[0].strip()))
    for at, kind, excerpt in (*_unreadable(text), *_together(plain), *_uncommon(text)):
        found[at, kind] = _finding(kind, "warn", pointer, text, at, excerpt)
    return [found[key] for key in sorted(found)]


def _finding(kind: str, level: Level, pointer: str, text: str, at: int, excerpt: str) -> Finding:
    line = text.count("\n", 0, at) + 1
    return Finding(kind, level, pointer, line, at - text.rfind("\n", 0, at), excerpt)


def _plain(character: str) -> str:
    """Return a character in its plain width, where that is one character: １ is 1, and places stay what they are."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _digits(text: str) -> str:
    return re.sub(r"[^\dX]", "", text.upper(), flags=re.ASCII)


def _born(digits: str, today: date) -> bool:
    """Say whether eight digits are a day up to today."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) <= today
    except ValueError:
        return False


def resident_id(place: Place) -> bool:
    """The check digit must be right and the date of birth real; a region may be new or abolished."""
    return bool(mod_11_2.is_valid(place.digits)) and _born(place.digits[6:14], place.today)


def plausible_old_id(place: Place) -> bool:
    """Fifteen digits have no check digit: a province and a date of the twentieth century make one likely."""
    return int(place.digits[:2]) in PROVINCES and _born(f"19{place.digits[6:12]}", place.today)


def certain_old_id(place: Place) -> bool:
    """And it is certain where the line says so."""
    return plausible_old_id(place) and bool(CALLED.search(place.before[-30:]))


def bank_card(place: Place) -> bool:
    """Luhn's digit must be right, and the number begin as a payment card's; a credit code of digits alone is none."""
    number = place.digits
    return bool(ISSUED.match(number) and luhn.is_valid(number)) and not (len(number) == 18 and uscc.is_valid(number))


def unpublished(place: Place) -> bool:
    """A mobile number on which a unit is to be reached is published for that."""
    return place.digits[-11:] not in place.published


def masked(text: str) -> str:
    """Return the first three and the last four characters, the rest hidden."""
    return text[:3] + "*" * (len(text) - 7) + text[-4:]


SEARCHES = (
    Search("resident-id",    "block", ID,       resident_id,      masked),
    Search("resident-id",    "block", OLD_ID,   certain_old_id,   masked),
    Search("bank-card",      "block", CARD,     bank_card,        lambda text: "*" * (len(text) - 4) + text[-4:]),
    Search("secrecy",        "block", SECRECY),
    Search("resident-id-15", "warn",  OLD_ID,   plausible_old_id, masked),
    Search("mobile",         "warn",  MOBILE,   unpublished,      lambda text: f"{text[:-8]}****{text[-4:]}"),
    Search("internal",       "warn",  INTERNAL),
    Search("garbled",        "warn",  GARBLED,  masked=lambda text: text[:20]),
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
