"""How often somebody without an account may bring something, over whatever face: per network address, per telephone.

**Source:** issue 2, “Limits per address and per phone”.
"""

from django.conf import settings
from django.utils import timezone

from qizhi.kernel.accounts.addresses import network_of
from qizhi.kernel.kit import limits

HOUR = 3600
# one address may be a whole service hall or the server of a county's own app; one telephone is one person
PHONE_SHARE = 10


def public_spend(address: str, phone: str = "") -> None:
    """Count one matter that `address` brings for the person with this telephone (empty: none was given).

    The setting `QIZHI_PUBLIC_PER_HOUR` is how many an address may bring within an hour; a telephone may a tenth of
    it. 0 counts nothing. Call it outside a transaction: the count stays when the work it guards fails.

    Raises:
        TooMany: it was too often.
    """
    most = settings.QIZHI.public_per_hour
    if most == 0:
        return
    purses = [limits.Purse(f"public/address:{network_of(address)}", most, HOUR)]
    if phone:
        purses.append(limits.Purse(f"public/phone:{phone}", max(1, most // PHONE_SHARE), HOUR))
    limits.spend_each(purses, timezone.now())


def upload_spend(address: str) -> None:
    """Count one file that `address` hands in without an account; nine for each matter it may bring.

    Raises:
        TooMany: it was too often.
    """
    most = settings.QIZHI.public_per_hour * 9
    if most:
        limits.spend(f"public/upload:{network_of(address)}", most, HOUR, timezone.now())
