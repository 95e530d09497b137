"""What a service item (事项) is: its entry of the implementation list (实施清单), and how it is listed. Shapes only.

The codes of the exchange standard are kept as they are (type `01`, project type `2`, necessity `1`); `words` has
what people call them. An element that the source does not state is empty: nothing is filled in for it.
"""
import json
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.fields import Area
from chalicelib.kernel.identity import Level

Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,80}$")]
Unit = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}\.[a-z0-9]{1,60}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Kind = Literal["", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"]
PROCEDURE = Literal["听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"]
FILE = Literal["pdf", "jpg", "png", "docx", "xlsx", "ofd"]


class Element(BaseModel, frozen=True, extra="forbid"):
    """A part of an item. Unknown fields are refused, so that a misspelt element is not silently lost."""


class Material(Element):
    """One entry of the checklist. `necessity` 1 必要 2 非必要 3 容缺后补; `form` 1 纸质 2 电子 3 both;
    `source` 1 申请人自备 2 政府部门核发 3 其他."""

    id: Annotated[str, StringConstraints(pattern=r"^M[0-9]{1,2}$")]
    name: Name
    necessity: Literal["1", "2", "3"] = "1"
    form: Literal["1", "2", "3"] = "3"
    copies: Annotated[int, Field(ge=0, le=20)] = 1
    source: Literal["", "1", "2", "3"] = ""
    issuer: Word = ""                      # who issues it, where `source` is 2
    accept: tuple[FILE, ...] = ()          # types of file taken online
    standard: Text = ""                    # what makes it acceptable (受理标准)
    shared: bool = False                   # obtained by the office from a licence or by sharing (免提交)


class Fee(Element):
    """Whether the item is paid for, and if so how much, by what rule."""

    charged: bool
    name: Word = ""
    standard: Text = ""
    basis: Text = ""


class Result(Element):
    """What the applicant gets. `kind` 1 证照 2 批文 3 其他."""

    name: Word
    kind: Literal["1", "2", "3"]
    validity: Word = ""
    delivery: tuple[Literal["窗口自取", "邮寄", "电子送达", "自助柜"], ...] = ()


class Procedure(Element):
    """A procedure whose time is not counted (行政许可法 45), with the working days planned for it."""

    name: PROCEDURE
    days: Annotated[int, Field(ge=1, le=365)]
    note: Word = ""


class Contact(Element):
    """Where to ask, where to complain, where to go."""

    consult_phone: Word = ""
    complaint_phone: Word = ""
    address: Word = ""
    hours: Word = ""


class Remedies(Element):
    """Where and how long a decision may be challenged: reconsideration (复议) in days, suit (诉讼) in months."""

    reconsideration_organ: Word
    reconsideration_days: Annotated[int, Field(ge=1, le=365)]
    reconsideration_basis: Word
    court: Word
    litigation_months: Annotated[int, Field(ge=1, le=24)]
    litigation_basis: Word


class Item(BaseModel, frozen=True, extra="forbid"):
    """A service item of one area. `version` is +1 at each publication that changes it, 0 before the first."""

    version: int = 0
    area: Area
    code: Code                             # 实施编码 or 业务办理项编码; where imported, as the source has it
    name: Name
    main_item: Word = ""                   # 主项
    kind: Kind = ""                        # 事项类型
    department: Unit                       # the unit that decides
    department_name: Name
    department_code: Word = ""             # credit or organisation code, as the source has it
    hall: Unit | None = None               # the unit that receives and delivers; None: the department itself
    level: Literal["", "1", "2", "3", "4", "5", "6"] = ""      # 行使层级
    project_type: Literal["", "1", "2"] = ""                   # 1 即办件 2 承诺件
    basis: tuple[Text, ...] = ()           # 设定依据
    statutory: Limit | None = None
    promised: Limit | None = None
    conditions: tuple[Text, ...] = ()
    materials: tuple[Material, ...] = ()
    fee: Fee | None = None
    result: Result | None = None
    procedures: tuple[Procedure, ...] = ()
    joint: bool = False                    # handled by several offices together (统一、联合、集中办理)
    first_review: bool = False             # by a lower office, for the one above that decides (行政许可法 35, 43)
    inspection: bool = False               # officials are sent to inspect on site (行政许可法 55)
    renewal: bool = False                  # it renews a licence (延续)
    lead: Limit | None = None              # how long before its expiry; None: as published for all
    hearing: bool | None = None            # whether a hearing may be asked for (行政许可法 46, 47)
    real_name: Literal["", "none", "phone", "real_name", "window"] = ""
    applicants: tuple[Literal["natural", "legal"], ...] = ()
    channels: tuple[Literal["online", "window", "mail"], ...] = ()
    depth: Literal["", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"] = ""               # 网上办理深度
    visits: Annotated[int, Field(ge=0, le=9)] | None = None    # 到办事现场次数
    visit_reason: Word = ""
    contact: Contact | None = None
    remedies: Remedies | None = None

    @property
    def why_not(self) -> str:
        """Why nobody can apply for it, or ""."""
        return "" if self.statutory else "未公布法定办结时限"

    @property
    def applicable(self) -> bool:
        return not self.why_not

    @property
    def content(self) -> str:
        """Return a digest of what it says, whatever its version."""
        said = self.model_dump(mode="json", exclude_defaults=True, exclude={"version"})
        return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:20]

    @property
    def required_level(self) -> Level:
        """The real-name level an applicant needs; where the item does not say, a name and an ID number."""
        return Level[self.real_name.upper()] if self.real_name else Level.REAL_NAME


class ItemLine(BaseModel, frozen=True):
    """An item as lists and searches have it. `sounds` is its name in pinyin, one word a character."""

    code: str
    version: int
    name: str
    kind: str
    department: str
    department_name: str
    main_item: str
    applicable: bool
    why_not: str
    sounds: str
    content: str                           # digest of the item's content


class Finding(BaseModel, frozen=True):
    """What is wrong with an item. `pointer` is an RFC 6901 pointer into it; an error keeps it from publication."""

    item: str                              # its code, or "" where the row has none
    line: int | None = None                # of the source, where it has lines
    pointer: str
    level: Literal["error", "warning"]
    detail: str


class ImportReport(BaseModel, frozen=True):
    """What a source of items was found to hold. Counts are of rows and items of this source alone."""

    rows: int = 0
    items: int = 0
    departments: int = 0
    publishable: int = 0                   # items without an error
    applicable: int = 0                    # publishable, and open to applications
    missing_limits: int = 0
    shifted_rows: int = 0                  # read in spite of a column too many or too few
    unreadable_rows: int = 0
    duplicates: int = 0
    bad_credit_codes: int = 0              # items whose code or department code fails the check digit
    codes: dict[str, int] = {}             # items by pattern of code
    errors: int = 0
    warnings: dict[str, int] = {}          # findings that do not keep an item back, by element
    findings: list[Finding] = []           # errors, duplicates and shifted rows; the first MOST_FINDINGS
