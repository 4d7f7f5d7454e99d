"""Masks: enough to recognise by somebody who knows, not enough to learn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.kernel.kit import masking


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("008613812345678", "138****5678"),
        ("0917-8212345", "0917****345"),
        ("029-87654321", "029*****321"),
        ("010-12345678", "010*****678"),
        ("0917-8212345-8001", "0917****345"),
        ("4001234567", "********67"),
        ("12345", "***45"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_phone_keeps_its_two_ends(number, shown):
    assert masking.mask_phone(number) == shown


@pytest.mark.parametrize(
    ("number", "listed"),
    [
        ("610323198001011234", "610***********1234"),
        ("61032319800101123X", "610***********123X"),
        ("610323800101123", "610********1123"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_an_identity_number_keeps_three_and_four_in_lists_and_nothing_in_public(number, listed):
    assert masking.mask_identity(number) == listed
    assert masking.mask_identity(number, public=True) == "*" * len(number)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张", "张*"),
        ("张明", "张*"),
        ("张小明", "张*明"),
        ("张王小明", "张**明"),
        ("欧阳", "欧*"),
        ("欧阳明", "欧阳*"),
        ("欧阳明月", "欧阳**"),
        (" 司马光 ", "司马*"),
        ("王𠮷明", "王*明"),
        ("阿依古丽·买买提", "阿***"),
        ("John Smith", "J***"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname(name, shown):
    assert masking.mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("6222021234567890123", "***************0123"),
        ("6222 0212 3456 7890", "************7890"),
        ("1234", "****"),
    ],
)
def test_a_card_keeps_its_last_four(number, shown):
    assert masking.mask_bank(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("陕西省宝鸡市岐山县凤鸣镇北郭村三组25号", "陕西省宝鸡市岐山县凤鸣镇北郭村***"),
        ("岐山县蔡家坡镇朝阳社区2号楼1单元501", "岐山县蔡家坡镇朝阳社区***"),
        ("凤鸣镇北郭村", "凤鸣镇北郭村"),
        ("枣林镇张家村子沟12号", "枣林镇***"),
        ("岐山县凤鸣镇南大街18号", "岐山县凤鸣镇***"),
        ("岐山县城关中学家属院", "岐山县***"),
        ("南大街18号", "***"),
        ("", ""),
    ],
)
def test_an_address_ends_at_the_village(address, shown):
    assert masking.mask_address(address) == shown


@given(st.text(max_size=400))
def test_no_text_breaks_a_mask(text):
    for mask in (masking.mask_phone, masking.mask_identity, masking.mask_name, masking.mask_bank):
        assert isinstance(mask(text), str)
    assert masking.mask_address(text).rstrip("*") in text.strip() + "*"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_the_middle_of_a_phone_is_never_shown(number):
    assert masking.mask_phone(number)[3:7] == "****"
