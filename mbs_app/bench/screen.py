"""From a callback to a changed number in a real browser."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from uuid import UUID

from playwright.async_api import Page, async_playwright

from mbs_app.bench.callbacks import Endpoint, open_client, post, receipt
from mbs_app.bench.figures import percentile
from mbs_app.bench.ground import SentText

LONGEST_WAIT_MS = 10_000

# Notes the moment (of this machine's clock) at which the page first shows the number.
_WATCH = """(number) => {
  window.mbsSeen = new Promise((resolve) => {
    const look = () => document.body.textContent.includes(number) && (resolve(Date.now()), true);
    if (look()) return;
    const watching = new MutationObserver(() => look() && watching.disconnect());
    watching.observe(document.body, {subtree: true, childList: true, characterData: true});
  });
}"""


async def measure(
    to: Endpoint,
    chromium: str,
    session_token: str,
    campaign_id: UUID,
    texts: Sequence[SentText],
    *,
    delivered: int,
) -> dict[str, float]:
    """Deliver ``texts`` one by one while a browser looks at the campaign; ``delivered`` is the count so far.

    Prints the result; returns seconds as ``p50`` and ``p95``.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium)
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        await context.add_cookies(
            [{"name": "mbs_session", "value": session_token, "url": to.address, "httpOnly": True}]
        )
        page = await context.new_page()
        await page.goto(f"{to.address}/campaigns/{campaign_id}")
        await page.get_by_text(f"{delivered:,}", exact=True).first.wait_for()
        await asyncio.sleep(2)  # the page settles: fonts, first readings
        delays = [
            await _one(page, to, text, expected)
            for expected, text in enumerate(texts, delivered + 1)
        ]
        await browser.close()
    p50, p95 = percentile(delays, 0.5), percentile(delays, 0.95)
    print(
        f"Callback to changed number in a browser: p50 {p50 * 1000:,.0f} ms, p95 {p95 * 1000:,.0f} ms "
        f"over {len(delays)}, Chromium on the same machine"
    )
    return {"p50": p50, "p95": p95}


async def _one(page: Page, to: Endpoint, text: SentText, expected: int) -> float:
    # At no fixed beat, so that the screen's own rhythm isn't met each time at the same moment.
    await asyncio.sleep(random.uniform(0.3, 1.1))
    await page.evaluate(_WATCH, f"{expected:,}")
    async with open_client() as client:
        request = receipt(to, text)
        sent = time.time()
        await post(client, request)
        seen = await asyncio.wait_for(page.evaluate("window.mbsSeen"), LONGEST_WAIT_MS / 1000)
    return float(seen) / 1000 - sent
