"""OpenAPI 3.1 from the routes and models themselves."""
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from .bodies import adapter

REF = "#/components/schemas/{model}"
PROBLEM = {"type": "object", "required": ["type", "title", "status", "detail"], "properties": {
    "type": {"type": "string", "format": "uri"}, "title": {"type": "string"}, "status": {"type": "integer"},
    "detail": {"type": "string"}, "errors": {"type": "array", "items": {"type": "object", "properties": {
        "pointer": {"type": "string"}, "code": {"type": "string"}, "detail": {"type": "string"}}}}}}
KEYED = [("Idempotency-Key", True, "16至64个字符，同一请求重发时不变")]
ACTING = [("Acting-Office", False, "以哪个职务办理：角色@单位；只有一个职务时可省略"),
          ("On-Behalf-Of", False, "委托登记号：代他人办理时填写")]
MATCH = [("If-Match", False, "所见版本的 ETag；不一致时答复412")]
PAGED = [("cursor", "上一页给出的翻页标记"), ("limit", "每页条数，1至100")]


@dataclass(frozen=True, slots=True)
class Operation:
    """One route, as declared. `doc` is the view's docstring; `result` is None for a text, of the type `media`."""

    method: str
    path: str
    name: str
    doc: str
    status: int
    body: Any
    result: Any
    media: str
    query: type[BaseModel] | None
    public: bool
    keyed: bool
    paged: bool


class Described(Protocol):
    label: str                             # the group of the operations, for people; "": the prefix
    operations: list[Operation]


def document(title: str, apis: Mapping[str, Described], examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of all operations. `examples`: by operation id, `{"request": ..., "response": ...}`."""
    operations = [(prefix, operation) for prefix, api in apis.items() for operation in api.operations]
    schemas, definitions = TypeAdapter.json_schemas([
        entry for prefix, o in operations for entry in _adapters(prefix, o)], ref_template=REF)
    paths: dict[str, Any] = {}
    for prefix, o in operations:
        bodies = {mode: schemas[name, mode] for name, mode, _ in _adapters(prefix, o)}
        described = _operation(prefix, apis[prefix].label, o, bodies, examples.get(operation_id(prefix, o), {}))
        paths.setdefault(prefix + o.path, {})[o.method.lower()] = described
    return {"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": paths,
            "security": [{"token": []}], "components": {
                "schemas": definitions.get("$defs", {}) | {"Problem": PROBLEM},
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}}}


def operation_id(prefix: str, o: Operation) -> str:
    """Return the name by which examples and clients know an operation."""
    return f"{prefix.strip('/')}_{o.name}"


def first_sentence(doc: str) -> str:
    """Return the first sentence of a docstring, on one line."""
    return re.split(r"(?<=\.)\s", " ".join(doc.partition("\n\n")[0].split()), maxsplit=1)[0]


def _adapters(prefix: str, o: Operation) -> list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]]:
    name, found = f"{prefix}/{o.name}", list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]]()
    if o.result:
        found.append((name, "serialization", adapter(o.result)))
    return [*found, (name, "validation", adapter(o.body))] if o.body else found


def _operation(prefix: str, label: str, o: Operation, schema: Mapping[JsonSchemaMode, Any],
               example: Mapping[str, Any]) -> dict[str, Any]:
    headers = [*([] if o.public else ACTING), *(KEYED if o.keyed else []), *(MATCH if o.path.endswith("/acts") else [])]
    parameters = [_parameter(name, "path", True) for name in re.findall(r"{(\w+)}", o.path)]
    parameters += [_parameter(name, "header", required, words) for name, required, words in headers]
    parameters += [_parameter(name, "query", False, words) for name, words in (PAGED if o.paged else [])]
    if o.query:
        shape = o.query.model_json_schema(ref_template=REF)
        parameters += [{"name": name, "in": "query", "required": name in shape.get("required", ()), "schema": one}
                       for name, one in shape["properties"].items()]
    text = {o.media: {"schema": {"type": "string"}}}
    answer = _json(schema["serialization"], example.get("response")) if o.result else text
    return {
        "operationId": operation_id(prefix, o), "summary": first_sentence(o.doc),
        "tags": [label or prefix.strip("/")],
        "parameters": parameters, **({"security": []} if o.public else {}),
        **({"requestBody": {"required": True, "content": _json(schema["validation"], example.get("request"))}}
           if o.body else {}),
        "responses": {str(o.status): {"description": "完成", "content": answer},
                      "default": {"description": "未能办理", "content": {
                          "application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}}}}}


def _parameter(name: str, place: str, required: bool, words: str = "") -> dict[str, Any]:
    described = {"description": words} if words else {}
    return {"name": name, "in": place, "required": required, "schema": {"type": "string"}, **described}


def _json(schema: Any, example: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema, **({"example": example} if example is not None else {})}}
