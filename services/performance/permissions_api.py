"""What whoever asks may do, as the table of permissions says: what the desk shows and what it leaves out."""

from fastapi import APIRouter
from pydantic import BaseModel

from shared.events.event import Slug
from shared.service.actor import Asking, Role
from shared.service.permissions import allowed_to

router = APIRouter(tags=["permissions 职责权限"])


class Permissions(BaseModel):
    role: Role
    department: Slug | None
    allowed: list[str]
    """Operations of all services, such as `POST /deals/{deal_id}/win`; some only on certain things."""


@router.get("/permissions", summary="What you may do 我的权限")
async def permissions(actor: Asking) -> Permissions:
    return Permissions(role=actor.role, department=actor.department, allowed=list(allowed_to(actor.role)))
