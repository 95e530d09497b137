"""The one place that reads the environment."""
import os
from functools import cache

from pydantic import BaseModel, Field, ValidationError


class Settings(BaseModel, frozen=True, extra="ignore"):
    """Each field is an environment variable of the same name in capitals."""

    stage: str
    cases_table: str
    cases_stream_arn: str
    reference_table: str
    figures_table: str
    accounts_table: str
    inbox_table: str
    objects_bucket: str
    site_bucket: str
    site_url: str = ""                     # public address of the site; an area's folder stands below it
    retry_queue: str                       # URL of the queue of failed reactions
    retry_queue_name: str = "yiciban-retry"
    sweep_queue: str                       # URL of the queue of shards to be swept
    sweep_queue_name: str = "yiciban-sweep"
    secrets: str = ""                      # first part of the names in Secrets Manager; empty: see kernel/secrets.py
    token_issuer: str
    token_audience: str
    cors_origins: str = ""                 # separated by spaces
    commit: str = ""
    number_shards: int = Field(default=1, ge=1, le=26)
    wechat_app_id: str = ""
    wechat_template: str = ""              # id of the subscription message
    sms_url: str = ""                      # the bureau's SMS gateway
    wechat_url: str = "https://api.weixin.qq.com"
    staff_issuer: str = ""                 # OpenID Connect issuer of the staff's single sign-on
    staff_client_id: str = ""
    staff_jwks_url: str = ""
    handler: str = Field(default="", validation_alias="_handler")    # which function this process runs; set by Lambda


@cache
def settings() -> Settings:
    """Return the settings. Raise SystemExit at cold start, naming what is missing or wrong but no value."""
    try:
        return Settings.model_validate({name.lower(): value for name, value in os.environ.items()})
    except ValidationError as error:
        names = sorted({str(fault["loc"][0]).upper() for fault in error.errors()})
        raise SystemExit(f"settings missing or wrong: {', '.join(names)}") from None
