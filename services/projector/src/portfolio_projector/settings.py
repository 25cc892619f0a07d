"""Configuration, from environment variables that begin with PORTFOLIO_. Read at the entry points and nowhere else."""

from ipaddress import ip_address
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from portfolio_log.topics import DEFAULT_PARTITIONS

_SECONDS_MAX = 60.0


class RunSettings(BaseSettings):
    """What `projector run` needs."""

    model_config = SettingsConfigDict(env_prefix="PORTFOLIO_", frozen=True)

    kafka: str = Field(description="Kafka's bootstrap servers, such as 127.0.0.1:9092")
    postgres: str = Field(description="connection string of PostgreSQL for the role portfolio_projector")
    create_topics: bool = Field(default=False, description="create missing topics; for local stacks only")
    partitions: int = Field(default=DEFAULT_PARTITIONS, ge=1, description="partitions of the topics that it creates")
    topic_prefix: str = Field(default="", description="sets a family of topics apart; empty for the system's own")


class CheckSettings(BaseSettings):
    """What `projector check` needs: the same as the `projector run` that it looks at."""

    model_config = SettingsConfigDict(env_prefix="PORTFOLIO_", frozen=True)

    postgres: str = Field(description="connection string of PostgreSQL for the role portfolio_projector")
    topic_prefix: str = Field(default="", description="sets a family of topics apart; empty for the system's own")


class RepairSettings(BaseSettings):
    """What `projector repair` and `abandon` need: the same as the `projector run` whose log they write."""

    model_config = SettingsConfigDict(env_prefix="PORTFOLIO_", frozen=True)

    kafka: str = Field(description="Kafka's bootstrap servers, such as 127.0.0.1:9092")
    postgres: str = Field(description="connection string of PostgreSQL for the role portfolio_projector")
    topic_prefix: str = Field(default="", description="sets a family of topics apart; empty for the system's own")


class ServeSettings(BaseSettings):
    """What `projector serve` needs."""

    model_config = SettingsConfigDict(env_prefix="PORTFOLIO_", frozen=True)

    postgres: str = Field(description="connection string of PostgreSQL for the role portfolio_projector")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8081, ge=0, le=65535, description="port to listen on")
    authentication: Literal["network"] | None = Field(
        default=None,
        description="`network`: whatever surrounds the service is its access control; without it only loopback is listened on",
    )
    wait_seconds_max: float = Field(default=10.0, gt=0, le=_SECONDS_MAX, description="how long a read waits for min_entry")

    @model_validator(mode="after")
    def _refuse_an_open_door(self) -> Self:
        if self.authentication is None and not _is_loopback(self.host):
            raise ValueError(
                f"The address {self.host} can be reached from outside and no authentication is configured: listen on 127.0.0.1, "
                "or set PORTFOLIO_AUTHENTICATION=network where the surrounding network controls who may read."
            )
        return self


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
