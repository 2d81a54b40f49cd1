"""Webhooks over HTTP, for managers."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError

from services.coordination.webhooks import bodies, listing, secrets, subscribing
from services.coordination.webhooks.attempt import Outside
from services.coordination.webhooks.bodies import (
    Change,
    DeadLetter,
    Delivery,
    LinedUp,
    Nothing,
    Replay,
    Rotate,
    Secret,
    Subscribe,
    Tried,
    WebhookRow,
    WebhookView,
)
from services.coordination.webhooks.example import example
from services.coordination.webhooks.queue import Queue
from services.coordination.webhooks.reach import Unreachable
from services.coordination.webhooks.sending import Sending
from services.coordination.webhooks.sending import Webhooks as Decided
from services.coordination.webhooks.webhook import Known, StateName, known
from shared.events.event import Id
from shared.events.webhook import WebhookChanged, WebhookSubscribed
from shared.eventstore.decider import NotFound
from shared.projections.lists import Kept
from shared.service.commands import Asked, Created, of_app
from shared.service.pages import Cursor, Limit, Listed
from shared.service.settings import Settings

router = APIRouter(prefix="/webhooks", tags=["webhooks 事件订阅"])

Webhooks = Annotated[Decided, of_app("webhooks")]
WebhookList = Annotated[Kept[listing.Listed], of_app("webhook_list")]
Lines = Annotated[Queue, of_app("webhook_queue")]
WayOut = Annotated[Outside, of_app("webhook_outside")]
Sends = Annotated[Sending, of_app("webhook_sending")]
Set = Annotated[Settings, of_app("settings")]


@router.post("", status_code=201, summary="Subscribe to events 订阅")
async def subscribe(
    body: Subscribe,
    webhooks: Webhooks,
    webhook_list: WebhookList,
    outside: WayOut,
    asked: Asked,
) -> Created:
    """`start`: `now`, `first` (all that ever happened), or a moment. 422 for an address that is inside."""
    webhook_id = asked.new_id(body.id)
    at = asked.at(body)
    await _look(outside, body.url)
    others = (await asyncio.to_thread(webhook_list.counts, "standing", ["yes"])).get("yes", 0)
    wanted = WebhookSubscribed(
        webhook_id=webhook_id, **body.content(), since=bodies.since(body.start, now=at), occurred_at=at
    )
    await asked.run(webhooks, webhook_id, partial(subscribing.subscribe, wanted=wanted, others=others))
    return Created(id=webhook_id)


@router.put("/{webhook_id}", status_code=204, summary="Say anew where its events go, and which 修改")
async def change(webhook_id: Id, body: Change, webhooks: Webhooks, outside: WayOut, asked: Asked) -> None:
    await _look(outside, body.url)
    wanted = WebhookChanged(webhook_id=webhook_id, **body.content(), occurred_at=asked.at(body))
    await asked.run(webhooks, webhook_id, partial(subscribing.change, wanted=wanted))


@router.post("/{webhook_id}/pause", status_code=204, summary="Send nothing for a while 暂停")
async def pause(webhook_id: Id, body: Nothing, webhooks: Webhooks, asked: Asked) -> None:
    await asked.run(webhooks, webhook_id, partial(subscribing.pause, at=asked.at(body)))


@router.post("/{webhook_id}/resume", status_code=204, summary="Send again, from where it stood 恢复")
async def resume(webhook_id: Id, body: Nothing, webhooks: Webhooks, asked: Asked) -> None:
    await asked.run(webhooks, webhook_id, partial(subscribing.resume, at=asked.at(body)))


@router.post("/{webhook_id}/remove", status_code=204, summary="Remove it, with all that waits 取消订阅")
async def remove(webhook_id: Id, body: Nothing, webhooks: Webhooks, asked: Asked) -> None:
    await asked.run(webhooks, webhook_id, partial(subscribing.remove, at=asked.at(body)))


@router.post("/{webhook_id}/rotate", status_code=204, summary="Sign with a new secret 更换密钥")
async def rotate(webhook_id: Id, body: Rotate, webhooks: Webhooks, asked: Asked) -> None:
    decide = partial(subscribing.rotate, overlap=body.overlap, at=asked.at(body))
    await asked.run(webhooks, webhook_id, decide)


@router.post("/{webhook_id}/replay", status_code=204, summary="Send again from a moment on 重新推送")
async def replay(webhook_id: Id, body: Replay, webhooks: Webhooks, asked: Asked) -> None:
    """What waits to be sent does not count any more; dead letters stay."""
    at = asked.at(body)
    decide = partial(subscribing.replay, since=bodies.since(body.start, now=at), at=at)
    await asked.run(webhooks, webhook_id, decide)


@router.post("/{webhook_id}/test", summary="Send one example now, and see what comes back 测试")
async def test(webhook_id: Id, webhooks: Webhooks, outside: WayOut) -> Tried:
    it = (await _standing(webhooks, webhook_id)).it
    name, event_id, event = example(it.described, now=datetime.now(UTC))
    answered = await outside.post(it, event_id, event)
    return Tried(
        type=name,
        status=answered.status,
        latency_ms=round(answered.seconds * 1000),
        sha256=answered.sha256,
        error=answered.verdict.error,
        answer=answered.body.decode(errors="replace"),
    )


@router.get("", summary="Webhooks, newest first")
def some_webhooks(
    kept: WebhookList,
    state: StateName | Literal["standing"] = "standing",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[WebhookRow]:
    where = {"standing": "yes"} if state == "standing" else {"state": state}
    page = kept.page(where=where, cursor=cursor, limit=limit)
    return Listed(items=[bodies.row(stream, it) for stream, it in page.items], next=page.next)


@router.get("/{webhook_id}", summary="One webhook, and how much waits for it")
async def one_webhook(webhook_id: Id, webhooks: Webhooks, queue: Lines, response: Response) -> WebhookView:
    loaded = await webhooks.load(webhook_id)
    webhook = known(loaded.state)
    response.headers["ETag"] = f'"{loaded.revision}"'
    return bodies.view(webhook, await asyncio.to_thread(queue.standing, webhook_id))


@router.get("/{webhook_id}/secret", summary="What verifies its signatures 密钥")
async def secret(webhook_id: Id, webhooks: Webhooks, settings: Set) -> Secret:
    it = (await _standing(webhooks, webhook_id)).it
    signature = it.described.signature
    made = secrets.secret if signature == "v1" else secrets.public_key
    keys = [
        made(settings.master_key.get_secret_value(), webhook_id, number)
        for number in secrets.numbers(it, now=datetime.now(UTC))
    ]
    overlaps = len(keys) > 1
    return Secret(
        signature=signature,
        key=keys[0],
        previous=keys[1] if overlaps else None,
        previous_until=it.overlap_until if overlaps else None,
    )


@router.get("/{webhook_id}/deliveries", summary="What was sent, and what came of it, newest first 推送记录")
async def deliveries(
    webhook_id: Id,
    webhooks: Webhooks,
    queue: Lines,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[Delivery]:
    """The last 10,000 attempts are kept."""
    await _standing(webhooks, webhook_id)
    page = await asyncio.to_thread(queue.attempts, webhook_id, cursor=cursor, limit=limit)
    return Listed(
        items=[Delivery.model_validate(it, from_attributes=True) for it in page.items], next=page.next
    )


@router.get("/{webhook_id}/dead", summary="What could not be delivered, newest first 死信")
async def dead(
    webhook_id: Id,
    webhooks: Webhooks,
    queue: Lines,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[DeadLetter]:
    await _standing(webhooks, webhook_id)
    page = await asyncio.to_thread(queue.dead, webhook_id, cursor=cursor, limit=limit)
    return Listed(
        items=[DeadLetter.model_validate(it, from_attributes=True) for it in page.items], next=page.next
    )


@router.post("/{webhook_id}/dead/redeliver", summary="Try all dead letters again 重发全部")
async def redeliver_all(webhook_id: Id, webhooks: Webhooks, queue: Lines, sends: Sends) -> LinedUp:
    """The oldest 1,000; each goes behind what waits of its stream."""
    await _standing(webhooks, webhook_id)
    return await _redeliver(queue, sends, webhook_id, None)


@router.post("/{webhook_id}/dead/{event_id}/redeliver", summary="Try one dead letter again 重发")
async def redeliver_one(
    webhook_id: Id, event_id: Id, webhooks: Webhooks, queue: Lines, sends: Sends
) -> LinedUp:
    await _standing(webhooks, webhook_id)
    done = await _redeliver(queue, sends, webhook_id, event_id)
    if done.lined_up == 0:
        raise NotFound("There is no such dead letter.")
    return done


async def _redeliver(queue: Queue, sends: Sending, webhook_id: str, event_id: str | None) -> LinedUp:
    again = partial(queue.redeliver, webhook_id, event_id=event_id, now=datetime.now(UTC))
    lined_up = await asyncio.to_thread(again)
    sends.wake(webhook_id)
    left = await asyncio.to_thread(queue.standing, webhook_id)
    return LinedUp(lined_up=lined_up, left=left.dead)


async def _standing(webhooks: Decided, webhook_id: str) -> Known:
    return known((await webhooks.load(webhook_id)).state)


async def _look(outside: Outside, url: str) -> None:
    try:
        await outside.reach.look(url)
    except Unreachable as inside:
        wrong = {"type": "value_error", "loc": ("body", "url"), "msg": str(inside), "input": url}
        raise RequestValidationError([wrong]) from inside
