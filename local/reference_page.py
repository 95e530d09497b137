"""/docs: the API reference in the browser, from the packaged reader in node_modules/. Nothing comes from elsewhere."""
from pathlib import Path

from chalicelib.kernel.problems import Missing

from .doors import ROLES
from .exchange import Answer, Environ

BUNDLE = Path("node_modules/swagger-ui-dist")
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
PAGE = f"""<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>一次办 接口说明</title><link rel="stylesheet" href="/docs/reader.css"></head>
<body><p style="margin: 1em 20px">本机运行时的令牌：<code>POST /local/sessions</code>，请求体为 JSON，如
<code>{{"person": "（账户 id）", "offices": [{{"role": "citizen"}}], "level": 3}}</code> 或者
<code>{{"offices": [{{"role": "clerk", "unit": "430199000000.hall", "area": "430199000000"}}]}}</code>。
职务有：{"、".join(ROLES)}。把答复中的 token 填入 Authorize。正式部署时由 /accounts/sessions 签发。</p>
<div id="reader"></div><script src="/docs/reader.js"></script><script src="/docs/start.js"></script></body>
</html>
"""
START = """SwaggerUIBundle({url: "/openapi.json", dom_id: "#reader", validatorUrl: null, deepLinking: true,
                 docExpansion: "none", tryItOutEnabled: true});
"""
TEXTS = {"/docs": ("text/html; charset=utf-8", PAGE), "/docs/start.js": ("text/javascript; charset=utf-8", START)}
FILES = {"/docs/reader.js": ("text/javascript; charset=utf-8", "swagger-ui-bundle.js"),
         "/docs/reader.css": ("text/css; charset=utf-8", "swagger-ui.css")}
PATHS = (*TEXTS, *FILES)


def page(environ: Environ) -> Answer:
    """Return the page or one of its files. Raise Missing if the reader is not installed."""
    path = environ["PATH_INFO"]
    if path in TEXTS:
        kind, text = TEXTS[path]
        body = text.encode()
    else:
        kind, name = FILES[path]
        if not (BUNDLE / name).exists():
            raise Missing("未安装接口说明阅读器，请运行 make run")
        body = (BUNDLE / name).read_bytes()
    return Answer(200, body, (("Content-Type", kind), ("Content-Security-Policy", POLICY),
                              ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")))
