"""Why an act on an application may be refused, beyond office and desk. Pure."""
from chalicelib.kernel.deskwork import free_or_mine, own_area, own_unit
from chalicelib.kernel.turns import Occasion, in_time

from .models import Application

HEAD, GOVERNMENT = "head", "government"


def complete(case: Application, now: Occasion) -> str:
    """Every necessary entry of the checklist must have a stored file."""
    lacking = now.facts.get("lacking", ())
    return f"缺少必要材料：{'、'.join(lacking)}" if lacking else ""


def known_enough(case: Application, now: Occasion) -> str:
    """The applicant's real-name level must reach what the item requires."""
    return "" if now.who.level >= now.facts.get("level", 0) else "该事项要求更高的实名认证等级"


def still_published(case: Application, now: Occasion) -> str:
    return "" if now.facts.get("published", True) else "该事项已停止办理"


def not_yet_notified(case: Application, now: Occasion) -> str:
    """What is lacking is told once, and all of it (一次告知)."""
    return "已经一次性告知过，不得再次要求补正" if case.notified else ""


def his_to_decide(case: Application, now: Occasion) -> str:
    """The reviewer who took it up decides, or the head of the unit."""
    return "" if now.who.role == HEAD else free_or_mine(case, now)


def decided_here(case: Application, now: Occasion) -> str:
    return "本机关先行审查的事项应当转报，由上级机关决定" if case.first_review else ""


def decided_above(case: Application, now: Occasion) -> str:
    return "" if case.first_review else "该事项由本机关决定，不得转报"


def approves(case: Application, now: Occasion) -> str:
    """The head of the unit approves an extension; where offices decide together, the head of the area's government."""
    if case.joint:
        return own_area(case, now) if now.who.role == GOVERNMENT else "统一、联合、集中办理的，由本级人民政府负责人批准"
    return own_unit(case, now)


def deemed_accepted(case: Application, now: Occasion) -> str:
    """After acceptance by silence what is still owed is asked for once, outside the acceptance."""
    if case.accept_mode != "deemed":
        return "受理后不得再要求补充材料"
    return "" if case.owed is None else "已经一次性告知过，不得再次要求补充"


def still_owed(case: Application, now: Occasion) -> str:
    return "" if case.owed else "没有待补充的材料"


def not_yet_renewed(case: Application, now: Occasion) -> str:
    """When the licence has expired, a renewal asked for in time counts as granted; nothing else can be decided."""
    return in_time("expiry")(case, now) if "expiry" in case.clocks else ""


def has_result(case: Application, now: Occasion) -> str:
    return "" if case.granted else "未准予许可，没有证照可制发"
