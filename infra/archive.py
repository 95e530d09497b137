"""The zip of the functions: what `chalice package` built, less what nothing needs, with byte-code, reproducible."""
import compileall
import gzip
import json
import shutil
import tempfile
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

SERVICES = frozenset({"dynamodb", "s3", "sqs", "secretsmanager"})
"""The services whose clients the functions make; botocore's data of the others stays away."""

LEFT_OUT = (
    "*.dist-info", "bin", "*/tests",
    "setuptools", "_distutils_hack", "distutils-precedence.pth",
    "pycparser", "cffi",                                     # compile C headers; only _cffi_backend runs
    "boto3/data", "boto3/examples", "botocore/data/*/*/examples-1.json*", "dateutil/zoneinfo",
    "pydantic/v1", "pydantic/mypy.py", "tzdata/zoneinfo/*/*", "tzdata/zoneinfo/[!AEU_]*", "cryptography/hazmat/asn1",
    "aws_lambda_powertools/event_handler", "aws_lambda_powertools/utilities/*", "stdnum/[a-z][a-z]", "stdnum/??_",
    "stdnum/oui.*", "stdnum/imsi.*", "stdnum/isbn.*", "stdnum/isil.*", "urllib3/contrib/emscripten")
"""Paths of the package (glob patterns) that nothing imports. `make e2e-emulator` runs every function without them."""

KEPT = frozenset({
    "tzdata/zoneinfo/Asia/Shanghai", "tzdata/zoneinfo/Asia/__init__.py", "stdnum/cn",
    *(f"aws_lambda_powertools/utilities/{name}" for name in ("__init__.py", "jmespath_utils", "parameters"))})
"""What stays although a pattern above names it."""

OURS = ("app.py", "chalicelib")
"""What keeps its docstrings, from which the text of the interface is made."""

EPOCH = (1980, 1, 1, 0, 0, 0)
TASK = "/var/task"                         # where Lambda unpacks the zip: the path that tracebacks show


def repack(built: Path, to: Path, *, byte_code: bool = True) -> None:
    """Write the zip `to` from the zip `built`. The same input gives the same bytes, on the same minor Python."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        with zipfile.ZipFile(built) as archive:
            archive.extractall(tree)
        trim(tree)
        if byte_code:
            compile_tree(tree)
        write(tree, to)


def trim(tree: Path) -> None:
    """Delete what no function needs from an unpacked package."""
    for pattern in LEFT_OUT:
        for path in tree.glob(pattern):
            if path.relative_to(tree).as_posix() in KEPT:
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for service in (tree / "botocore/data").iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
    for model in (tree / "botocore/data").glob("*/*/service-2.json.gz"):
        known = json.loads(gzip.decompress(model.read_bytes()))
        known |= {part: undocumented(known[part]) for part in ("shapes", "operations")}
        model.write_bytes(gzip.compress(json.dumps(known, separators=(",", ":")).encode(), 9, mtime=0))


def undocumented(model: Any) -> Any:
    """Return a service's model without its prose, two thirds of it, which no client reads."""
    if isinstance(model, dict):
        return {name: undocumented(one) for name, one in model.items()
                if name != "documentation" or not isinstance(one, str)}
    return [undocumented(one) for one in model] if isinstance(model, list) else model


def compile_tree(tree: Path) -> None:
    """Put byte-code in the place of every module; that of others without docstrings, a third of the size.

    Tracebacks name file and line, and /health the commit whose line it is. It is trusted without a look at the source,
    which Lambda cannot change; it is good for one minor Python only.
    """
    for path in sorted(tree.iterdir()):
        ours = path.name in OURS
        compiled = (compileall.compile_dir if path.is_dir() else compileall.compile_file)(
            path, stripdir=str(tree), prependdir=TASK, quiet=1, legacy=True, optimize=0 if ours else 2,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
        if not compiled:
            raise SystemExit(f"package: {path.name} does not compile")
        for source in [path] if path.suffix == ".py" else path.rglob("*.py"):
            source.unlink()


def write(tree: Path, to: Path) -> None:
    """Zip a folder: sorted, one date, one mode."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in tree.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(tree).as_posix(), EPOCH)
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
