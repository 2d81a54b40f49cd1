"""Ids from names, and names found again."""

from baton.import_crm.mend import Known, spelt
from baton.import_crm.names import ids


def test_a_latin_name_becomes_a_readable_id() -> None:
    assert ids(["Mei-Mei Johns", "José Müller"], kind="person") == {
        "Mei-Mei Johns": "mei-mei-johns",
        "José Müller": "jose-muller",
    }


def test_names_that_look_alike_get_different_ids() -> None:
    made = ids(["J-Texon", "J Texon", "j texon"], kind="account")
    assert made["J-Texon"] == "j-texon"
    assert len(set(made.values())) == 3


def test_chinese_names_get_ids_that_stay_the_same() -> None:
    made = ids(["王晓峰", "李静", "华为 Huawei"], kind="person")
    assert made == ids(["王晓峰", "李静", "华为 Huawei"], kind="person")
    assert len(set(made.values())) == 3
    assert all(name.isascii() for name in made.values())
    assert made["王晓峰"].startswith("person-")
    assert made["华为 Huawei"].startswith("huawei-")


def test_a_very_long_name_still_fits() -> None:
    made = ids(["x" * 300, "x" * 301], kind="account")
    assert all(len(name) <= 64 for name in made.values())
    assert len(set(made.values())) == 2


def test_a_name_written_with_other_spaces_is_found() -> None:
    known = Known(["GTX Pro", "GTX Plus Pro"])
    assert known.find("GTXPro") == "GTX Pro"
    assert known.find("gtx plus pro") == "GTX Plus Pro"
    assert known.find("GTX") is None


def test_two_known_names_that_fold_alike_are_never_guessed() -> None:
    known = Known(["J-Texon", "J Texon"])
    assert known.find("J Texon") == "J Texon"
    assert known.find("JTexon") is None


def test_known_misspellings_are_put_right() -> None:
    assert (spelt("technolgy"), spelt("Philipines"), spelt("retail")) == (
        "technology",
        "Philippines",
        "retail",
    )
