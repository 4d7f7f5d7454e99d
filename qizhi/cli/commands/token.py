"""`qizhi token create USER`: a key for a program."""

import argparse
import sys

NAME = "token"
HELP = "为程序接口建立令牌"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare user, label and life of the token."""
    parser.add_argument("what", choices=["create"])
    parser.add_argument("user", help="账号，例如 clerk@610323")
    parser.add_argument("--label", default="命令行建立", help="用途")
    parser.add_argument("--days", type=int, default=90, help="有效天数，1–365（默认90）")


def run(options: argparse.Namespace) -> int:
    """Make the token and print it as the last word; it is shown this once."""
    from qizhi.kernel.accounts.models import User
    from qizhi.kernel.accounts.tokens import token_create

    user = User.objects.filter(username=options.user.strip().lower(), is_active=True).first()
    if user is None:
        sys.stderr.write(f"没有账号 {options.user}。\n")
        return 1
    raw = token_create(user, options.label, options.days)
    sys.stdout.write(f"{user.username} 的令牌（只显示这一次，{options.days}天有效）： {raw}\n")
    return 0
