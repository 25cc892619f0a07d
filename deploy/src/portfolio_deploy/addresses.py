"""Where a service is to be found: the address that was named, or that of the local stack."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import httpx

from portfolio_deploy.errors import StackError, WrongUse
from portfolio_deploy.local import run_files
from portfolio_deploy.local.state_directory import StateDirectory

Service = Literal["ledger", "read-api"]

_CALLED = {"ledger": "the ledger", "read-api": "the read API"}


def find(service: Service, named: str | None, directory: Path, *, option: str) -> str:
    """Return the address of a service.

    Raises:
        WrongUse: what was named is no address.
        StackError: none was named and no local stack runs on the directory.

    """
    if named is not None:
        return _check(named, option)
    state = StateDirectory(directory)
    file = run_files.read(state.run, service)
    if file is None or file.address is None or not file.runs():
        raise StackError(
            f"No local stack runs on {state.path}: start one with `portfolio up`, or name {_CALLED[service]} with {option}."
        )
    return file.address


def client(address: str, *, answer_seconds_max: float, connect_seconds_max: float = 10) -> httpx.AsyncClient:
    """Return a client of a service. Proxies of the environment are for others than this machine."""
    timeout = httpx.Timeout(answer_seconds_max, connect=connect_seconds_max)
    return httpx.AsyncClient(base_url=address, timeout=timeout, trust_env=not _is_loopback(address))


def failure(error: httpx.TransportError) -> str:
    """Return what happened to a connection, to go on after the name of the service."""
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return "cannot be reached"
        case httpx.TimeoutException():
            return "does not answer in time"
        case httpx.RemoteProtocolError():
            return "closed the connection"
        case _:
            return "lost the connection"


def _check(named: str, option: str) -> str:
    try:
        url = httpx.URL(named)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise WrongUse(f"{option} is an address such as http://127.0.0.1:8080, not {named!r}.")
    return named.rstrip("/")


def _is_loopback(address: str) -> bool:
    host = httpx.URL(address).host
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
