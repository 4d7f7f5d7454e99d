"""Personal data in free text: what must be found, what must be left alone, and that masking is settled at once."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qizhi.kernel.kit.personal import Kind, find_personal, mask_personal

# text, the kind, what stands there after masking
FOUND = [
    ("我叫张三13812345678，请回电", Kind.MOBILE, "我叫张三138****5678，请回电"),
    ("电话 138 1234 5678。", Kind.MOBILE, "电话 138****5678。"),
    ("138-1234-5678", Kind.MOBILE, "138****5678"),
    ("1381234 5678", Kind.MOBILE, "138****5678"),
    ("138 123 45678", Kind.MOBILE, "138****5678"),
    ("1381-234-5678", Kind.MOBILE, "138****5678"),
    ("138 12345678", Kind.MOBILE, "138****5678"),
    ("138—1234—5678", Kind.MOBILE, "138****5678"),
    ("138.1234.5678", Kind.MOBILE, "138****5678"),
    ("1 3 8 1 2 3 4 5 6 7 8", Kind.MOBILE, "138****5678"),
    ("１３８１２３４５６７８", Kind.MOBILE, "138****5678"),
    ("+8613812345678", Kind.MOBILE, "138****5678"),
    ("(+86)138 1234 5678", Kind.MOBILE, "(138****5678"),
    ("0086-13812345678", Kind.MOBILE, "138****5678"),
    ("86 13812345678", Kind.MOBILE, "138****5678"),
    ("手机*13812345678*", Kind.MOBILE, "手机*138****5678*"),
    ("微信13812345678同号", Kind.MOBILE, "微信138****5678同号"),
    ("1.13812345678", Kind.MOBILE, "1.138****5678"),
    ("一三八一二三四五六七八", Kind.MOBILE, "一三八****五六七八"),
    ("13812345678wx同号", Kind.MOBILE, "138****5678wx同号"),
    ("19912345678", Kind.MOBILE, "199****5678"),
    ("座机0917-8212345", Kind.LANDLINE, "座机0917****345"),
    ("(0917)8212345", Kind.LANDLINE, "(0917****345"),
    ("09178212345", Kind.LANDLINE, "0917****345"),
    ("0917 8212345转8001", Kind.LANDLINE, "0917****345"),
    ("029-87654321-12", Kind.LANDLINE, "029*****321"),
    ("010-62345678", Kind.LANDLINE, "010*****678"),
    ("家里电话：8212345", Kind.LANDLINE, "家里电话：*****45"),
    ("身份证610323198001011234", Kind.IDENTITY, "身份证******************"),
    ("61032319800101123X", Kind.IDENTITY, "******************"),
    ("61032319800101123x。", Kind.IDENTITY, "******************。"),
    ("610323 19800101 1234", Kind.IDENTITY, "********************"),
    ("610323-1980-0101-1234", Kind.IDENTITY, "*********************"),
    ("11010519491231002X", Kind.IDENTITY, "******************"),
    ("440524202501010019", Kind.IDENTITY, "******************"),
    ("旧证610323800101123", Kind.IDENTITY, "旧证***************"),
    ("身份证号：61032319800101123", Kind.IDENTITY, "身份证号：*****************"),
    ("6222021234567890128", Kind.BANK, "***************0128"),
    ("卡6222 0212 3456 7894", Kind.BANK, "卡************7894"),
    ("4111111111111111", Kind.BANK, "************1111"),
    ("6222-0212-3456-7890-128", Kind.BANK, "***************0128"),
    ("账号：270301040001234567", Kind.BANK, "账号：**************4567"),
    ("卡号 6222 0212 3456 7891", Kind.BANK, "卡号 ************7891"),
    ("陕C12345超速", Kind.PLATE, "陕C*****超速"),
    ("陕C·A1234", Kind.PLATE, "陕C*****"),
    ("陕AD12345", Kind.PLATE, "陕A*****"),
    ("京A1234警", Kind.PLATE, "京A*****"),
    ("陕ｃ１２３４５", Kind.PLATE, "陕c*****"),
    ("陕C 1234挂", Kind.PLATE, "陕C*****"),
    ("邮箱zhang.san@163.com，", Kind.EMAIL, "邮箱***@***，"),
    ("12345@qq.com", Kind.EMAIL, "***@***"),
    ("a＠b.cn", Kind.EMAIL, "***@***"),
    ("微信号：zhangsan_88", Kind.ACCOUNT, "微信号：***********"),
    ("微信是zhangsan", Kind.ACCOUNT, "微信是********"),
    ("加vx abc_123", Kind.ACCOUNT, "加vx *******"),
    ("WeChat: ZhangSan1", Kind.ACCOUNT, "WeChat: *********"),
    ("wx88888888", Kind.ACCOUNT, "wx********"),
    ("QQ：12345678", Kind.ACCOUNT, "QQ：********"),
    ("qq群 234567890", Kind.ACCOUNT, "qq群 *********"),
    ("扣扣号123456", Kind.ACCOUNT, "扣扣号******"),
    ("6222 0212 3456 7894 138 1234 5678", Kind.NUMBER, "*" * 33),
]

LEFT_ALONE = [
    "",
    "路灯坏了",
    "2026-11-24",
    "2026年11月24日10时20分",
    "2026-11-24 10:20:30",
    "20261124",
    "20261124102030",
    "2026.11.24—2026.12.31",
    "SQ-2026-000123",
    "编号SQ-2026-000123已办结",
    "SQ2026000123",
    "岐平安办〔2022〕12号",
    "陕政发〔2021〕5号",
    "国办发〔2025〕33号",
    "12345热线",
    "12345678",
    "110、119、120",
    "400-123-4567",
    "10086",
    "欠薪13812元",
    "共13812345678元",
    "造价13812345678.50元",
    "￥13812345678",
    "1,381,234,567元",
    "3.1415926535897932",
    "面积138123平方米",
    "138123456",
    "138123456789",
    "1381234567",
    "12812345678",
    "订单4200001234202611241234567890",
    "610323100200",
    "610323101201001",
    "610323100200001",
    "916103237836965432",
    "91610323MA6X9ABC1D",
    "610323202611240001",
    "610323199913011234",
    "999999198001011234",
    "2026112410203012345",
    "1234567890123456",
    "6222021234567890129",
    "G310国道K1234+500",
    "310国道138公里处",
    "34.4432,107.6211",
    "第三幢2单元1501室",
    "川A级景区",
    "陕CHELLO",
    "粤B2012003",
    "鲁A2026年计划",
    "陕C123",
    "陕ICP备12345678号",
    "微信支付20元",
    "微信支付失败",
    "微信群里有200人",
    "微信转账50000元",
    "微信WeChat支付",
    "微信50000元",
    "QQ群2026年解散",
    "用@提醒",
    "a@b",
    "周一三四五六七八九日",
    "二〇二六年十一月二十四日",
    "0917区号",
    "2026-0317-2345678",
    "账号登录不上",
    "电话打不通2345次",
    "2026090112345",
    "ISBN 978-7-111-12345-6",
    "192.168.10.254",
    "https://example.cn/a?id=2026112400012",
    "8时30分—17时30分",
]


def test_the_table_is_large_enough():
    assert len(FOUND) + len(LEFT_ALONE) >= 120


@pytest.mark.parametrize(("text", "kind", "masked"), FOUND, ids=[case[0] for case in FOUND])
def test_it_finds_and_masks(text, kind, masked):
    assert [span.kind for span in find_personal(text)] == [kind]
    assert mask_personal(text) == masked


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_it_raises_no_false_alarm(text):
    assert find_personal(text) == []
    assert mask_personal(text) == text


def test_several_in_one_text_come_in_order():
    text = "张三13812345678，身份证610323198001011234，车牌陕C12345，邮箱a@b.cn"
    assert [span.kind for span in find_personal(text)] == [Kind.MOBILE, Kind.IDENTITY, Kind.PLATE, Kind.EMAIL]
    assert mask_personal(text) == "张三138****5678，身份证******************，车牌陕C*****，邮箱***@***"


def test_two_numbers_side_by_side_are_both_masked():
    assert mask_personal("13812345678 13912345678/15012345678") == "138****5678 139****5678/150****5678"


PIECES = st.sampled_from(
    [
        *"0123456789 -.*元年号:：,X@",
        "138", "1234", "5678", "0917", "8212345", "6222", "610323", "19800101", "13812345678", "+86", "86", "转",
        "610323198001011234", "610323800101123", "6222021234567890128", "微信", "wx", "QQ", "qq号", "电话", "账号",
        "身份证", "陕C", "陕AD", "abc_12", "a@b.cn", "zhangsan88", "一三八", "五六七八", "****", "***",
    ]
)  # fmt: skip
messages = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=80)


@settings(max_examples=800)
@given(messages)
@example("6222 0212 3456 7894 138 1234 5678")
@example("138 1234 5678-0917-8212345")
@example("0917-8212138 1234 5678")
def test_masking_twice_is_masking_once(text):
    once = mask_personal(text)
    assert mask_personal(once) == once


@settings(max_examples=300)
@given(messages)
def test_nothing_outside_the_spans_changes(text):
    kept, position = [], 0
    for span in find_personal(text):
        assert position <= span.start < span.end
        kept.append(text[position : span.start])
        position = span.end
    kept.append(text[position:])
    assert re.fullmatch(".+".join(map(re.escape, kept)), mask_personal(text), re.DOTALL)


@pytest.mark.parametrize(
    "unit",
    [
        "路灯坏了很久没人修",
        "1",
        "1 ",
        "138 1234 ",
        "0917 (",
        "a@",
        "a.",
        "微信号 ",
        "+86 ",
        "陕A1234",
        "6222 ",
        "电话 ",
        "一三八",
        " ",
    ],
)
def test_a_hundred_thousand_characters_take_no_more_than_their_share(unit):
    def seconds(length):
        text = (unit * length)[:length]
        start = time.process_time()
        mask_personal(text)
        return time.process_time() - start

    seconds(1_000)
    # Ten times the text may take ten times as long, with room for a busy machine; a square would be a hundred.
    assert seconds(100_000) < 40 * max(seconds(10_000), 0.003)
