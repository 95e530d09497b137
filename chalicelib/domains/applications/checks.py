"""What is looked at in a request before an act: each fault is pointed at. Pure."""
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from chalicelib.kernel.calendar import Calendar, civil_day
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.law import cite
from chalicelib.kernel.problems import Invalid, fault

from .models import Application
from .offers import Offer
from .receipt import early_enough

UNSTORED = "文件尚未上传完成，或不属于申请人，或已用于须隐去反映人的事项"


def check_materials(offer: Offer, materials: Mapping[str, str], unstored: Iterable[str], whole: bool) -> None:
    """Raise Invalid, pointing at each entry that is unknown, has no stored file, or (if `whole`) is missing."""
    faults = [fault(f"/materials/{one}", "unknown", "材料清单中没有此项") for one in materials
              if one not in offer.checklist]
    faults += [fault(f"/materials/{one}", "not-stored", f"{offer.called(one)}：{UNSTORED}") for one in unstored]
    if whole:
        faults += [fault(f"/materials/{one}", "missing", f"缺少必要材料：{offer.called(one)}")
                   for one, need in offer.checklist.items() if need and one not in materials]
    if faults:
        raise Invalid("材料不齐全或有误，请按提示补充", errors=faults)


def check_lacks(offer: Offer, lacks: Iterable[Mapping[str, str]]) -> None:
    """Raise Invalid, pointing at each entry that the checklist does not have; one without names the form."""
    known = {"", *offer.checklist}
    if faults := [fault(f"/lacks/{place}/material", "unknown", "材料清单中没有此项")
                  for place, one in enumerate(lacks) if one.get("material", "") not in known]:
        raise Invalid("补正内容有误，请按提示修改", errors=faults)


def check_procedure(suspended_for: str, reason: str, going_on: bool) -> None:
    """Raise Invalid unless the procedure named goes on, or does not."""
    if (reason in suspended_for.split("、")) != going_on:
        raise Invalid("特别程序有误", errors=[
            fault("/reason", "procedure", "该程序不在进行" if going_on else "该程序正在进行")])


def check_renewal(offer: Offer, renews: str) -> None:
    """Raise Invalid where a renewal names no licence, or what is no renewal names one."""
    if offer.renewal != bool(renews):
        raise Invalid("延续申请有误", errors=[fault(
            "/renews", "renewal", "请填写拟延续证照的编号和有效期截止日期" if offer.renewal else "该事项不是延续事项")])


def check_inspection(case: Application, inspectors: Sequence[str], on: date, today: date,
                     serves: Callable[[str, str], bool]) -> None:
    """Raise Invalid unless two different officials of the unit or more went, between the acceptance and today."""
    assert case.accepted_at is not None
    faults = [fault(f"/inspectors/{place}", "inspector", "该人员重复" if one in inspectors[:place] else
                    "该人员不在承办单位任职") for place, one in enumerate(inspectors)
              if one in inspectors[:place] or not serves(one, case.unit)]
    if not civil_day(case.accepted_at) <= on <= today:
        faults.append(fault("/inspected_on", "day", "现场检验的日期应在受理之日以后，且不晚于今天"))
    if faults:
        raise Invalid("现场检验的记录有误，请按提示修改", errors=faults)


def check_announcement(on: date, today: date, notice: Limit, calendar: Calendar) -> None:
    """Raise Invalid unless between the announcement and the day of the hearing there lies as much as the law asks."""
    if not early_enough(notice, today, on, calendar):
        word = f"应当于举行听证的{notice.count}{notice.unit.word}前通知（{cite(notice.basis)}）"
        raise Invalid("听证的日期有误", errors=[fault("/hearing_on", "too-early", word)])
