"""The object stores: files of applicants, and the public site."""
import base64
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol
from urllib.parse import quote

from . import aws
from .settings import settings

MINUTES = 15                               # how long a signed address is good for


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store knows of an object: bytes, SHA-256 in hex, media type."""

    size: int
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A form that the client posts as multipart/form-data, `fields` first and the file last (`file`)."""

    url: str
    fields: dict[str, str]


class Objects(Protocol):
    """A store of objects by key (`<area>/<kind>/<id>/<name>`). Keys hold no personal data."""

    def presign_upload(self, key: str, content_type: str, size: int, sha256: str) -> Upload: ...
    def sign_download(self, key: str, name: str) -> str: ...
    def head(self, key: str) -> Stored | None: ...
    def read(self, key: str, length: int) -> bytes: ...
    def get(self, key: str) -> bytes: ...
    def put(self, key: str, body: bytes, content_type: str) -> None: ...
    def delete(self, key: str) -> None: ...


class S3Objects:
    """A bucket of Amazon S3. The store itself checks size, type and SHA-256 of an upload against the signed policy."""

    def __init__(self, bucket: str):
        self.bucket = bucket

    def presign_upload(self, key: str, content_type: str, size: int, sha256: str) -> Upload:
        """Return a form good for MINUTES that accepts exactly the file described."""
        fields = {"Content-Type": content_type, "x-amz-checksum-algorithm": "SHA256",
                  "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(sha256)).decode()}
        conditions = [{name: value} for name, value in fields.items()] + [["content-length-range", size, size]]
        made = _client().generate_presigned_post(self.bucket, key, fields, conditions, ExpiresIn=MINUTES * 60)
        return Upload(made["url"], made["fields"])

    def sign_download(self, key: str, name: str) -> str:
        """Return an address good for MINUTES that saves the object as a file called `name`."""
        address: str = _client().generate_presigned_url("get_object", ExpiresIn=MINUTES * 60, Params={
            "Bucket": self.bucket, "Key": key,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(name)}"})
        return address

    def head(self, key: str) -> Stored | None:
        """Return what is stored under `key`, or None."""
        from botocore.exceptions import ClientError  # here: whoever asks has made a client
        try:
            found = _client().head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
                return None
            raise
        return Stored(found["ContentLength"], base64.b64decode(found.get("ChecksumSHA256", "")).hex(),
                      found["ContentType"])

    def read(self, key: str, length: int) -> bytes:
        """Return the first `length` bytes."""
        found = _client().get_object(Bucket=self.bucket, Key=key, Range=f"bytes=0-{length - 1}")
        return bytes(found["Body"].read())

    def get(self, key: str) -> bytes:
        """Return the whole object."""
        return bytes(_client().get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object whole; the same key again replaces it."""
        _client().put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type,
                             ChecksumAlgorithm="SHA256")

    def delete(self, key: str) -> None:
        """Destroy an object; one that is not there is passed over. Of a bucket with versions the last goes later."""
        _client().delete_object(Bucket=self.bucket, Key=key)


@cache
def _client() -> Any:
    return aws.client("s3", signature_version="s3v4")


def connect() -> Objects:
    """Return the deployment's object store: what only those with a right may read."""
    return S3Objects(settings().objects_bucket)


def connect_site() -> Objects:
    """Return the store of the public site, one folder per area (`<area>/index.html`)."""
    return S3Objects(settings().site_bucket)
