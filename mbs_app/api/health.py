"""Whether the server is up: for load balancers and for the start itself."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)


@router.get("/api/health")
async def health() -> dict[str, str]:
    """Answered without a thread, so that it says nothing of how busy those are."""
    return {"status": "ok"}
