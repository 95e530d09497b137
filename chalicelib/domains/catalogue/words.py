"""What people call the codes of the catalogue, how a name sounds. Pure."""
import unicodedata
from typing import Any

from chalicelib.kernel.clocks import Limit

KINDS = {"01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收", "05": "行政给付", "06": "行政检查",
         "07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力", "20": "公共服务", "": "未注明"}
PROJECT_TYPES = {"1": "即办件", "2": "承诺件", "": "未注明"}
NECESSITY = {"1": "必要", "2": "非必要", "3": "容缺后补"}
FORMS = {"1": "纸质", "2": "电子", "3": "纸质或电子"}
SOURCES = {"1": "申请人自备", "2": "政府部门核发", "3": "其他来源", "": "未注明"}
RESULTS = {"1": "证照", "2": "批文", "3": "其他"}
LEVELS = {"1": "国家级", "2": "省级", "3": "市级", "4": "县级", "5": "镇（乡、街道）级", "6": "村（社区）级", "": ""}
APPLICANTS = {"natural": "自然人", "legal": "法人或者其他组织"}
CHANNELS = {"online": "网上", "window": "窗口", "mail": "快递"}
REAL_NAME = {"none": "无需实名", "phone": "手机号实名", "real_name": "姓名和身份证号实名", "window": "窗口核验实名",
             "": "姓名和身份证号实名"}


def limit_words(limit: Limit) -> str:
    """Return `20个工作日`."""
    return f"{limit.count}{limit.unit.word}"


def sounds(name: str) -> str:
    """Return the name in pinyin, one word for each character: 食品A -> `shi pin a`."""
    from pypinyin import lazy_pinyin  # here: only an import needs the dictionary

    apart: Any = list                      # characters that have no pinyin stand one by one
    return " ".join(lazy_pinyin(plain(name).replace(" ", "_"), errors=apart))


def plain(text: str) -> str:
    """Return the text as it is compared: half-width, lower case, single spaces; one character for one character."""
    narrow = unicodedata.normalize("NFKC", text).lower()
    if len(narrow) != len(text):           # ㎡ would become two
        narrow = "".join(_narrow(one) for one in text)
    return " ".join(narrow.split())


def _narrow(character: str) -> str:
    """Return the character half-width and in lower case, if that is one character still."""
    narrow = unicodedata.normalize("NFKC", character).lower()
    return narrow if len(narrow) == 1 else character
