"""People who sign in, their tokens, and the record of access."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Permission
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.models import Row

from .errors import AccessIsFixed


class UserManager(BaseUserManager["User"]):
    """Makes users; a user without a password cannot sign in by password."""

    def create_user(self, username: str, password: str | None = None, *, name: str = "") -> "User":
        """Create and return the user `username`; without `password` only single sign-on works.

        The name is kept in lower case: whoever types `Clerk@610323` means `clerk@610323`.
        """
        user = self.model(username=username.strip().lower(), name=name or username)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(Row, AbstractBaseUser):
    """A member of staff. What they may do is told by their posts, never by a flag here."""

    username = models.CharField(_("账号"), max_length=80, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    is_active = models.BooleanField(_("在用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    # the password was made by the administrator; until it is changed nothing else can be done
    must_change_password = models.BooleanField(_("须修改密码"), default=False)
    date_joined = models.DateTimeField(_("建立时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str | Permission, obj: object = None) -> bool:  # noqa: ARG002 - Django's signature
        """Return False: rights come from posts and the mode, not from Django's permissions."""
        return False


class Token(Row):
    """A key for programs: only the SHA-256 of its 32 random bytes is kept.

    **Source:** `stack.md` §10.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(_("用途"), max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager["Token"]] = models.Manager()

    def __str__(self) -> str:
        return self.label


class AccessQuerySet(models.QuerySet["Access"]):
    """Lines of the access log: read and added, never changed in place.

    Every way that Django has to change stored rows in bulk raises `AccessIsFixed`.
    """

    def update(self, **_values: Any) -> NoReturn:
        """Refuse."""
        raise AccessIsFixed

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AccessIsFixed

    def bulk_update(self, *_objects: Any, **_options: Any) -> NoReturn:
        """Refuse."""
        raise AccessIsFixed

    def bulk_create(self, objs: Iterable["Access"], *args: Any, **options: Any) -> list["Access"]:
        """Add many lines at once; on a conflict nothing is overwritten."""
        if options.get("update_conflicts"):
            raise AccessIsFixed
        return super().bulk_create(objs, *args, **options)


class Access(Row):
    """One sign-in, unmasking of personal data, or change of somebody's account; only added, never changed.

    `user` is who did it, `about` whose account it was done to, when that is told.

    **Source:** `domain.md` §12 (unmask = reason + right + log); Cybersecurity Law art. 21 (logs six months).
    """

    class Event(models.TextChoices):
        """What happened."""

        SIGN_IN = "sign_in", _("登录")
        SIGN_IN_FAILED = "sign_in_failed", _("登录失败")
        SIGN_OUT = "sign_out", _("退出")
        LOCKED = "locked", _("账号锁定")
        UNMASK = "unmask", _("查看完整个人信息")
        ERASED = "erased", _("删除个人信息")
        EXPORT = "export", _("导出")
        TOKEN = "token", _("建立接口令牌")
        PASSWORD = "password", _("修改密码")
        DEVICE_ADDED = "device_added", _("绑定手机验证器")
        DEVICE_REMOVED = "device_removed", _("解除手机验证器")
        CREATED = "created", _("建立账号")
        RENAMED = "renamed", _("更正姓名")
        DEACTIVATED = "deactivated", _("停用账号")
        ACTIVATED = "activated", _("恢复账号")
        PASSWORD_RESET = "password_reset", _("重置密码")
        DEVICE_RESET = "device_reset", _("解除遗失的验证器")
        UNLOCKED = "unlocked", _("解除锁定")
        POST_GIVEN = "post_given", _("安排岗位")
        POST_ENDED = "post_ended", _("结束岗位")

    at = models.DateTimeField(_("时间"))
    event = models.CharField(_("事件"), max_length=16, choices=Event)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="accesses")
    username = models.CharField(_("账号"), max_length=80, blank=True)
    address = models.CharField(_("网络地址"), max_length=45, blank=True)
    subject = models.CharField(_("对象"), max_length=120, blank=True)
    reason = models.CharField(_("事由"), max_length=200, blank=True)
    about = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="accesses_about", db_index=False
    )

    objects: ClassVar[models.Manager["Access"]] = models.Manager.from_queryset(AccessQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ("-at",)
        indexes = (
            models.Index(fields=("-at",), name="access_at"),
            models.Index(fields=("user", "-at"), name="access_user_at"),
            models.Index(
                fields=("about", "-at"), name="access_about_at", condition=models.Q(about__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.username}"

    @property
    def reason_said(self) -> str:
        """The reason in the language of the page where the program wrote it; what a person wrote stays as it is."""
        by_somebody = self.event in KEEPING and self.user_id is not None
        if by_somebody or self.event in _REASONS_OF_PEOPLE:
            return self.reason
        return "".join(gettext(part) for part in re.split("([、：])", self.reason) if part)

    def save(self, *args: Any, **options: Any) -> None:
        """Store a new line; a stored one is refused.

        Raises:
            AccessIsFixed: the line is stored already.
        """
        if not self._state.adding:
            raise AccessIsFixed
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refuse: a stored line stays."""
        raise AccessIsFixed


# What an administrator does to an account; without a `user` the command did it.
KEEPING = frozenset(
    {
        Access.Event.CREATED,
        Access.Event.RENAMED,
        Access.Event.DEACTIVATED,
        Access.Event.ACTIVATED,
        Access.Event.PASSWORD_RESET,
        Access.Event.DEVICE_RESET,
        Access.Event.UNLOCKED,
        Access.Event.POST_GIVEN,
        Access.Event.POST_ENDED,
    }
)
_REASONS_OF_PEOPLE = frozenset({Access.Event.UNMASK, Access.Event.EXPORT, Access.Event.TOKEN})
