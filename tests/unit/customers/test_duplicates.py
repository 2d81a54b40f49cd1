import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.duplicates import name_key

PARTS = [
    "华为",
    "技术",
    "Kan",
    "code",
    "co",
    "Inc",
    "Ltd.",
    "有限公司",
    "集团",
    "股份",
    "-",
    " ",
    "(",
    ")",
    "É",
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("华为技术有限公司", "华为 技术"),
        ("华为技术（集团）股份有限公司", "华为技术集团"),
        ("大唐有限责任公司", "大唐公司"),
        ("Acme Corp", "ACME, Inc."),
        ("Acme Co., Ltd.", "acme"),
        ("Ａｃｍｅ　Ｌｔｄ", "Acme Corporation"),
        ("Kan-code", "Kan code"),
        ("北京-集团", "北京集团"),
        ("STRASSE GmbH", "Straße"),
    ],
)
def test_two_spellings_of_one_company(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Costco", "Cost"),
        ("Texaco", "Texa"),
        ("华为技术", "华为终端"),
        ("Acme China", "Acme"),
        ("集团", "有限公司"),
        ("!!!", "???"),
        ("Inc", "Ltd"),
    ],
)
def test_two_companies(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.lists(st.sampled_from(PARTS)).map("".join))
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text(min_size=1).filter(lambda text: bool(text.strip())))
def test_a_name_has_a_key(name: str) -> None:
    assert name_key(name)


@given(st.lists(st.sampled_from(PARTS)).map("".join))
def test_case_and_width_make_no_difference(name: str) -> None:
    assert name_key(name.upper()) == name_key(name.lower()) == name_key(f" {name} ")
