"""What a password must be, in words that Django's own Chinese lacks; and passwords that are made for one use."""

import secrets

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _

# Digits and small letters that nobody takes for one another on paper: 31 of them, twelve make 59 bits.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _GROUP_LENGTH = 3, 4


def one_time_password() -> str:
    """Return a random password to be read off a sheet and typed once, such as ``k7mp-w3xd-9hqa``."""
    return "-".join(
        "".join(secrets.choice(_SIGNS) for _sign in range(_GROUP_LENGTH)) for _group in range(_GROUPS)
    )


class OnceHasher(Argon2PasswordHasher):
    """Argon2 with little work, for one-time passwords alone.

    They are random, so that guessing them is hopeless however cheap one guess is; a thousand people can then be
    taken from a list within seconds. The first sign-in stores the usual hash, as Django does for every hasher that
    is not the first of the settings; the person's own password is hashed by that one from the beginning.
    """

    algorithm = "argon2_once"
    time_cost = 1
    memory_cost = 1024
    parallelism = 1


class LongEnough(MinimumLengthValidator):
    """The password has a least length; ten characters unless said otherwise in the settings."""

    def get_error_message(self) -> str:
        """Return what is wrong with a password that is too short."""
        return _("密码太短，至少要 %(length)d 个字符。") % {"length": self.min_length}

    def get_help_text(self) -> str:
        """Return what is asked for."""
        return _("密码至少 %(length)d 个字符。") % {"length": self.min_length}
