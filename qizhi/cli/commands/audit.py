"""`qizhi audit verify`: walk all chains."""

import argparse
import sys

NAME = "audit"
HELP = "核验全部事项的步骤链、附件摘要和日封印"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the one thing that an audit does."""
    parser.add_argument("what", choices=["verify"], help="verify：逐件核验")


def run(_options: argparse.Namespace) -> int:
    """Verify everything; name each broken link, and end with 1 when there is one."""
    from qizhi.cli.progress import Progress
    from qizhi.kernel.loop.audit import CHUNK, audit_verify
    from qizhi.kernel.loop.models import Matter, Step

    total = Matter.objects.count()
    with Progress("核验", total) as progress:
        breaks = list(audit_verify(lambda _walked: progress.step(CHUNK)))
        progress.done = total
    for found in breaks:
        sys.stdout.write(f"断链 {found}\n")
    if breaks:
        sys.stdout.write(f"发现 {len(breaks)} 处断链。请保护现场，不要再改动数据库，并从备份核对。\n")
        return 1
    sys.stdout.write(f"核验通过：{total} 件事项，{Step.objects.count()} 步，全部完整。\n")
    return 0
