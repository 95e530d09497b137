"""The doors of the object store: a signed form comes in, a signed address gives the file back."""
from typing import BinaryIO
from urllib.parse import parse_qsl, quote

from multipart import MultipartError, MultipartParser, ParserLimitReached, parse_options_header

from chalicelib.kernel.problems import Forbidden, Malformed, Missing, TooLarge

from .exchange import Answer, Environ, drain
from .objects import DOOR, FolderObjects, Unacceptable

MOST = 200 * 1024 * 1024                   # bytes of a file
FORM = 64 * 1024                           # bytes of everything else in the form
FIELDS = 20


def upload(environ: Environ) -> Answer:
    """Store the file of a form that was signed here, if it is the file described."""
    length = int(environ.get("CONTENT_LENGTH") or -1)
    if length > MOST + FORM:
        drain(environ)
        raise TooLarge("文件过大")
    try:
        fields, file = form(environ, length)
        FolderObjects.of_run().accept(fields, file)
    except ParserLimitReached:
        raise TooLarge("文件过大") from None
    except MultipartError:
        raise Malformed("应以 multipart/form-data 提交表单", code="not-a-form") from None
    except Unacceptable as error:
        if error.forged:
            raise Forbidden(f"上传凭证无效或已过期：{error}", code="upload-signature") from None
        raise Malformed(f"文件与申报的不符：{error}", code="upload-mismatch") from None
    return Answer(204)


def download(environ: Environ) -> Answer:
    """Give the object that a signed address names, to be saved and never shown as part of the site."""
    key = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace").removeprefix(f"{DOOR}/")
    store = FolderObjects.of_run()
    try:
        name = store.permit(key, dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)))
    except Unacceptable as error:
        raise Forbidden(f"下载地址无效或已过期：{error}", code="download-signature") from None
    if (stored := store.head(key)) is None:
        raise Missing("未找到该文件")
    return Answer(200, store.get(key), (
        ("Content-Type", stored.content_type), ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name)}"),
        ("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ("Cache-Control", "private, no-store"), ("Referrer-Policy", "no-referrer")))


def form(environ: Environ, length: int) -> tuple[dict[str, str], BinaryIO]:
    """Return the fields and the file. Raise MultipartError, or Malformed if there is no file."""
    kind, options = parse_options_header(environ.get("CONTENT_TYPE", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise MultipartError("not a form")
    fields: dict[str, str] = {}
    for part in MultipartParser(environ["wsgi.input"], options["boundary"], length, part_limit=FIELDS,
                                spool_limit=FORM, disk_limit=MOST, strict=True):
        if part.name == "file":
            return fields, part.file
        fields[part.name] = part.value
    raise Malformed("表单中没有文件（file，须为最后一项）", code="no-file")
