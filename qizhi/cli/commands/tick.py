"""`qizhi tick`: climb what is due, once."""

import argparse
import sys

NAME = "tick"
HELP = "处理到期时限一次（worker 会自动处理；可放心重复运行）"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: a tick needs no options."""


def run(_options: argparse.Namespace) -> int:
    """Advance clocks until nothing is due, seal new steps and let all readers catch up."""
    from qizhi.kernel.loop.readers import read_all
    from qizhi.kernel.loop.sealer import seal_days, seal_steps
    from qizhi.kernel.loop.tick import tick

    climbed = sealed = told = 0
    while (now := tick()) > 0:
        climbed += now
    while (now := seal_steps()) > 0:
        sealed += now
    while (now := read_all()) > 0:
        told += now
    seals = seal_days()
    sys.stdout.write(f"到期时限 {climbed} 个，新编流水 {sealed} 步，日封印 {len(seals)} 个。\n")
    return 0
