"""Logs as JSON lines, one event a line; personal data is masked before a line is written.

Used by `structlog.get_logger()` and by every library that logs in the standard way.
"""

import json
import logging
import logging.config
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from .personal import mask_personal

# Values under these keys are never written, whatever they hold.
SECRET_KEYS = frozenset(
    {
        "authorization",
        "cookie",
        "csrfmiddlewaretoken",
        "identity",
        "password",
        "phone",
        "query_code",
        "reporter",
        "secret",
        "session",
        "token",
    }
)
# Set by the program itself in every line, over whatever a caller gave.
_OWN_KEYS = frozenset({"level", "logger", "timestamp"})
_HIDDEN = "***"
_MAX_DEPTH = 6


def configure(level: str = "INFO") -> None:
    """Send everything of at least `level` to standard error, as JSON lines."""
    structlog.configure(
        processors=[*_common(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": _formatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": level},
        }
    )


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask personal data in every text of the event, and hide what stands under a secret key."""
    return {key: value if key in _OWN_KEYS else _scrubbed(key, value, 0) for key, value in event.items()}


def _scrubbed(key: str, value: Any, depth: int) -> Any:
    if key.lower() in SECRET_KEYS:
        return _HIDDEN
    if isinstance(value, str):
        return mask_personal(value)
    if depth >= _MAX_DEPTH:
        return _HIDDEN
    if isinstance(value, Mapping):
        return {str(name): _scrubbed(str(name), item, depth + 1) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_scrubbed("", item, depth + 1) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return mask_personal(str(value))


def _common() -> list[structlog.typing.Processor]:
    """Return what every event passes, from whichever side it comes."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter() -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_common(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            scrub,
            structlog.processors.JSONRenderer(_to_json),
        ],
    )


def _to_json(event: Any, **_options: Any) -> str:
    return json.dumps(event, ensure_ascii=False, default=str)
