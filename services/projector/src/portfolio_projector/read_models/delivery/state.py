"""What is known of the delivery of one member: deployments, changes, incidents, service levels."""

from datetime import datetime
from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act

DeploymentState = Literal["Started", "Succeeded", "Failed", "RolledBack"]
IncidentState = Literal["Opened", "Acknowledged", "Mitigated", "Resolved"]
Method = Literal["declared", "nearest"]


class Deployment(msgspec.Struct, array_like=True):
    """One attempt to deploy; `shas` are what it brings, until it has succeeded or failed.

    What has succeeded counts as a deployment, also when it was rolled back later. `rework` is the incident that made it
    necessary, `rolled_back_to` what runs again since it was taken back.
    """

    scope: str
    environment: str
    started: Act
    version: str | None = None
    state: DeploymentState = "Started"
    has_succeeded: bool = False
    finished_at: datetime | None = None
    rework: str | None = None
    rolled_back_at: datetime | None = None
    rolled_back_to: str | None = None
    shas: list[str] = []


class Change(msgspec.Struct, array_like=True):
    """What happened to a change when; `authored_at` is its earliest commit."""

    repo: str
    authored_at: datetime
    commits: list[str]
    opened_at: datetime | None = None
    reviewed_at: datetime | None = None
    merged_at: datetime | None = None
    merge_sha: str | None = None


class Judgement(msgspec.Struct, frozen=True, array_like=True):
    """Which deployment was taken for the cause of an incident from then on; None for none of those that were named."""

    deployment: str | None
    method: Method | None
    act: Act


class Incident(msgspec.Struct):
    """An incident, where it stands, and what was ever taken for its cause, the last one last.

    `home` is whose it was when it was opened, `member` whose it is now.
    """

    title: str
    severity: int
    started_at: datetime
    opened: Act
    home: str
    member: str
    service: str | None = None
    state: IncidentState = "Opened"
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None
    judgements: list[Judgement] = []


class Promise(msgspec.Struct, frozen=True, array_like=True):
    """A service level as it was promised: a share of good events over any window of so many days."""

    sli: str
    target: str
    window_days: int
    proposed_by: str
    act: Act


class Measure(msgspec.Struct, frozen=True, array_like=True):
    """The share of good events in the window that ended with the act."""

    value: str
    act: Act


class ServiceLevel(msgspec.Struct):
    """What was promised, measured, and said to be spent, in the order of the log."""

    promises: list[Promise] = []
    measures: list[Measure] = []
    exhausted: list[Act] = []


class Delivery(msgspec.Struct):
    """The delivery of the member in `scope`, by ids. `brought` are the deployments into production that brought commits first."""

    scope: str = ""
    name: str | None = None
    deployments: dict[str, Deployment] = {}
    changes: dict[str, Change] = {}
    incidents: dict[str, Incident] = {}
    service_levels: dict[str, ServiceLevel] = {}
    brought: dict[str, str] = {}
