"""Encryption of single fields, and the keyed hash by which an encrypted value is found again.

A sealed value is one byte for the cipher (1 AES-256-GCM, 2 SM4-GCM), two bytes for the number of the key, a nonce of
twelve bytes, the text and a tag of sixteen bytes. The row's key and the name of the field are authenticated with it:
a value copied into another row or column does not open.

**Source:** PIPL arts. 28, 51; `stack.md` §11; 《商用密码管理条例》art. 41 (a national cipher by setting).
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from . import keyring
from .errors import QizhiError

_NONCE, _TAG, _HEAD = 12, 16, 3
# Half of a surrogate pair, as a broken client may send it, is sealed like any other text.
_ANY_TEXT = "surrogatepass"


class SealBroken(QizhiError):
    """A sealed value was changed, belongs to another row or field, or was sealed under another key."""

    code = "seal_broken"
    title = _("加密数据校验未通过，未予显示。请联系管理员核对数据库与密钥是否来自同一备份。")


class _Suite(NamedTuple):
    """One cipher: its number in sealed values, the bytes of its key, and its two directions."""

    number: int
    key_bytes: int
    seal: Callable[[bytes, bytes, bytes, bytes], bytes]
    unseal: Callable[[bytes, bytes, bytes, bytes], bytes]


def seal(text: str, row_id: UUID, field: str) -> bytes:
    """Encrypt `text` for the field `field` of the row `row_id`, under the newest key and the cipher of the setting.

    The same text gives other bytes each time.
    """
    suite = _SUITES[settings.QIZHI.cipher]
    key_id = keyring.current_key_id()
    head = bytes([suite.number]) + key_id.to_bytes(2, "big")
    nonce = os.urandom(_NONCE)
    key = _derived(keyring.sealing_key(key_id), suite.number, suite.key_bytes)
    return head + nonce + suite.seal(key, nonce, text.encode(errors=_ANY_TEXT), _bound(head, row_id, field))


def unseal(sealed: bytes | memoryview, row_id: UUID, field: str) -> str:
    """Return the text that `seal` encrypted for this row and field, whatever cipher and key it was under.

    Raises `SealBroken` when it does not open, `keyring.KeyMissing` when its key is not on this machine.
    """
    data = bytes(sealed)
    suite = _BY_NUMBER.get(data[0]) if len(data) >= _HEAD + _NONCE + _TAG else None
    if suite is None:
        raise SealBroken()
    head, nonce, body = data[:_HEAD], data[_HEAD : _HEAD + _NONCE], data[_HEAD + _NONCE :]
    key = _derived(keyring.sealing_key(key_id_of(data)), suite.number, suite.key_bytes)
    try:
        return suite.unseal(key, nonce, body, _bound(head, row_id, field)).decode(errors=_ANY_TEXT)
    except (InvalidTag, UnicodeDecodeError) as error:
        raise SealBroken() from error


def cipher_works(name: str) -> bool:
    """Tell whether this machine's OpenSSL can do the cipher `name`; some distributions build it without SM4."""
    suite, key, nonce = _SUITES[name], bytes(_SUITES[name].key_bytes), bytes(_NONCE)
    try:
        return suite.unseal(key, nonce, suite.seal(key, nonce, b"abc", b""), b"") == b"abc"
    except UnsupportedAlgorithm:
        return False


def key_id_of(sealed: bytes | memoryview) -> int:
    """Return the number of the key that a sealed value is under."""
    return int.from_bytes(bytes(sealed[1:_HEAD]), "big")


def reseal(sealed: bytes | memoryview, row_id: UUID, field: str) -> bytes | None:
    """Return the value sealed anew under the newest key and cipher, or nothing when it already is.

    Raises what `unseal` raises.
    """
    head = bytes([_SUITES[settings.QIZHI.cipher].number]) + keyring.current_key_id().to_bytes(2, "big")
    if bytes(sealed[:_HEAD]) == head:
        return None
    return seal(unseal(sealed, row_id, field), row_id, field)


def lookup_hash(kind: str, normalised: str) -> str:
    """Return the 64 hexadecimal digits by which a value of this kind is found without being stored in clear.

    `normalised` is the one form of the value (`phones.normalise`, `identity.normalise`); the kind keeps a telephone
    number and an equal number of another kind apart.
    """
    message = f"{kind}\0{normalised}".encode(errors=_ANY_TEXT)
    return hmac.new(keyring.lookup_key(), message, hashlib.sha256).hexdigest()


def _bound(head: bytes, row_id: UUID, field: str) -> bytes:
    """Return what is authenticated beside the text."""
    return head + row_id.bytes + field.encode()


@lru_cache(maxsize=64)
def _derived(key: bytes, number: int, length: int) -> bytes:
    """Return the key of one cipher, derived so that no two ciphers share key material."""
    return HKDF(hashes.SHA256(), length, salt=None, info=f"qizhi sealing {number}".encode()).derive(key)


def _aes_seal(key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, text, bound)


def _aes_unseal(key: bytes, nonce: bytes, body: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, body, bound)


def _sm4_seal(key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(text) + encryptor.finalize() + encryptor.tag


def _sm4_unseal(key: bytes, nonce: bytes, body: bytes, bound: bytes) -> bytes:
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(body[:-_TAG]) + decryptor.finalize()


_SUITES = {
    "aes-256-gcm": _Suite(1, 32, _aes_seal, _aes_unseal),
    "sm4-gcm": _Suite(2, 16, _sm4_seal, _sm4_unseal),
}
_BY_NUMBER = {suite.number: suite for suite in _SUITES.values()}
