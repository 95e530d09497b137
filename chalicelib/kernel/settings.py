"""The one place that reads the environment."""
import os
from functools import cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

ADDRESS = r"https?://[^\s/?#]+"
Text = Annotated[str, Field(min_length=1)]
Url = Annotated[str, Field(pattern=rf"^{ADDRESS}[^\s]*$")]
UrlOrNone = Annotated[str, Field(pattern=rf"^({ADDRESS}[^\s]*)?$")]
Origins = Annotated[str, Field(pattern=rf"^ *({ADDRESS}( +{ADDRESS})*)? *$")]
TableName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{3,255}$")]
StreamArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[\w.-]+/stream/\S+$")]


def _queue(given: str) -> str:
    if not given.startswith(("https://", "http://", "local:")):
        raise ValueError("not the address of a queue")
    return given


QueueUrl = Annotated[str, AfterValidator(_queue)]


class Settings(BaseModel, frozen=True, extra="ignore"):
    """Each field is an environment variable of the same name in capitals."""

    stage: Annotated[str, Field(pattern="^[a-z][a-z0-9]{0,15}$")]
    cases_table: TableName
    cases_stream_arn: StreamArn
    reference_table: TableName
    figures_table: TableName
    accounts_table: TableName
    inbox_table: TableName
    objects_bucket: Text
    site_bucket: Text
    site_url: UrlOrNone = ""               # public address of the site; an area's folder stands below it
    retry_queue: QueueUrl                  # of failed reactions; `local:<name>` on one machine, as below
    retry_queue_name: Text = "yiciban-retry"
    sweep_queue: QueueUrl                  # of shards to be swept
    sweep_queue_name: Text = "yiciban-sweep"
    secrets: str = ""                      # first part of the names in Secrets Manager; empty: see kernel/secrets.py
    token_issuer: Url
    token_audience: Text
    cors_origins: Origins = ""             # separated by spaces
    commit: str = ""
    number_shards: int = Field(default=1, ge=1, le=26)
    wechat_app_id: str = ""
    wechat_template: str = ""              # id of the subscription message
    sms_url: UrlOrNone = ""                # the bureau's SMS gateway
    rating_url: UrlOrNone = ""             # page on which the link of a rating opens; the token follows behind `#`
    exchange_url: UrlOrNone = ""           # the province's 好差评, to which ratings are pushed
    wechat_url: Url = "https://api.weixin.qq.com"
    staff_issuer: UrlOrNone = ""           # OpenID Connect issuer of the staff's single sign-on
    staff_client_id: str = ""
    staff_jwks_url: UrlOrNone = ""
    initialization: str = Field(default="", validation_alias="aws_lambda_initialization_type")   # set by Lambda
    handler: str = Field(default="", validation_alias="_handler")    # which function this process runs; set by Lambda

    @model_validator(mode="after")
    def _staff(self) -> Self:
        if len({bool(given) for given in (self.staff_issuer, self.staff_client_id, self.staff_jwks_url)}) > 1:
            raise ValueError("STAFF_ISSUER, STAFF_CLIENT_ID, STAFF_JWKS_URL (all or none)")
        return self


@cache
def settings() -> Settings:
    """Return the settings. Raise SystemExit at cold start, naming what is missing or wrong but no value."""
    try:
        return Settings.model_validate({name.lower(): value for name, value in os.environ.items()})
    except ValidationError as error:
        names = sorted({_name(fault) for fault in error.errors()})
        raise SystemExit(f"settings missing or wrong: {', '.join(names)}") from None


def _name(fault: Any) -> str:
    """Return the variable that a fault is of; of several together, what the check says."""
    return str(fault["loc"][0]).upper() if fault["loc"] else str(fault["ctx"]["error"])
