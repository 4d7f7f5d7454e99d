"""How often one address or one telephone may say something here, in words that say what to do instead.

Narrower than `faces.limits`, which counts what is brought over any face: behind one address of a program may stand
a whole county, behind one address of a browser hardly more than a village hall. With `QIZHI_PUBLIC_PER_HOUR=0` nothing
is counted.

**Source:** issue 2, portal: limits per address and per phone.
"""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from qizhi.faces.limits import public_spend
from qizhi.kernel.accounts.addresses import network_of
from qizhi.kernel.kit import limits
from qizhi.kernel.kit.errors import TooMany

HOUR_SECONDS, DAY_SECONDS = 3600, 86400
# a form is sent a few times until it is right
TRIES_OF_ADDRESS = 300
SENT_OF_ADDRESS = 60
SENT_OF_PHONE = 10


def spend_try(address: str) -> None:
    """Count one form that was sent from `address`, right or wrong.

    Each is compared with what others have said nearby: nobody shall read through that by trying.

    Raises:
        TooMany: there were 300 within the hour.
    """
    said = _(
        "这个网络一小时里提交得太多，这次没有发送，写好的内容都在。请过一会儿再发；急事请打电话或到综治中心。"
    )
    _spend(f"portal/try:{network_of(address)}", TRIES_OF_ADDRESS, HOUR_SECONDS, said)


def spend_sending(address: str, phone: str) -> None:
    """Count one matter that is opened from `address` for the person with this telephone (empty: none was given).

    Raises:
        TooMany: there were 60 from the address within the hour, or 10 with the telephone within the day, or more
            than all faces together allow.
    """
    said = _(
        "这个网络一小时里反映的事太多，这次没有发送，写好的内容都在。请过一会儿再发；急事请打电话或到综治中心。"
    )
    _spend(f"portal/sent:{network_of(address)}", SENT_OF_ADDRESS, HOUR_SECONDS, said)
    if phone:
        said = _(
            "这个电话今天反映的事已经够多了，这次没有发送，写好的内容都在。请明天再发；急事请打电话或到综治中心。"
        )
        _spend(f"portal/phone:{phone}", SENT_OF_PHONE, DAY_SECONDS, said)
    public_spend(address, phone)


def _spend(key: str, limit: int, per_seconds: int, said: str) -> None:
    if settings.QIZHI.public_per_hour == 0:
        return
    try:
        limits.spend(key, limit, per_seconds, timezone.now())
    except TooMany as refusal:
        raise TooMany(said, details=refusal.details) from refusal
