"""The province's 好差评 in a folder, as ratings/upstream.py has it: what was pushed last under each key."""
import json
from typing import Any

from chalicelib.kernel.vault import digest

from .folder import data, replace


class FolderUpstream:
    """`<data>/upstream/<digest of the key>.json`: the key, the fields, how often they came. A key is one entry."""

    def push(self, key: str, fields: dict[str, Any], mark: str) -> str:
        """Keep the fields in place of those that came before under the key; return the receipt."""
        folder, name = data() / "upstream", digest("upstream", key, length=16)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.json"
        times = json.loads(path.read_text("utf-8"))["times"] if path.exists() else 0
        replace(path, json.dumps({"key": key, "fields": fields, "times": times + 1}, ensure_ascii=False))
        return f"R-{name}"
