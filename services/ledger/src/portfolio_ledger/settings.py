"""Configuration, from environment variables that begin with PORTFOLIO_. Read at the entry point and nowhere else."""

from ipaddress import ip_address
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from portfolio_log.topics import DEFAULT_PARTITIONS


class Settings(BaseSettings):
    """What the ledger needs."""

    model_config = SettingsConfigDict(env_prefix="PORTFOLIO_", frozen=True)

    kafka: str = Field(description="Kafka's bootstrap servers, such as 127.0.0.1:9092")
    postgres: str = Field(description="connection string of PostgreSQL for the role portfolio_ledger")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on")
    authentication: Literal["network"] | None = Field(
        default=None,
        description="`network`: whatever surrounds the service is its access control; without it only loopback is listened on",
    )
    create_topics: bool = Field(default=False, description="create missing topics; for local stacks only")
    partitions: int = Field(default=DEFAULT_PARTITIONS, ge=1, description="partitions of the topics that it creates")
    topic_prefix: str = Field(default="", description="sets a family of topics apart; empty for the system's own")
    waiting_max: int = Field(default=20_000, ge=1, description="submissions over HTTP that may wait for their receipts at once")
    refusals_max: int = Field(default=10_000, ge=1, description="refusals of one source over HTTP within a minute, then 429")

    @model_validator(mode="after")
    def _refuse_an_open_door(self) -> Self:
        if self.authentication is None and not _is_loopback(self.host):
            raise ValueError(
                f"The address {self.host} can be reached from outside and no authentication is configured: listen on 127.0.0.1, "
                "or set PORTFOLIO_AUTHENTICATION=network where the surrounding network controls who may write."
            )
        return self


class OperatorSettings(BaseSettings):
    """What an operator's command needs that is carried out by a running ledger."""

    model_config = SettingsConfigDict(env_prefix="PORTFOLIO_", frozen=True)

    postgres: str = Field(description="connection string of PostgreSQL for the role portfolio_ledger")
    topic_prefix: str = Field(default="", description="sets a family of topics apart; empty for the system's own")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
