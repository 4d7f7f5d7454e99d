"""Why a file is not taken: one sentence and one code each; of a refused file nothing is kept."""

from django.utils.translation import gettext_lazy as _

from ..errors import Invalid, NotFound, TooLarge, Unavailable


class FileEmpty(Invalid):
    """The file has no content."""

    code = "file_empty"
    title = _("这个文件是空的，没有保存。请重新选择文件。")


class FileTooLarge(TooLarge):
    """The file is larger than the limit; it was not read to its end."""

    code = "file_too_large"
    title = _("这个文件太大，没有保存。请压缩或拆分后再上传。")


class KindRefused(Invalid):
    """The first bytes are of no kind that may be handed in, whatever the name says."""

    code = "file_kind_refused"
    title = _(
        "只能上传照片（JPG、PNG、WebP、GIF）、PDF、Word（docx）、Excel（xlsx）、文本（txt）、录音（MP3、M4A）和视频（MP4），"
        "这个文件没有保存。"
    )


class HeicRefused(KindRefused):
    """A photo in Apple's format, which the server cannot open."""

    code = "file_heic"
    title = _(
        "暂不支持 HEIC 格式的照片，没有保存。请在手机相机设置中选择“兼容性最佳”，或另存为 JPG 后再上传。"
    )


class ActiveContent(Invalid):
    """Script or web page text hides in the file."""

    code = "file_active_content"
    title = _("文件中夹带了网页或脚本内容，没有保存。请用原始照片或文件重新上传。")


class ImageBroken(Invalid):
    """The picture cannot be read to its end."""

    code = "image_broken"
    title = _("这张图片不完整或已损坏，没有保存。请重新拍摄或重新选择。")


class ImageTooLarge(TooLarge):
    """The picture would be far larger when unpacked than its file shows."""

    code = "image_too_large"
    title = _("这张图片的像素太多，没有保存。请缩小后再上传。")


class PackageBroken(Invalid):
    """The docx or xlsx cannot be opened, or is locked by a password."""

    code = "package_broken"
    title = _("这个文档已损坏或设有密码，没有保存。请另存为普通的 docx 或 xlsx 后再上传。")


class PackageBomb(TooLarge):
    """The docx or xlsx would be far larger when unpacked than its file shows."""

    code = "package_bomb"
    title = _("这个文档解压后过大，没有保存。请精简内容后再上传。")


class MacrosRefused(Invalid):
    """The docx or xlsx carries program code."""

    code = "package_macros"
    title = _("这个文档带有宏程序，没有保存。请另存为不带宏的 docx 或 xlsx 后再上传。")


class Infected(Invalid):
    """The virus scanner found something."""

    code = "file_infected"
    title = _("杀毒程序在这个文件中发现病毒，没有保存。请检查您的设备。")


class ScannerUnavailable(Unavailable):
    """A virus scanner is set up and does not answer; nothing passes unscanned."""

    code = "scanner_unavailable"
    title = _("杀毒程序暂时没有响应，文件没有保存，已填内容仍在。请稍后再试。")


class FileMissing(NotFound):
    """The record of the file is there and its content is not."""

    code = "file_missing"
    title = _("没有找到这个文件的内容。请联系管理员从备份恢复。")
