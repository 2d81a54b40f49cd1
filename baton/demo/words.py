"""What people in the simulated company write into their forms."""

from typing import Final

SOURCES: Final = (
    "展会 Fair",
    "官网 Website",
    "百度 Baidu",
    "转介绍 Referral",
    "电话 Cold call",
    "微信 WeChat",
)
CAMPAIGNS: Final = ("工博会 2025", "春季促销", "Webinar: retrofit", None, None)
NOT_WORTH: Final = (
    "预算不足 no budget",
    "只是询价 only asking prices",
    "wrong region",
    "联系不上 not reachable",
)
LOSS_REASONS: Final = ("价格 price", "交期 delivery time", "功能不符 features", "项目取消 project stopped")
COMPETITORS: Final = ("Siemens", "汇川技术", "Advantech", None, None)
CARRIERS: Final = ("顺丰 SF", "德邦 Deppon", "中远 COSCO", "跨越 KYE")
COMPLAINTS: Final = (
    "到货外箱破损 carton damaged",
    "缺少说明书 manual missing",
    "设备无法联网 device does not connect",
    "数量不符 wrong quantity",
    "delivered late",
)
SOLUTIONS: Final = (
    "已补发 sent again",
    "远程升级固件 firmware updated",
    "现场更换 replaced on site",
    "credit note",
)
DELAYS: Final = ("缺料 a part came late", "设备检修 machine down", "customs", "排产冲突 another order first")
SENT_BACK: Final = ("无法启动 does not start", "型号订错 wrong model ordered", "项目缩减 project cut down")
PRAISE: Final = ("交货很快，安装顺利", "good support", None, None)
BLAME: Final = ("说明书不清楚", "wish it came sooner", "等了太久才有人接电话", None)
MARKET_SOURCE: Final = "工控行业年度报告 industry yearbook"
RETURNS: Final = ("资料不全 papers incomplete", "delivery address missing", "规格未确认 specification open")
