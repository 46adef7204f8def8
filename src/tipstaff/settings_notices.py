"""Settings of how notices of alerts are sent: a part of `tipstaff.settings`, which reads them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class NoticeSettings(BaseSettings):
    """Each means and what it needs; secrets are files."""

    smtp_host: str = Field(
        default="", description="The relay that takes emails of notices. Empty: none are sent."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="The relay's port.")
    smtp_tls: Literal["tls", "starttls", "none"] = Field(
        default="starttls",
        description="How the relay is reached: tls from the first byte, starttls, or none.",
    )
    smtp_user: str = Field(
        default="", description="The account at the relay. Empty: it asks for no sign-in."
    )
    smtp_password_file: str = Field(
        default="", description="The file with the password of that account, and nothing else."
    )
    smtp_from: str = Field(
        default="", description="The address from which notices come. Needed with smtp_host."
    )
    webhook_secrets_file: str = Field(
        default="",
        description=(
            'A TOML file with a line for each receiver of webhooks: "https://HOST" = '
            '"whsec_BASE64". Empty: none are sent.'
        ),
    )
    notify_key_file: str = Field(
        default="",
        description=(
            "The file with the API key of GOV.UK Notify, and nothing else. Empty: no texts are "
            "sent, and emails by smtp_host alone."
        ),
    )
    notify_url: str = Field(
        default="", description="Another address than that of GOV.UK Notify, as of a stand-in."
    )
    notify_text_template: str = Field(
        default="", description="The id of the template of texts at GOV.UK Notify."
    )
    notify_email_template: str = Field(
        default="",
        description="The id of the template of emails there, used where smtp_host is empty.",
    )
