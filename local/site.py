"""The public site over HTTP, as a bucket behind a web server gives it: read from the folder, nothing else served."""
from .exchange import Answer, Environ
from .objects import FolderObjects

DOOR = "/site"
NOWHERE = ("<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>没有这一页</title></head>"
           "<body><main><h1>没有这一页</h1><p>该页面不存在，或者尚未发布。</p></main></body></html>\n").encode()
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
HEADERS = (("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", POLICY), ("Cache-Control", "no-cache"),
           ("Referrer-Policy", "no-referrer"))


def page(environ: Environ) -> Answer:
    """Return an object of the site; a folder stands for its index.html. 404 as a page, for people."""
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    key, store = path.removeprefix(f"{DOOR}/"), FolderObjects.of_site()
    try:
        if key and not key.endswith("/") and store.head(f"{key}/index.html"):
            return Answer(308, b"", (("Location", f"{DOOR}/{key}/"), *HEADERS))
        key = f"{key}index.html" if key.endswith("/") else key
        stored = store.head(key)
    except ValueError:                     # a name that no object has: an empty step, `.` or `..`
        stored = None
    if stored is None:
        return Answer(404, NOWHERE, (("Content-Type", "text/html; charset=utf-8"), *HEADERS))
    return Answer(200, store.get(key), (("Content-Type", stored.content_type), *HEADERS))
