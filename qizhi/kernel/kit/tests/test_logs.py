"""Logs: JSON lines without personal data, from structlog and from the standard library."""

import io
import json
import logging

import pytest
import structlog

from qizhi.kernel.kit import logs


@pytest.fixture
def lines():
    """Log to memory; return a way to read the lines. Everything is put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    logs.configure("INFO")
    stream = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_an_event_is_one_line_of_json(lines):
    structlog.contextvars.bind_contextvars(request_id="r1")
    structlog.get_logger("qizhi.loop").info("accepted", number="SQ-2026-000123", count=3)
    (line,) = lines()
    assert line["event"] == "accepted"
    assert (line["level"], line["logger"], line["request_id"]) == ("info", "qizhi.loop", "r1")
    assert (line["number"], line["count"]) == ("SQ-2026-000123", 3)
    assert line["timestamp"].startswith("20")


def test_a_library_that_logs_in_the_standard_way_gives_the_same(lines):
    logging.getLogger("django.request").warning("Not Found: %s", "/tel/13812345678/")
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"]) == (
        "Not Found: /tel/138****5678/",
        "warning",
        "django.request",
    )


def test_personal_data_and_secrets_are_never_written(lines):
    structlog.get_logger().info(
        "来电 138 1234 5678",
        text="身份证610323198001011234",
        phone="anything",
        Password="hunter2",
        nested={"token": "abc", "list": ["0917-8212345", {"query_code": 7}], "n": 2.5, "none": None},
        other=object,
    )
    (line,) = lines()
    text = json.dumps(line, ensure_ascii=False)
    for hidden in ("1234 5678", "610323", "anything", "hunter2", "abc", "8212345"):
        assert hidden not in text
    assert line["nested"] == {
        "token": "***",
        "list": ["0917****345", {"query_code": "***"}],
        "n": 2.5,
        "none": None,
    }


def test_an_exception_is_masked_too(lines):
    try:
        raise ValueError("13812345678 没有找到")
    except ValueError:
        logging.getLogger("x").exception("failed")
    (line,) = lines()
    assert "138****5678 没有找到" in line["exception"]
    assert "13812345678" not in json.dumps(line)


def test_below_the_level_nothing_is_written(lines):
    structlog.get_logger().debug("quiet")
    logging.getLogger("x").debug("quiet")
    assert lines() == []


def test_a_text_is_kept_readable(lines):
    structlog.get_logger().info("已受理")
    assert lines()[0]["event"] == "已受理"


def test_what_is_nested_too_deeply_is_hidden(lines):
    value: dict[str, object] = {}
    value["again"] = value
    structlog.get_logger().info("x", value=value)
    assert "***" in json.dumps(lines())


@pytest.mark.parametrize("key", ["method", "path", "level", "logger", "timestamp"])
def test_nothing_that_a_caller_gives_is_written_unmasked(lines, key):
    structlog.get_logger("qizhi.kit").warning("request", **{key: "13812345678"})
    assert "13812345678" not in json.dumps(lines())
