"""How often one address may send a form at all, right or wrong; what is opened is counted in `faces.limits`.

**Source:** issue 2, portal: limits per address and per phone.
"""

from django.utils import timezone

from qizhi.kernel.accounts.addresses import network_of
from qizhi.kernel.kit import limits

HOUR_SECONDS = 3600
# one address may be a whole village hall, and a form is sent a few times until it is right
TRIES_OF_ADDRESS = 300


def spend_try(address: str) -> None:
    """Count one form that was sent from `address`.

    Each is compared with what others have said nearby: nobody shall read through that by trying.

    Raises:
        TooMany: there were 300 within the hour.
    """
    limits.spend(f"portal/try:{network_of(address)}", TRIES_OF_ADDRESS, HOUR_SECONDS, timezone.now())
