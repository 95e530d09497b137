"""What an item must satisfy to be published: contradictions are errors, elements not stated are warnings. Pure.

The rules are those of the guides' publication check: no visit at level Ⅳ, a fee with basis and standard, two different
phones, a promise within the law's limit, every material with its source and none called 其他材料.
"""
import re
from collections.abc import Callable, Iterator

from . import codes
from .models import Finding, Item

Found = tuple[str, str]
"""An RFC 6901 pointer into the item, and what is wrong there."""
Check = Callable[[Item], Iterator[Found]]

PHONE = re.compile(r"0[0-9]{2,3}-[0-9]{5,8}(-[0-9]{1,5})?", re.ASCII)
VAGUE = re.compile(r"其[他它](相关|有关|证明|必要|所需)*(材料|文件|资料|证明|证件)|"
                   r"(相关|有关)(证明)?(材料|文件|资料)|等材料")
ELEMENTS = {"basis": "设定依据", "conditions": "受理条件", "materials": "申请材料", "fee": "收费情况",
            "result": "办理结果", "contact": "咨询和投诉方式", "remedies": "救济途径", "applicants": "服务对象",
            "channels": "办理形式", "project_type": "办件类型", "kind": "事项类型", "real_name": "实名要求",
            "level": "行使层级", "visits": "到现场次数"}


def check(item: Item, line: int | None = None) -> list[Finding]:
    """Return everything found in an item: the errors first."""
    def told(level: str, found: Found) -> Finding:
        return Finding.model_validate({"item": item.code, "line": line, "pointer": found[0], "level": level,
                                       "detail": found[1]})

    return [told(level, found) for level, checks in (("error", ERRORS), ("warning", WARNINGS))
            for one in checks for found in one(item)]


def _units(item: Item) -> Iterator[Found]:
    for name, unit in (("department", item.department), ("hall", item.hall)):
        if unit and not unit.startswith(item.area):
            yield f"/{name}", "单位不属于事项所在地区"


def _standard_code(item: Item) -> Iterator[Found]:
    if codes.pattern(item.code).startswith("standard"):
        if not codes.good_credit_code(codes.body(item.code)):
            yield "/code", "实施编码前18位不是有效的统一社会信用代码"
        if item.level and item.level != codes.level(item.code):
            yield "/level", "行使层级与实施编码第19位不一致"


def _limits(item: Item) -> Iterator[Found]:
    for name, limit in (("statutory", item.statutory), ("promised", item.promised)):
        if limit and not limit.basis.strip():
            yield f"/{name}", "未注明时限的依据"
    if (item.statutory and item.promised and item.statutory.unit == item.promised.unit
            and item.promised.count > item.statutory.count):
        yield "/promised", "承诺办结时限长于法定办结时限"


def _visits(item: Item) -> Iterator[Found]:
    if item.depth == "Ⅳ" and item.visits:
        yield "/visits", "全程网办（Ⅳ级）的事项到现场次数应为0"
    if item.visits == 0 and item.visit_reason:
        yield "/visit_reason", "不需到现场的事项不应说明到场原因"
    if item.visits == 0 and item.channels and not {"online", "mail"} & set(item.channels):
        yield "/channels", "到现场次数为0而不能网上办理的，应当可以快递申请"


def _fee(item: Item) -> Iterator[Found]:
    if item.fee and item.fee.charged:
        for name, word in (("standard", "收费标准"), ("basis", "收费依据")):
            if not getattr(item.fee, name):
                yield f"/fee/{name}", f"收费的事项应当注明{word}"


def _phones(item: Item) -> Iterator[Found]:
    contact = item.contact
    if not contact:
        return
    for name, word in (("consult_phone", "咨询电话"), ("complaint_phone", "投诉电话")):
        if not PHONE.fullmatch(getattr(contact, name)):
            yield f"/contact/{name}", f"{word}应带区号，如0731-00000000"
    if contact.consult_phone == contact.complaint_phone:
        yield "/contact/complaint_phone", "投诉电话不得与咨询电话相同"


def _materials(item: Item) -> Iterator[Found]:
    seen = set()
    for number, material in enumerate(item.materials):
        if material.id in seen:
            yield f"/materials/{number}/id", "材料序号重复"
        seen.add(material.id)
        if not material.source:
            yield f"/materials/{number}/source", "未注明材料来源"
        if VAGUE.search(material.name):
            yield f"/materials/{number}/name", "材料名称不得含“其他材料”一类的不确定表述"


def _procedures(item: Item) -> Iterator[Found]:
    names = [procedure.name for procedure in item.procedures]
    if len(set(names)) < len(names):
        yield "/procedures", "特别程序重复"


def _first_review(item: Item) -> Iterator[Found]:
    if item.first_review and item.joint:
        yield "/first_review", "先由下级机关审查的事项不得同时标为统一、联合、集中办理"
    if item.first_review and item.renewal:     # silence counts against the organ that decides (行政许可法 35, 50)
        yield "/renewal", "先由下级机关审查的事项由上级机关决定，本机关逾期不能视为准予延续，不得标为延续事项"


def _inspection(item: Item) -> Iterator[Found]:
    if item.inspection and item.project_type == "1":
        yield "/inspection", "即办件当场办结，不得标为需要指派人员现场检验"


def _unlimited(item: Item) -> Iterator[Found]:
    if not item.statutory:
        yield "/statutory", f"{item.why_not}，不开放申请"


def _local_code(item: Item) -> Iterator[Found]:
    if not codes.pattern(item.code).startswith("standard"):
        yield "/code", "实施编码不是31位或者33位标准编码"
        if codes.body(item.code) and not codes.good_credit_code(codes.body(item.code)):
            yield "/code", "编码中的统一社会信用代码校验位不符"
    if codes.looks_like_credit_code(item.department_code) and not codes.good_credit_code(item.department_code):
        yield "/department_code", "部门的统一社会信用代码校验位不符"


def _units_of_time(item: Item) -> Iterator[Found]:
    if item.statutory and item.promised and item.statutory.unit != item.promised.unit:
        yield "/promised", "承诺办结时限与法定办结时限的单位不同，无法比较"
    if item.project_type == "1" and item.promised and item.promised.unit == "wd" and item.promised.count > 1:
        yield "/promised", "即办件的承诺办结时限应为1个工作日以内"


def _issuers(item: Item) -> Iterator[Found]:
    for number, material in enumerate(item.materials):
        if material.source == "2" and not material.issuer:
            yield f"/materials/{number}/issuer", "政府部门核发的材料应注明核发部门"


def _elements(item: Item) -> Iterator[Found]:
    for name, word in ELEMENTS.items():
        if getattr(item, name) in ("", (), None):
            yield f"/{name}", f"来源未提供{word}"


ERRORS: tuple[Check, ...] = (_units, _standard_code, _limits, _visits, _fee, _phones, _materials, _procedures,
                            _first_review, _inspection)
WARNINGS: tuple[Check, ...] = (_unlimited, _local_code, _units_of_time, _issuers, _elements)
