"""Sealed fields: they open where they belong and nowhere else."""

import uuid

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qizhi.kernel.kit import keyring, sealing
from qizhi.kernel.kit.sealing import SealBroken, lookup_hash, reseal, seal, unseal

ROW = uuid.UUID("01936a00-0000-7000-8000-000000000001")
OTHER = uuid.UUID("01936a00-0000-7000-8000-000000000002")


@pytest.fixture(autouse=True)
def _house(house):
    return house


@pytest.fixture(params=["aes-256-gcm", "sm4-gcm"])
def cipher(request, settings):
    settings.QIZHI = settings.QIZHI.model_copy(update={"cipher": request.param})
    return request.param


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(st.characters()))
@example(text="\ud800")
def test_what_was_sealed_opens_again(cipher, text):
    assert unseal(seal(text, ROW, "phone"), ROW, "phone") == text
    assert len(lookup_hash("phone", text)) == 64


def test_the_envelope_says_cipher_and_key_and_hides_the_text(cipher):
    sealed = seal("13812345678", ROW, "phone")
    assert sealed[0] == {"aes-256-gcm": 1, "sm4-gcm": 2}[cipher]
    assert sealing.key_id_of(sealed) == 1
    assert len(sealed) == 1 + 2 + 12 + 11 + 16
    assert b"138" not in sealed
    assert sealed != seal("13812345678", ROW, "phone")


def test_a_value_read_as_a_memory_view_opens(cipher):
    assert unseal(memoryview(seal("张三", ROW, "name")), ROW, "name") == "张三"


@pytest.mark.parametrize(("row", "field"), [(OTHER, "phone"), (ROW, "name")])
def test_it_does_not_open_in_another_place(cipher, row, field):
    with pytest.raises(SealBroken) as caught:
        unseal(seal("13812345678", ROW, "phone"), row, field)
    assert caught.value.code == "seal_broken"


def test_one_changed_byte_anywhere_is_noticed(cipher):
    sealed = seal("张三", ROW, "name")
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises((SealBroken, keyring.KeyMissing)):
            unseal(bytes(broken), ROW, "name")


@given(st.binary(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_it_otherwise(data):
    with pytest.raises((SealBroken, keyring.KeyMissing)):
        unseal(data, ROW, "name")


def test_old_values_open_after_a_rotation_and_can_be_sealed_anew():
    old = seal("张三", ROW, "name")
    assert reseal(old, ROW, "name") is None
    keyring.rotate()
    assert unseal(old, ROW, "name") == "张三"
    new = reseal(old, ROW, "name")
    assert new is not None
    assert sealing.key_id_of(new) == 2
    assert unseal(new, ROW, "name") == "张三"


def test_a_change_of_cipher_leaves_old_values_readable(settings):
    old = seal("张三", ROW, "name")
    settings.QIZHI = settings.QIZHI.model_copy(update={"cipher": "sm4-gcm"})
    assert unseal(old, ROW, "name") == "张三"
    assert (reseal(old, ROW, "name") or b"")[:1] == b"\x02"


def test_without_its_key_the_value_names_the_missing_key(settings, tmp_path):
    sealed = seal("张三", ROW, "name")
    settings.QIZHI = settings.QIZHI.model_copy(update={"data_dir": tmp_path / "other"})
    with pytest.raises(keyring.KeyMissing):
        unseal(sealed, ROW, "name")


def test_the_lookup_hash_is_stable_keyed_and_apart_by_kind(settings, tmp_path):
    one = lookup_hash("phone", "13812345678")
    assert len(one) == 64
    assert one == lookup_hash("phone", "13812345678")
    assert one != lookup_hash("identity", "13812345678")
    assert one != lookup_hash("phone", "13812345679")
    settings.QIZHI = settings.QIZHI.model_copy(update={"data_dir": tmp_path / "other"})
    assert one != lookup_hash("phone", "13812345678")


def test_both_ciphers_work_on_this_machine_and_a_missing_one_is_told(monkeypatch):
    assert sealing.cipher_works("aes-256-gcm")
    assert sealing.cipher_works("sm4-gcm")

    def missing(*_args: object) -> bytes:
        raise UnsupportedAlgorithm("no SM4 here")

    monkeypatch.setitem(sealing._SUITES, "sm4-gcm", sealing._SUITES["sm4-gcm"]._replace(seal=missing))
    assert not sealing.cipher_works("sm4-gcm")
