"""The companies that may become customers: as many names as are wanted."""

from typing import Final

_PLACES: Final = (
    "苏州",
    "宁波",
    "佛山",
    "成都",
    "青岛",
    "无锡",
    "东莞",
    "重庆",
    "天津",
    "杭州",
    "长沙",
    "合肥",
)
_WORDS: Final = (
    "恒瑞",
    "华锐",
    "鼎盛",
    "博远",
    "新科",
    "中联",
    "金源",
    "众合",
    "天工",
    "力德",
    "正泰源",
    "海川",
)
_TRADES: Final = ["机械", "自动化", "食品设备", "新能源", "精密制造", "纺织机械", "包装", "化工"]
_FIRST: Final = (
    "Nordwind",
    "Pacific",
    "Brightwell",
    "Aurora",
    "Kestrel",
    "Summit",
    "Harbour",
    "Delta",
    "Iris",
)
_SECOND: Final = ["Automation", "Foods", "Packaging", "Energy", "Textiles", "Mining", "Logistics", "Robotics"]


def customer(number: int) -> str:
    """The name of the numbered company; no two numbers have the same."""
    if number % 7 == 6:  # noqa: PLR2004 - one in seven comes from abroad
        at = number // 7
        again = at // (len(_FIRST) * len(_SECOND))
        name = f"{_FIRST[at % len(_FIRST)]} {_SECOND[at // len(_FIRST) % len(_SECOND)]}"
        return f"{name} {again + 1}" if again else f"{name} Ltd"
    at = number * 731 % (len(_PLACES) * len(_WORDS) * len(_TRADES))  # 731 shares no factor with it
    again = number // (len(_PLACES) * len(_WORDS) * len(_TRADES))
    place, rest = at % len(_PLACES), at // len(_PLACES)
    name = f"{_PLACES[place]}{_WORDS[rest % len(_WORDS)]}{_TRADES[rest // len(_WORDS)]}"
    return f"{name}{'第' + str(again + 1) if again else ''}有限公司"
