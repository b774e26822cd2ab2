"""The guard in front of every event, with the real event processor and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest
import reflex as rx

from mbs_app import db
from mbs_app.domain.site_paths import same_site_path
from mbs_app.domain.vocabulary import Role, UserStatus
from mbs_app.mbs_app import app
from mbs_app.services import sessions
from mbs_app.ui import arguments, session
from mbs_app.ui.access import Access, allow, declared_access, is_reflexes_own, registered_handlers
from mbs_app.ui.audit.state import AuditState
from mbs_app.ui.guard import sign_in_address
from mbs_app.ui.session import BaseState
from tests.support.accounts import SYSTEM, make_user
from tests.support.tabs import Tab, deltas_in, events_in, running, signed_in_cookie

ran: list[str] = []


class ProbeState(BaseState, rx.State):
    access: ClassVar[Access] = Access.SIGNED_IN

    secret: str = ""

    @rx.event
    async def look(self) -> None:
        ran.append((await self._actor()).label)
        self.secret = "Maya’s numbers"

    @rx.event
    def count(self, number: int, words: list[str] | None = None) -> None:
        ran.append(f"{number!r} {words!r}")

    @rx.event
    def submit(self, form: dict[str, str]) -> None:
        ran.append(str(form))

    @rx.event
    @allow(Access.PUBLIC)
    def greet(self) -> None:
        ran.append("greet")

    @allow(Access.PUBLIC)
    @rx.event
    def pass_on(self) -> Any:
        return [ProbeState.look, ProbeState.look_behind]

    @rx.event(background=True)
    async def look_behind(self) -> None:
        ran.append(f"behind {(await self._actor()).label}")

    @rx.event
    @allow(Access.ADMIN)
    def rule(self) -> None:
        ran.append("rule")

    @rx.event
    async def write(self) -> None:
        await self._run(lambda session, actor: ran.append(actor.label))


class BareState(rx.State):
    """Not derived from ours, and nothing declared."""

    def act(self) -> None:
        ran.append("bare")


def name_of(handler: Any) -> str:
    return f"{handler.state.get_full_name()}.{handler.fn.__name__}"


PROBE = {name: name_of(getattr(ProbeState, name)) for name in ProbeState.event_handlers}


@pytest.fixture
def people(pages_database: str) -> dict[str, str]:
    """The session cookies of an approved user, an admin, another user and a pending one."""
    ran.clear()
    with db.transaction(SYSTEM) as work:
        return {
            "user": signed_in_cookie(work, make_user(work)),
            "other": signed_in_cookie(work, make_user(work, "sam@example.com", name="Sam Reed")),
            "admin": signed_in_cookie(work, make_user(work, "ann@example.com", role=Role.ADMIN)),
            "pending": signed_in_cookie(
                work, make_user(work, "joe@example.com", status=UserStatus.PENDING)
            ),
        }


@asynccontextmanager
async def a_tab(cookie: str = "", token: str | None = None) -> AsyncIterator[Tab]:
    async with running(app) as open_tab:
        yield await open_tab(cookie, token)


def send(cookie: str, name: str, payload: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    async def go() -> list[dict[str, Any]]:
        async with a_tab(cookie) as tab:
            return await tab.send(name, payload, "/campaigns")

    return asyncio.run(go())


def product_handlers() -> list[tuple[str, Any]]:
    return [
        (name, registered)
        for name, registered in registered_handlers().items()
        if not registered.states[0].__module__.startswith("tests.")
        and registered.handler.fn.__name__ != "setvar"
    ]


class TestDeclarations:
    def test_every_handler_of_the_product_says_who_may_call_it(self) -> None:
        undeclared = [
            name
            for name, registered in product_handlers()
            if not is_reflexes_own(registered) and declared_access(registered) is None
        ]
        assert undeclared == []

    def test_every_handler_of_the_product_annotates_its_arguments(self) -> None:
        unannotated = {
            name: arguments.unannotated(registered.handler)
            for name, registered in product_handlers()
            if arguments.unannotated(registered.handler)
        }
        assert unannotated == {}

    def test_a_handler_without_a_declaration_is_seen(self) -> None:
        assert declared_access(registered_handlers()[name_of(BareState.act)]) is None

    def test_access_that_would_become_a_variable_is_refused(self) -> None:
        with pytest.raises(TypeError, match="ClassVar"):

            class MistakenState(BaseState, rx.State):
                access = Access.PUBLIC

    def test_no_state_can_be_set_by_name(self) -> None:
        setters = [
            registered
            for name, registered in registered_handlers().items()
            if name.endswith(".setvar")
        ]
        assert setters
        assert [one for one in setters if declared_access(one) is not None] == []


class TestAnonymous:
    def test_nothing_but_the_public_handlers_runs(self, people: dict[str, str]) -> None:
        async def walk() -> list[str]:
            let_in = []
            async with a_tab() as tab:
                for name, registered in registered_handlers().items():
                    if is_reflexes_own(registered):
                        continue
                    if declared_access(registered) is Access.PUBLIC:
                        continue
                    updates = await _send_quickly(tab, name)
                    if not _was_refused(updates):
                        let_in.append(name)
            return let_in

        assert asyncio.run(walk()) == []
        assert ran == []

    def test_is_sent_to_sign_in_and_back(self, people: dict[str, str]) -> None:
        [(name, payload)] = events_in(send("", PROBE["look"]))
        assert (name, payload["path"]) == ("_redirect", "/signin?next=/campaigns")

    def test_may_call_what_is_public(self, people: dict[str, str]) -> None:
        send("", PROBE["greet"])
        assert ran == ["greet"]

    def test_chained_and_background_events_are_guarded_in_their_turn(
        self, people: dict[str, str]
    ) -> None:
        send("", PROBE["pass_on"])
        assert ran == []
        send(people["user"], PROBE["pass_on"])
        assert sorted(ran) == ["Maya Okafor", "behind Maya Okafor"]

    @pytest.mark.parametrize("cookie", ["mbs_session=guessed", "mbs_session=", "x", "=;=;\x01"])
    def test_a_made_up_cookie_is_nobody(self, people: dict[str, str], cookie: str) -> None:
        send(cookie, PROBE["look"])
        assert ran == []


class TestSignedIn:
    def test_the_handler_runs_for_the_holder_of_the_session(self, people: dict[str, str]) -> None:
        send(people["user"], PROBE["look"])
        send(people["other"], PROBE["write"])
        assert ran == ["Maya Okafor", "Sam Reed"]

    def test_other_cookies_beside_it_do_no_harm(self, people: dict[str, str]) -> None:
        send(f'a="b; bad name=x; {people["user"]}; z=1', PROBE["look"])
        assert ran == ["Maya Okafor"]

    def test_an_undeclared_handler_runs_for_nobody(self, people: dict[str, str]) -> None:
        send(people["admin"], name_of(BareState.act))
        send(people["admin"], PROBE["setvar"], {"var_name": "secret", "value": "x"})
        assert ran == []

    def test_admin_handlers_are_for_admins(self, people: dict[str, str]) -> None:
        assert events_in(send(people["user"], PROBE["rule"]))
        assert ran == []
        send(people["admin"], PROBE["rule"])
        assert ran == ["rule"]

    def test_a_page_for_admins_says_so_itself_as_it_opens(self, people: dict[str, str]) -> None:
        async def go(path: str) -> list[str]:
            async with a_tab(people["user"]) as tab:
                updates = await tab.send(name_of(AuditState.load), path=path)
                assert "rows" not in deltas_in(updates)
                return [name for name, _ in events_in(updates)]

        assert asyncio.run(go("/audit")) == asyncio.run(go("/audit/?page=2")) == []
        assert asyncio.run(go("/groups")) != []  # nothing there says it: a notice does

    def test_a_pending_account_is_told_and_runs_nothing(self, people: dict[str, str]) -> None:
        told = events_in(send(people["pending"], PROBE["look"]))
        assert ran == []
        assert told[-1][1]["path"] == "/waiting"

    def test_the_end_of_a_session_reaches_an_open_tab(
        self, people: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(session, "FRESH_SECONDS", 0.0)

        async def go() -> None:
            async with a_tab(people["user"]) as tab:
                await tab.send(PROBE["look"])
                with db.transaction(SYSTEM) as work:
                    sessions.end(work, people["user"].partition("=")[2])
                await tab.send(PROBE["look"])

        asyncio.run(go())
        assert ran == ["Maya Okafor"]


class TestLogs:
    def test_an_event_of_an_older_page_leaves_no_session_token_in_the_log(
        self, people: dict[str, str], caplog: pytest.LogCaptureFixture
    ) -> None:
        send(people["user"], f"{name_of(ProbeState.look)}_of_old")
        assert "_of_old" in caplog.text
        assert people["user"].partition("=")[2] not in caplog.text


class TestRenewal:
    def test_after_a_change_of_rights_the_browser_renews_before_anything_runs(
        self, people: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(session, "FRESH_SECONDS", 0.0)
        token = people["user"].partition("=")[2]
        with db.transaction(SYSTEM) as work:
            user_id = sessions.find_actor(work, token).user_id
            assert user_id is not None
            sessions.renew_all(work, user_id)
        [(_, payload)] = events_in(send(people["user"], PROBE["look"]))
        assert payload["do"] == "renewSession"
        assert ran == []
        with db.transaction(SYSTEM) as work:
            fresh = sessions.renew(work, token)
        send(f"mbs_session={fresh}", PROBE["look"])
        assert ran == ["Maya Okafor"]

    def test_a_tab_whose_token_was_replaced_asks_for_the_new_one(
        self, people: dict[str, str]
    ) -> None:
        [(_, payload)] = events_in(send("mbs_session=replaced", PROBE["look"]))
        assert payload["do"] == "renewSession"


class TestTabsOwner:
    @pytest.mark.parametrize("thief", ["", "other"])
    def test_a_tabs_state_is_not_sent_to_somebody_else(
        self, people: dict[str, str], thief: str
    ) -> None:
        async def go() -> list[dict[str, Any]]:
            async with running(app) as open_tab:
                tab = await open_tab(people["user"])
                assert deltas_in(await tab.send(PROBE["look"]))["secret"] == "Maya’s numbers"
                await tab.close()
                stolen = await open_tab(people.get(thief, ""), tab.token)
                hydrate = "reflex___state____state.hydrate_and_load"
                return [*await stolen.send(hydrate), *await stolen.send(PROBE["greet"])]

        updates = asyncio.run(go())
        assert "secret" not in deltas_in(updates)
        assert "startAfresh" in str(events_in(updates))
        assert ran == ["Maya Okafor"]

    def test_the_owner_finds_it_again(self, people: dict[str, str]) -> None:
        async def go() -> dict[str, Any]:
            async with running(app) as open_tab:
                tab = await open_tab(people["user"])
                await tab.send(PROBE["look"])
                await tab.close()
                again = await open_tab(people["user"], tab.token)
                return deltas_in(await again.send("reflex___state____state.hydrate_and_load"))

        assert asyncio.run(go())["secret"] == "Maya’s numbers"

    def test_the_session_token_is_never_sent_to_a_page(self, people: dict[str, str]) -> None:
        async def go() -> str:
            async with running(app) as open_tab:
                tab = await open_tab(people["user"])
                await tab.send("reflex___state____state.hydrate_and_load")
                await tab.send(PROBE["look"])
                return str(tab.updates)

        sent = asyncio.run(go())
        assert "Maya’s numbers" in sent
        assert people["user"].partition("=")[2] not in sent


class TestArguments:
    @pytest.mark.parametrize(
        "payload",
        [
            {},
            {"number": None},
            {"number": []},
            {"number": {"a": 1}},
            {"number": "many"},
            {"number": 1.5},
            {"number": 1, "words": "one"},
            {"number": 1, "words": [1]},
            {"number": 1, "words": ["a\0b"]},
            {"number": 1, "words": ["\ud800"]},
            {"number": 1, "self": 1},
            {"number": 1, "more": 1},
        ],
    )
    def test_wrong_ones_are_refused_before_the_handler(
        self, people: dict[str, str], payload: dict[str, Any]
    ) -> None:
        [(name, _)] = events_in(send(people["user"], PROBE["count"], payload))
        assert name != "_redirect"
        assert ran == []

    def test_right_ones_arrive_in_the_annotated_type(self, people: dict[str, str]) -> None:
        send(people["user"], PROBE["count"], {"number": "7", "words": ["a"]})
        assert ran == ["7 ['a']"]

    def test_a_form_is_checked_as_the_mapping_it_becomes(self, people: dict[str, str]) -> None:
        form = {"__reflex_form_data__": [["name", "Ann"]]}
        send(people["user"], PROBE["submit"], {"form": form})
        assert ran == ["{'name': 'Ann'}"]
        send(people["user"], PROBE["submit"], {"form": {"__reflex_form_data__": [["name", 1]]}})
        send(people["user"], PROBE["submit"], {"form": {"__reflex_form_data__": 7}})
        assert len(ran) == 1


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("/campaigns/1?tab=2", "/campaigns/1?tab=2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        (None, "/"),
        (["/"], "/"),
    ],
)
def test_a_redirect_stays_on_this_site(path: object, safe: str) -> None:
    assert same_site_path(path) == safe


def test_signing_in_does_not_lead_back_to_signing_in() -> None:
    assert sign_in_address("/signin?next=/signin") == "/signin"


async def _send_quickly(tab: Tab, name: str) -> list[dict[str, Any]]:
    already = len(tab.updates)
    event = {"name": name, "payload": {}, "router_data": {"pathname": "/", "asPath": "/"}}
    await tab.namespace.on_event(tab.sid, event)
    for _ in range(200):
        if events_in(tab.updates[already:]):
            break
        await asyncio.sleep(0.01)
    return tab.updates[already:]


def _was_refused(updates: list[dict[str, Any]]) -> bool:
    return bool(events_in(updates)) and not deltas_in(updates).keys() - {"rx_router_session"}
