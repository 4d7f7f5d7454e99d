"""Invented texts from a small grammar: no sentence was ever written by a person."""

import random

SPOTS = (
    "村口", "小学门口", "农贸市场东边", "卫生室旁边", "文化广场", "老水塔下面", "桥头", "二组巷道里",
    "集市路口", "养老院后墙", "幼儿园对面", "公交站牌边", "苹果冷库门前", "三组机井房", "小区三号楼",
    "老粮站院内", "河堤便道", "变压器底下", "苗圃南侧", "红白喜事大院",
)  # fmt: skip
THINGS = (
    ("井盖", "松动了，车一过就响", "尽快更换"),
    ("路灯", "连着几天不亮，晚上看不见路", "派人检修"),
    ("垃圾桶", "好些天没人清运，味道很大", "及时清运"),
    ("排水渠", "被泥沙堵住，一下雨就往院里倒灌", "组织清淤"),
    ("自来水", "时有时无，早晚做饭都没水", "查清原因"),
    ("音响", "天天响到半夜，噪音扰民，老人孩子睡不着", "有人管一管"),
    ("路面", "坑坑洼洼，骑车容易摔跤", "把坑补平"),
    ("电线", "垂得很低，伸手就能摸到", "抬高固定"),
    ("果园滴灌带", "接口漏水，几家为浇地吵了几回", "来人调解"),
    ("地界石", "被挪动了，两家说不到一处", "重新丈量"),
    ("护栏", "断了一截，下面就是深沟", "先围起来再修"),
    ("健身器材", "螺丝掉了，孩子玩着危险", "检修或拆除"),
    ("流浪狗", "三五成群，学生不敢走", "妥善处置"),
    ("化粪池", "满了往外溢，苍蝇很多", "安排抽运"),
    ("公示栏", "半年没换过内容，想看的账看不到", "按时公开"),
    ("网络", "一到晚上就断，孩子没法上网课", "检查线路"),
)
SINCE = (
    "已经半个多月了",
    "从上个月就这样",
    "这几天越来越厉害",
    "前后反映过一次",
    "入冬以来一直这样",
    "昨天又出了一回",
)
WHO = ("我们几户", "附近的住户", "家里有老人的", "接送孩子的家长", "摆摊的", "种地的", "村民")
ASKS = ("麻烦", "希望", "恳请", "请")
MORE = (
    "旁边住着好几位老人，出门都绕着走。", "上次有人来看过，量了尺寸就再没消息。", "花不了几个钱，就是没人牵头。",
    "不是急事，也别忘了我们。", "照片可以随时补。", "白天都在家，可以带路。", "电话打了几回，都说不归他们管。", "",
)  # fmt: skip
DONE = (
    "已到现场处理完毕",
    "已安排人员修好",
    "已与双方谈妥并签字",
    "已列入本月计划并告知来信人",
    "已清理干净并安排专人巡查",
)


def request(chance: random.Random) -> tuple[str, str, str]:
    """Return a title, a text of about a hundred characters and an address."""
    spot, (thing, trouble, wish) = chance.choice(SPOTS), chance.choice(THINGS)
    text = (
        f"{spot}的{thing}{trouble}，{chance.choice(SINCE)}。{chance.choice(WHO)}都受影响，"
        f"{chance.choice(ASKS)}{wish}。{chance.choice(MORE)}{chance.choice(MORE)}"
    )
    return f"{spot}{thing}{trouble.split('，')[0]}", text, spot


def note(chance: random.Random) -> str:
    """Return a sentence as staff write it."""
    return f"{chance.choice(DONE)}，地点在{chance.choice(SPOTS)}，涉及{chance.choice(THINGS)[0]}。"


def phone(chance: random.Random) -> str:
    """Return a number as invented as those of the demo."""
    return f"19900{chance.randrange(10**6):06d}"
