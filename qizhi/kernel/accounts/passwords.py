"""What a password must be, in words that Django's own Chinese lacks."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """The password has a least length; ten characters unless said otherwise in the settings."""

    def get_error_message(self) -> str:
        """Return what is wrong with a password that is too short."""
        return _("密码太短，至少要 %(length)d 个字符。") % {"length": self.min_length}

    def get_help_text(self) -> str:
        """Return what is asked for."""
        return _("密码至少 %(length)d 个字符。") % {"length": self.min_length}
