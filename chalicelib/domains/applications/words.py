"""What the acts and states of an application are called."""
from chalicelib.kernel import deskwork

WORDS = deskwork.WORDS | {
    "draft": "草稿", "discarded": "已作废", "submitted": "网上已提交（待预审）", "returned": "预审退回",
    "received": "收件",
    "correcting": "补正", "lapsed": "补正逾期（视为撤回）", "accepted": "受理", "declined": "不予受理",
    "reviewing": "审查", "suspended": "特别程序", "granted": "准予许可", "refused": "不予许可",
    "forwarded": "已转报上级机关", "closed": "办结",
    "issued": "已制证", "delivered": "已送达", "withdrawn": "已撤回", "terminated": "已终止", "archived": "已归档",
    "open": "建立草稿", "register": "窗口收件", "revise": "修改", "discard": "作废草稿", "submit": "提交",
    "receive": "收件", "return": "预审退回", "resubmit": "重新提交",
    "ask_correction": "一次性告知补正",
    "supply": "提交补正材料", "accept": "受理", "decline": "不予受理", "review": "开始审查",
    "suspend": "进入特别程序", "end_procedure": "结束其中一项特别程序",
    "resume": "结束特别程序", "overdue_procedure": "特别程序超出告知的时间",
    "grant": "准予许可", "refuse": "不予许可", "forward": "转报", "close": "办结", "issue": "制证",
    "deliver": "送达", "archive": "归档", "withdraw": "撤回申请", "terminate": "终止办理",
    "ask_owed": "告知补充所欠材料",
    "supply_owed": "补充所欠材料", "deem_renewal": "逾期未决定视为准予延续",
    "miss_renewal": "补正期间原证照到期",
    "lapse_draft": "草稿到期作废", "lapse_return": "退回到期视为撤回", "lapse_correction": "补正逾期视为撤回",
    "overdue_precheck": "预审超时", "warn_notice": "受理期限预警", "deem": "逾期不告知视为受理",
    "warn_promised": "承诺时限预警", "remind_promised": "承诺时限将满提醒",
    "overdue_promised": "超出承诺时限", "overdue_statutory": "超出法定时限", "overdue_delivery": "送达超时",
    "tell_hearing": "告知听证权利", "ask_hearing": "申请听证", "enter_hearing": "登记利害关系人的听证申请",
    "hold_hearing": "举行听证", "overdue_hearing": "听证超出法定时限",
}
