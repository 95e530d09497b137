"""Numbers by which persons and bodies are known, how they are checked, and how they are masked. Pure.

Resident ID: GB 11643 (MOD 11-2); residence permits of Hong Kong, Macao and Taiwan residents have the same form with
regions 81, 82, 83. Unified social credit code: GB 32100-2015 (MOD 31). An unknown region only warns: codes are
abolished and made every year.
"""
import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PROVINCES = frozenset({11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                       53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83})
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"     # no I, O, S, V, Z; a character's value is its place
MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
FIXED = re.compile(r"0[0-9]{2,3}[2-8][0-9]{6,7}", re.ASCII)


def resident_id(given: str, today: date) -> tuple[str, str]:
    """Return (the number normalised, a warning or ""). Raise ValueError, saying in Chinese what is wrong."""
    number = given.strip().upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number, re.ASCII):
        raise ValueError("身份证件号码应为18位")
    if CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False)) % 11] != number[17]:
        raise ValueError("身份证件号码的校验位不符，请核对")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValueError("身份证件号码中的出生日期不存在") from None
    if born > today:
        raise ValueError("身份证件号码中的出生日期晚于今天")
    return number, "" if int(number[:2]) in PROVINCES else "地区代码不在现行代码表内，请核对原件"


def credit_code(given: str) -> str:
    """Return the unified social credit code normalised. Raise ValueError, saying in Chinese what is wrong."""
    number = given.strip().upper()
    if len(number) != 18:
        raise ValueError("统一社会信用代码应为18位")
    if not set(number) <= set(CREDIT) or not re.fullmatch(r"[0-9]{6}", number[2:8]):
        raise ValueError("统一社会信用代码的字符不符，请核对")
    check = -sum(CREDIT.index(one) * 3 ** place for place, one in enumerate(number[:17])) % 31
    if CREDIT[check] != number[17]:
        raise ValueError("统一社会信用代码的校验位不符，请核对")
    return number


def mobile(given: str) -> str:
    """Return a mobile number of mainland China. Raise ValueError."""
    number = given.strip()
    if not MOBILE.fullmatch(number):
        raise ValueError("手机号码应为以1开头的11位数字")
    return number


def telephone(given: str) -> str:
    """Return a mobile or a fixed number (with its area code) without dashes and spaces. Raise ValueError."""
    number = re.sub(r"[ -]", "", given)
    if not MOBILE.fullmatch(number) and not FIXED.fullmatch(number):
        raise ValueError("电话号码应为11位手机号码，或区号加固定电话号码")
    return number


def masked_name(name: str, organisation: bool = False) -> str:
    """Return 张* for a person of two characters, 张*明 for one of more; a body's name is public."""
    if organisation or not name:
        return name
    return name[0] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")


def masked_number(number: str) -> str:
    """Return the number with all but its first three and last four characters hidden."""
    return number[:3] + "*" * max(0, len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)
