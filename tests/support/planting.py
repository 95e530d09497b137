"""Personal data planted wherever a person can type, and the search for it."""
import json
import re
from urllib.parse import unquote

NAME, NUMBER, PHONE = "欧阳示例", "11010519491231002X", "13912345678"
ADDRESS, OPENID = "示范路88号3栋502室", "openid-o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
PLANTS = (NAME, NUMBER, PHONE, ADDRESS, OPENID)
WHOLE, SHORT = "，".join(PLANTS), (NAME, ADDRESS)
"""What is planted: everything at once, and what a short field, or one that is searched for numbers, takes."""
CHINESE = re.compile(r"[一-鿿]")
NO_NUMBERS = "/disclosure/"                # what is to be published is searched for them, and would not go out


def found(text, plants=PLANTS):
    """Which plants stand in the text: as they are, escaped as in JSON, or written into an address (twice)."""
    text = "\n".join((text, unquote(text), unquote(unquote(text))))
    return [plant for plant in plants if plant in text or json.dumps(plant).strip('"') in text]


class Planting:
    """Takes the place of a Web's `call`: what is typed comes with a plant behind it, as far as the field takes it.

    `fields`: where something was planted and taken, as (path without ids, act, pointer).
    """

    def __init__(self, call):
        self.real, self.fields, self.refused = call, set(), 0

    def __call__(self, who, method, path, body=None, **more):
        left = {}                          # what each field is still tried with
        for _ in range(6):
            planted = self.planted(path, body, left)
            answer = self.real(who, method, path, planted, **more)
            faults = answer.json_body.get("errors", []) if answer.status_code == 422 else []
            if planted == body or answer.status_code not in (409, 422):
                break
            self.refused += 1
            for fault in faults or [{"pointer": one} for one in pointers(body)]:
                left[fault["pointer"]] = left.get(fault["pointer"], 0) + 1
        if answer.status_code < 300:
            route, act = re.sub(r"/[a-z2-7]{26}", "/{id}", path), (body or {}).get("act", "")
            self.fields |= {(route, act, pointer) for pointer in pointers(body) if left.get(pointer, 0) <= len(SHORT)}
        return answer

    def planted(self, path, value, left, pointer=""):
        """Return the body with a plant in each field that takes text; the first tried is the whole."""
        if isinstance(value, dict):
            return {name: self.planted(path, one, left, f"{pointer}/{name}") for name, one in value.items()}
        if isinstance(value, list):
            return [self.planted(path, one, left, f"{pointer}/{n}") for n, one in enumerate(value)]
        tried = left.get(pointer, 0) + (NO_NUMBERS in path)
        if not isinstance(value, str) or not CHINESE.search(value) or tried > len(SHORT):
            return value
        return f"{value}{(WHOLE, *SHORT)[tried]}"


def pointers(value, pointer=""):
    """Where in a body a person types Chinese words."""
    if isinstance(value, dict | list):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from pointers(one, f"{pointer}/{name}")
    elif isinstance(value, str) and CHINESE.search(value):
        yield pointer
