from functools import partial

import pytest

from services.customers import account
from services.customers.account import ACCOUNT as AGGREGATE
from services.customers.account import add_contact, change_profile, merge, open_account
from shared.events.account import AccountEvent, AccountMerged, AccountProfileChanged, ContactAdded
from shared.eventstore.decider import NotFound
from tests.given import given
from tests.unit.customers.controls import ACCOUNT, NINE, NOON, OTHER_ACCOUNT, TEN

OTHER = account.evolve(account.NotOpened(), OTHER_ACCOUNT)
CHANGED = AccountProfileChanged(account_id="a-1", name="Kan-code", region="华南", occurred_at=TEN)
ADDED = ContactAdded(account_id="a-1", contact_id="k-1", name="赵敏", phone="139", occurred_at=TEN)
MERGED = AccountMerged(account_id="a-1", into="a-2", occurred_at=TEN)

open_it = partial(open_account, opened=ACCOUNT, existing=None)
change_it = partial(change_profile, changed=CHANGED)
add_it = partial(add_contact, added=ADDED)
merge_it = partial(merge, into="a-2", survivor=OTHER, at=TEN)


def test_an_account_is_opened_once() -> None:
    given(AGGREGATE).when(open_it).then(ACCOUNT)
    given(AGGREGATE, ACCOUNT).when(open_it).then()


def test_opening_it_again_after_it_changed_its_name_or_was_merged_is_still_the_same() -> None:
    renamed = CHANGED.model_copy(update={"name": "Kan"})
    given(AGGREGATE, ACCOUNT, renamed).when(open_it).then()
    given(AGGREGATE, ACCOUNT, MERGED).when(open_it).then()


def test_another_account_cannot_have_its_id() -> None:
    other = ACCOUNT.model_copy(update={"name": "Bluth"})
    given(AGGREGATE, ACCOUNT).when(partial(open_account, opened=other, existing=None)).then_refused(
        "id-taken"
    )


def test_a_company_that_is_there_is_not_opened_twice() -> None:
    taken = partial(open_account, opened=ACCOUNT, existing=account.Existing("a-2", department="smb"))
    given(AGGREGATE).when(taken).then_refused("duplicate")
    given(AGGREGATE, ACCOUNT).when(taken).then()


def test_its_profile_is_written_anew() -> None:
    given(AGGREGATE, ACCOUNT).when(change_it).then(CHANGED)
    given(AGGREGATE, ACCOUNT, CHANGED).when(change_it).then()


def test_the_profile_it_was_opened_with_is_no_change() -> None:
    same = AccountProfileChanged(account_id="a-1", name="Kan-code", region="华东", occurred_at=TEN)
    given(AGGREGATE, ACCOUNT).when(partial(change_profile, changed=same)).then()


def test_a_contact_is_added_once_whatever_its_id() -> None:
    given(AGGREGATE, ACCOUNT).when(add_it).then(ADDED)
    again = ADDED.model_copy(update={"contact_id": "k-2", "occurred_at": NOON})
    given(AGGREGATE, ACCOUNT, ADDED).when(partial(add_contact, added=again)).then()


def test_it_is_merged_once() -> None:
    given(AGGREGATE, ACCOUNT).when(merge_it).then(MERGED)
    given(AGGREGATE, ACCOUNT, MERGED).when(merge_it).then()


def test_it_is_not_merged_into_itself() -> None:
    itself = partial(merge, into="a-1", survivor=account.evolve(account.NotOpened(), ACCOUNT), at=TEN)
    given(AGGREGATE, ACCOUNT).when(itself).then_refused("merge-into-itself")


def test_it_is_not_merged_into_an_account_that_is_not_there_or_merged_itself() -> None:
    nowhere = partial(merge, into="a-9", survivor=account.NotOpened(), at=TEN)
    given(AGGREGATE, ACCOUNT).when(nowhere).then_refused("not-found")
    gone = account.evolve(OTHER, AccountMerged(account_id="a-2", into="a-3", occurred_at=TEN))
    given(AGGREGATE, ACCOUNT).when(partial(merge, into="a-2", survivor=gone, at=TEN)).then_refused(
        "account-merged"
    )


@pytest.mark.parametrize("decide", [change_it, add_it, partial(merge, into="a-3", survivor=OTHER, at=TEN)])
def test_a_merged_account_takes_nothing_new(decide: partial[list[AccountEvent]]) -> None:
    given(AGGREGATE, ACCOUNT, MERGED).when(decide).then_refused("account-merged")


@pytest.mark.parametrize("decide", [change_it, add_it, merge_it])
def test_nothing_happens_before_the_last_thing(decide: partial[list[AccountEvent]]) -> None:
    later = ACCOUNT.model_copy(update={"occurred_at": NOON})
    given(AGGREGATE, later).when(decide).then_refused("out-of-order")
    assert NINE < TEN < NOON


@pytest.mark.parametrize("decide", [change_it, add_it, merge_it])
def test_nothing_happens_to_an_account_that_is_not_there(decide: partial[list[AccountEvent]]) -> None:
    with pytest.raises(NotFound):
        decide(AGGREGATE.initial)
