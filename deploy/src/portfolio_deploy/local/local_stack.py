"""Kafka and PostgreSQL on this machine, on a state directory: what `portfolio up` and the tests both stand on."""

import asyncio
import os
import shutil
import signal
from pathlib import Path
from types import TracebackType
from typing import Self

from portfolio_deploy.errors import StackError
from portfolio_deploy.local import java, kafka, kafka_jars, postgres, postgres_home, run_files
from portfolio_deploy.local.ports import Reservations
from portfolio_deploy.local.programs import Child, Program
from portfolio_deploy.local.reports import Report, Silent
from portfolio_deploy.local.state_directory import Record, StateDirectory
from portfolio_deploy.local.task_groups import failing_as_one

_STOP_LIMIT_S = 60
SUPERVISOR = "supervisor"  # the name of the run file of whoever runs a stack


class LocalStack:
    """One Kafka and one PostgreSQL. Free ports are found; data are there again at the next start.

        async with LocalStack(directory) as stack:
            stack.kafka      # "127.0.0.1:9092", bootstrap servers
            stack.postgres   # "postgresql://postgres:...@127.0.0.1:5432/postgres", the administrator

    Entering takes the directory (a second stack on it is refused with StackError), ends what a killed one left running,
    fetches and checks what is missing, starts both and returns when both do their work. Leaving stops them in order.
    """

    def __init__(self, directory: Path, *, report: Report | None = None, fresh: bool = False) -> None:
        self.directory = StateDirectory(directory)
        self.children: dict[str, Child] = {}
        self.stopping = False
        self._report = report or Silent()
        self._fresh = fresh
        self._holds_directory = False
        self._ports = Reservations()
        self._record: Record | None = None
        self._programs: tuple[Program, ...] = ()

    async def __aenter__(self) -> Self:
        try:
            await self._prepare()
            for program in self._programs:
                await self.start(program)
            self._report.say(f"Starting {' and '.join(program.title for program in self._programs)}")
            async with failing_as_one() as tasks:
                for child in self.children.values():
                    tasks.create_task(child.wait_ready(self._report))
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    @property
    def record(self) -> Record:
        """What the state directory remembers: ports, passwords."""
        if self._record is None:
            raise StackError("The local stack has not been started.")
        return self._record

    @property
    def kafka(self) -> str:
        """Kafka's bootstrap servers."""
        return f"127.0.0.1:{self.record.ports['kafka']}"

    @property
    def postgres(self) -> str:
        """The connection string of PostgreSQL's administrator."""
        return postgres.dsn(self.record.ports["postgres"], self.record.passwords["postgres"])

    async def start(self, program: Program) -> Child:
        """Start a program as part of the stack, without waiting until it is ready; also one that has ended, again."""
        child = await Child.start(program, logs=self.directory.logs, run=self.directory.run)
        self.children[program.name] = child
        return child

    async def stop(self) -> None:
        """Stop everything, the last started first, and give directory and ports back. Safe to call again."""
        self.stopping = True
        try:
            for name in reversed(tuple(self.children)):
                await self.children[name].stop()
                del self.children[name]
            if self._holds_directory:
                run_files.remove(self.directory.run, SUPERVISOR)
        finally:
            self._ports.release()
            self.directory.release()
            self._holds_directory = False

    def kill(self) -> None:
        """End everything at once; `stop`, which is running or will, then has nothing to wait for."""
        for child in self.children.values():
            child.end_at_once()

    def remove(self) -> None:
        """Delete what the stack keeps outside its directory when PostgreSQL's user could not get there. Call after `stop`."""
        if self.record.postgres_home is not None:
            shutil.rmtree(self.record.postgres_home, ignore_errors=True)

    async def _prepare(self) -> None:
        record = self.directory.acquire()
        self._holds_directory = True
        ended = await run_files.end_stale(self.directory.run)
        if ended:
            self._report.say(f"Ended what the last run left: {', '.join(ended)}")
        if self._fresh:
            for place in self.directory.places(record):
                self._report.say(f"Deleting {place}")
            record = self.directory.renew(record)
        run_files.write(self.directory.run, SUPERVISOR, os.getpid(), stop_signal=signal.SIGTERM, stop_limit_s=_STOP_LIMIT_S)
        record.ports = self._ports.choose(record.ports)
        self._record = record
        async with failing_as_one() as tasks:
            tasks.create_task(self._prepare_postgres(record))
            tasks.create_task(self._prepare_kafka(record))
        self.directory.save(record)

    async def _prepare_postgres(self, record: Record) -> None:
        remembered = None if record.postgres_home is None else Path(record.postgres_home)
        home = await asyncio.to_thread(
            postgres_home.find_home, self.directory.postgres, stack=record.stack, remembered=remembered
        )
        if home.folder != self.directory.postgres and remembered is None:
            record.postgres_home = str(home.folder)
            self.directory.save(record)  # before anything is there that must be found, or deleted, again
            self._report.say(f"PostgreSQL's data are in {home.folder}: the user who runs it cannot reach {self.directory.path}")
        password = record.passwords["postgres"]
        await postgres.prepare(home, password=password)
        self._add(postgres.program(home, port=record.ports["postgres"], password=password))

    async def _prepare_kafka(self, record: Record) -> None:
        ports = {"port": record.ports["kafka"], "controller_port": record.ports["kafka-controller"]}
        with self._report.progress(f"Downloading Kafka {kafka_jars.kafka_version()}", "jars") as progress:
            jars = await kafka_jars.ensure(self.directory.jars, kafka_jars.shared_folder(), progress)
        runtime = await asyncio.to_thread(java.find_java)
        await kafka.prepare(java=runtime, jars=jars, folder=self.directory.kafka, cluster=record.kafka_cluster, **ports)
        self._add(kafka.program(java=runtime, jars=jars, folder=self.directory.kafka, **ports))

    def _add(self, program: Program) -> None:
        """Keep PostgreSQL before Kafka, however their preparation went: what starts last stops first."""
        self._programs = tuple(sorted((*self._programs, program), key=lambda one: one.name != "postgres"))
