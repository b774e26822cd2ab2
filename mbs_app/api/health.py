"""Whether the server is up: for load balancers and for the start itself."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)


@router.get("/api/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
