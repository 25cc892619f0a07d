"""Logs: one JSON object a line on stderr, ours and those of the libraries."""

import logging
import sys
import time

import structlog

_LIBRARY_LINES_MAX = 5
_LIBRARY_SECONDS = 10.0

_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configure(service: str) -> None:
    """Send everything to stderr as JSON, under the service's name."""
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.addFilter(_Seldom())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class _Seldom(logging.Filter):
    """Lets a few lines of each library through in a while: a client whose broker is away writes thousands."""

    def __init__(self) -> None:
        super().__init__()
        self._since = dict[str, tuple[float, int]]()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the line is written."""
        library = record.name.partition(".")[0]
        now = time.monotonic()
        since, lines = self._since.get(library, (now, 0))
        if now - since > _LIBRARY_SECONDS:
            since, lines = now, 0
        self._since[library] = (since, lines + 1)
        return lines < _LIBRARY_LINES_MAX
