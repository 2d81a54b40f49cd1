"""Who works in the simulated company, what it sells and to whom; the same for everybody who runs it."""

from random import Random
from typing import Final, NamedTuple

DEFAULT_SEED: Final = 8


class Team(NamedTuple):
    id: str
    name: str
    department: str
    region: str | None = None


class Person(NamedTuple):
    id: str
    name: str
    team: str
    post: str
    target: int = 0
    """What they are to sell in a month, in yuan; 0 for those who do not sell."""


class Product(NamedTuple):
    name: str
    line: str
    yuan: int
    """The list price of one."""
    most: int
    """How many a small customer buys at most; a key account buys ten times that."""
    cost: int
    """What one costs the company at first, in yuan."""


TEAMS: Final = (
    Team("key-accounts-east", "大客户部一组", "key-accounts", "华东"),
    Team("key-accounts-north", "大客户部二组", "key-accounts", "华北"),
    Team("smb-south", "中小客户部一组", "smb", "华南"),
    Team("smb-west", "中小客户部二组", "smb", "西南"),
    Team("marketing", "市场部", "marketing"),
    Team("finance", "财务部", "finance"),
    Team("production", "生产部", "production"),
    Team("logistics", "物流部", "logistics"),
    Team("service", "客户服务部", "service"),
)

PEOPLE: Final = (
    Person("wang-xiaofeng", "王晓峰", "key-accounts-east", "key account manager", 1_500_000),
    Person("li-jing", "李静", "key-accounts-east", "key account manager", 1_200_000),
    Person("emma-clarke", "Emma Clarke", "key-accounts-east", "key account manager", 1_000_000),
    Person("zhang-wei", "张伟", "key-accounts-north", "key account manager", 1_400_000),
    Person("liu-yang", "刘洋", "key-accounts-north", "key account manager", 1_100_000),
    Person("daniel-novak", "Daniel Novak", "key-accounts-north", "key account manager", 900_000),
    Person("chen-si", "陈思", "smb-south", "sales representative", 220_000),
    Person("zhao-lei", "赵磊", "smb-south", "sales representative", 200_000),
    Person("huang-li", "黄丽", "smb-south", "sales representative", 180_000),
    Person("sophie-martin", "Sophie Martin", "smb-south", "sales representative", 180_000),
    Person("zhou-jie", "周杰", "smb-west", "sales representative", 200_000),
    Person("wu-min", "吴敏", "smb-west", "sales representative", 180_000),
    Person("sun-hao", "孙浩", "smb-west", "sales representative", 150_000),
    Person("lin-yue", "林悦", "marketing", "campaign manager"),
    Person("alex-turner", "Alex Turner", "marketing", "lead desk"),
    Person("xu-fang", "许芳", "finance", "accountant"),
    Person("he-jun", "何军", "finance", "collections"),
    Person("guo-qiang", "郭强", "production", "planner"),
    Person("ma-chao", "马超", "production", "foreman"),
    Person("gao-xiang", "高翔", "logistics", "dispatcher"),
    Person("luo-na", "罗娜", "service", "service engineer"),
    Person("maria-santos", "Maria Santos", "service", "service engineer"),
)

PRODUCTS: Final = (
    Product("GW-200", "工业网关 Gateways", 12_800, 4, 7_600),
    Product("GW-500", "工业网关 Gateways", 36_000, 2, 22_400),
    Product("TH-10", "传感器 Sensors", 680, 30, 390),
    Product("VB-30", "传感器 Sensors", 2_400, 12, 1_480),
    Product("PLC-S", "控制器 Controllers", 8_600, 5, 5_900),
    Product("PLC-M", "控制器 Controllers", 24_500, 3, 15_200),
    Product("Cloud Basic", "云平台 Cloud", 19_800, 1, 6_300),
    Product("Cloud Pro", "云平台 Cloud", 98_000, 1, 29_500),
)


def sellers() -> tuple[Person, ...]:
    return tuple(person for person in PEOPLE if person.target)


def team_of(person: Person) -> Team:
    return next(team for team in TEAMS if team.id == person.team)


def of_department(department: str) -> tuple[Person, ...]:
    """Who works there; for ``sales``, everybody who sells."""
    if department == "sales":
        return sellers()
    return tuple(p for p in PEOPLE if p.team == department) or sellers()


def is_key(seller: Person) -> bool:
    return team_of(seller).department == "key-accounts"


def wanted(seller: Person, chance: Random) -> tuple[Product, int, int]:
    """A product, how many of it, and for how much (in 分): what one of the seller's customers asks for."""
    product = chance.choice(PRODUCTS)
    quantity = chance.randint(1, product.most) * (chance.randint(3, 10) if is_key(seller) else 1)
    discount = chance.choice((100, 100, 97, 95, 92, 88))
    return product, quantity, product.yuan * quantity * discount
