"""The guide of an item as a page that prints well and reads well aloud. Every value is escaped by the template."""
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.kernel.calendar import CIVIL
from chalicelib.kernel.law import cite

from . import words
from .editions import Guide


def page(guide: Guide, at: datetime) -> str:
    """Return the guide as HTML, as of an instant."""
    item = guide.item
    return str(_template().render(
        guide=guide, item=item, words=words, cite=cite, today=at.astimezone(CIVIL).date(),
        applicants="、".join(words.APPLICANTS[one] for one in item.applicants),
        channels="、".join(words.CHANNELS[one] for one in item.channels)))


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # here: only a page pays for it

    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True).get_template("guide.html")
