"""Who may sign in: passwords, second factors, sessions, invitations, and the record of all of it."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests_desk import PASSWORD, QUICK, Clock, Inn, token_of

from tallystick.case import Case
from tallystick.desk import Desk
from tallystick.errors import AskedWrongly
from tallystick.web import proofs
from tallystick.web.people import INVITED, OVERALL, People, Throttled, reconcile
from tallystick.web.peoplefile import PeopleFile
from tallystick.web.role import Role
from tallystick.web.sessions import ABSOLUTE, IDLE

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, cases: dict[str, Desk]) -> Inn:
    """An admin and a coder, to be copied."""
    inn = Inn(tmp_path_factory.mktemp("first"), cases)
    inn.settle("A. Haddad", OVERALL, Role.ADMIN)
    inn.settle("B. Sayed", "solem", Role.CODER)
    inn.close()
    return inn


@pytest.fixture
def inn(first: Inn, tmp_path: Path) -> Iterator[Inn]:
    shutil.copy(first.folder / "people.sqlite", tmp_path)
    inn = Inn(tmp_path, first.cases, Clock(first.clock.now), dict(first.secrets))
    yield inn
    inn.close()


def prove(inn: Inn, name: str = "B. Sayed", password: str = PASSWORD, code: str | None = None) -> object:
    code = inn.code("B. Sayed") if code is None else code
    return inn.people.prove(name, password, code, address="192.0.2.7")


def kinds(inn: Inn) -> list[str]:
    return [row["what"] for row in reversed(inn.people.file.audit("", "", 0, 1000))]


# ---------------------------------------------------------------------------------------- the file


def test_the_people_file_is_its_owners_alone(inn: Inn) -> None:
    assert stat.S_IMODE(inn.people.file.path.stat().st_mode) == 0o600
    for beside in inn.folder.glob("people.sqlite-*"):
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600


def test_a_people_file_that_others_can_read_is_refused(inn: Inn) -> None:
    inn.people.file.path.chmod(0o644)
    with pytest.raises(AskedWrongly, match="chmod 600"):
        PeopleFile(inn.people.file.path)


def test_a_people_file_never_lies_in_a_case(inn: Inn) -> None:
    for place in ("people.sqlite", "deep/er/people.sqlite"):
        with pytest.raises(AskedWrongly, match="within the case"):
            PeopleFile(inn.cases["solem"].case.folder / place, make=True)
    link = inn.folder / "beside"
    link.symlink_to(inn.cases["solem"].case.folder)
    with pytest.raises(AskedWrongly, match="within the case"):
        PeopleFile(link / "people.sqlite", make=True)


def test_what_is_no_people_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match="there is no people file"):
        PeopleFile(tmp_path / "none.sqlite")
    for content in (b"", b"not a database" * 100):
        (tmp_path / "other").write_bytes(content)
        (tmp_path / "other").chmod(0o600)
        with pytest.raises(AskedWrongly, match="no people file"):
            PeopleFile(tmp_path / "other")


def test_no_secret_of_a_session_an_invitation_or_a_recovery_code_stands_in_the_file(inn: Inn) -> None:
    token = inn.people.invite("B. Sayed", by="A. Haddad")
    inn.people.take(token, "browser", PASSWORD)
    found = inn.people.invited(token)
    assert found is not None
    codes = inn.people.accept(token, "browser", pyotp.TOTP(found.secret).at(int(inn.clock.now)))
    assert codes is not None
    browser = inn.sign_in("A. Haddad")
    session = browser.cookies["tallystick"]
    raw = b"".join(path.read_bytes() for path in inn.folder.glob("people.sqlite*"))
    for secret in (PASSWORD, token, session, *codes, *map(proofs.plain_code, codes)):
        assert secret.encode() not in raw


def test_the_audit_only_grows(inn: Inn) -> None:
    with sqlite3.connect(inn.people.file.path) as held:
        for change in ("DELETE FROM audit", "UPDATE audit SET person = 'nobody'"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                held.execute(change)
    held.close()


# ---------------------------------------------------------------------------------------- signing in


def test_name_password_and_code_are_all_needed(inn: Inn) -> None:
    assert prove(inn, password="three blind horses ran") is None
    assert prove(inn, code="000000") is None
    assert prove(inn, name="B. Said") is None
    assert prove(inn, code="") is None
    inn.clock.now += 100
    assert prove(inn) is not None
    assert prove(inn, name="  b. SAYED ") is not None


def test_a_time_code_is_taken_once(inn: Inn) -> None:
    code = inn.code("B. Sayed")
    assert prove(inn, code=code) is not None
    assert prove(inn, code=code) is None
    inn.clock.now += 30
    assert prove(inn, code=code) is None


def test_a_time_code_is_taken_once_by_two_requests_at_one_moment(inn: Inn) -> None:
    code, row = inn.code("B. Sayed"), inn.people.file.one("SELECT * FROM persons WHERE name = 'B. Sayed'")
    assert row is not None
    assert [inn.people._spend(row, code) for _ in range(2)] == [True, False]  # both have read it before


@given(ahead=st.integers(-5, 5), used=st.integers(-5, 5))
def test_a_time_code_is_good_for_its_step_and_one_beside_and_only_forward(ahead: int, used: int) -> None:
    secret, now = SECRET, 1_700_000_000
    step = now // 30
    met = proofs.step_of(secret, pyotp.TOTP(secret).at(now + 30 * ahead), now, step + used)
    assert (met is not None) == (abs(ahead) <= 1 and ahead > used)
    assert met in (None, step + ahead)


@given(st.text(max_size=40))
def test_no_text_makes_a_code_fail_otherwise_than_by_being_wrong(text: str) -> None:
    assert proofs.step_of(SECRET, text, 1e9, 10**9) is None
    proofs.digest(proofs.plain_code(text))


def test_a_recovery_code_is_taken_once(inn: Inn) -> None:
    person = inn.people.named("B. Sayed")
    first, second, *_ = inn.people.change_codes(person, address="")
    assert prove(inn, code=first.upper().replace("-", " ")) is not None
    assert prove(inn, code=first) is None
    assert inn.people.codes_left(person.id) == proofs.CODES - 1
    assert prove(inn, code=second) is not None
    inn.people.change_codes(person, address="")
    inn.clock.now += 100
    assert prove(inn, code=second) is None


def test_a_name_that_nobody_has_costs_as_much_as_one_that_somebody_has(
    inn: Inn, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, held: str, given: bytes) -> bool:
        calls.append(held)
        return verify(self, held, given)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    inn.people.add("C. Noor", by="a test")  # invited, and without a password
    for name in ("B. Sayed", "nobody", "C. Noor", "x" * 10_000, ""):
        before = len(calls)
        assert prove(inn, name=name, password="wrong") is None
        assert len(calls) == before + 1, name
    assert len({held.rpartition("$")[0].rpartition("$")[0] for held in calls}) == 1  # the same parameters


def test_the_hash_of_nobody_is_worked_through_and_never_met() -> None:
    with pytest.raises(VerifyMismatchError):
        QUICK.verify(proofs._nobodys(QUICK), "any")
    assert not QUICK.check_needs_rehash(proofs._nobodys(QUICK))


def test_who_is_shut_out_cannot_sign_in_and_loses_their_sessions(inn: Inn) -> None:
    browser = inn.sign_in("B. Sayed")
    assert browser.get("/c/solem/about").status_code == 200
    inn.people.disable("B. Sayed", by="A. Haddad")
    assert browser.get("/c/solem/about").status_code == 303
    assert prove(inn) is None
    inn.people.enable("B. Sayed", by="A. Haddad")
    inn.clock.now += 100
    assert prove(inn) is not None


def test_hashes_of_other_parameters_are_made_anew_at_the_next_sign_in(inn: Inn) -> None:
    def held() -> str:
        row = inn.people.file.one("SELECT password FROM persons WHERE name = 'B. Sayed'")
        assert row is not None
        return str(row["password"])

    stronger = People(inn.people.file, PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert "m=8,t=1" in held()
    assert held().startswith("$argon2id$")
    assert stronger.prove("B. Sayed", PASSWORD, inn.code("B. Sayed"), address="") is not None
    assert "m=16,t=2" in held()
    assert stronger.prove("B. Sayed", PASSWORD, inn.code("B. Sayed"), address="") is not None


# ---------------------------------------------------------------------------------------- slowing down


def wait_of(inn: Inn, **told: str) -> float:
    try:
        prove(inn, password="wrong", code="000000", **told)
    except Throttled as error:
        return error.wait
    return 0.0


def test_failed_sign_ins_make_the_next_wait_ever_longer_and_a_restart_forgets_nothing(inn: Inn) -> None:
    waits = []
    for _ in range(9):
        wait = wait_of(inn)
        if wait:
            waits.append(wait)
            inn.people = People(inn.people.file, QUICK)  # a restart
            inn.clock.now += wait
            assert wait_of(inn) == 0
    assert waits == sorted(set(waits))
    assert waits[-1] >= 16
    with pytest.raises(Throttled):
        inn.people.prove("B. Sayed", PASSWORD, "000000", address="198.51.100.1")  # from elsewhere, too
    inn.clock.now += 1000
    assert prove(inn) is not None
    assert wait_of(inn) == 0  # who got in starts afresh


def test_a_name_that_nobody_has_is_slowed_down_the_same(inn: Inn) -> None:
    for name in ("B. Sayed", "nobody"):
        assert [wait_of(inn, name=name) > 0 for _ in range(4)] == [False, False, False, True]
        inn.clock.now += 2000


def test_an_address_that_tries_many_names_is_slowed_down(inn: Inn) -> None:
    assert [wait_of(inn, name=f"name {n}") > 0 for n in range(11)] == [False] * 10 + [True]


def test_the_wait_is_told_and_the_right_password_waits_too(inn: Inn) -> None:
    browser = inn.browser()
    data = {"name": "B. Sayed", "password": "wrong", "code": "1", "csrf": token_of(browser)}
    answers = [browser.post("/sign-in", data=data) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert "Wait 1 second." in answers[-1].text
    data |= {"password": PASSWORD, "code": pyotp.TOTP(inn.secrets["B. Sayed"]).at(int(inn.clock.now))}
    assert browser.post("/sign-in", data=data).status_code == 429


# ---------------------------------------------------------------------------------------- sessions


def test_a_session_has_a_token_of_its_own_whatever_the_browser_had(inn: Inn) -> None:
    browser = inn.browser()
    browser.cookies.set("tallystick", "A" * 43)  # as somebody else has put it there
    inn.sign_in("B. Sayed", browser)
    tokens = {cookie.value for cookie in browser.cookies.jar if cookie.domain}
    assert "A" * 43 not in tokens
    thief = inn.browser()
    thief.cookies.set("tallystick", "A" * 43)
    assert thief.get("/account").status_code == 303


def test_each_sign_in_makes_another_token_and_signing_out_ends_it(inn: Inn) -> None:
    one = inn.sign_in("B. Sayed")
    first = one.cookies["tallystick"]
    inn.sign_in("B. Sayed", other := inn.browser())
    assert other.cookies["tallystick"] != first
    one.post("/sign-out", data={"csrf": token_of(one, "/account")})
    stolen = inn.browser()
    stolen.cookies.set("tallystick", first)
    assert stolen.get("/account").status_code == 303
    assert other.get("/account").status_code == 200


def test_signing_out_everywhere_ends_all_sessions_of_the_person_and_nobody_elses(inn: Inn) -> None:
    one, two, admin = inn.sign_in("B. Sayed"), inn.sign_in("B. Sayed"), inn.sign_in("A. Haddad")
    one.post("/sign-out", data={"csrf": token_of(one, "/account"), "everywhere": "yes"})
    assert [browser.get("/account").status_code for browser in (one, two, admin)] == [303, 303, 200]


def test_a_session_runs_out_when_idle_and_at_the_latest_after_its_time(inn: Inn) -> None:
    idle, busy = inn.sign_in("B. Sayed"), inn.sign_in("B. Sayed")
    began = inn.clock.now
    while inn.clock.now < began + ABSOLUTE - IDLE / 2:
        inn.clock.now += IDLE / 2
        assert busy.get("/account").status_code == 200
    assert idle.get("/account").status_code == 303
    inn.clock.now = began + ABSOLUTE + 1
    assert busy.get("/account").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "../" * 20, "é" * 43, "A" * 5000])
def test_a_made_up_token_is_nobodys(inn: Inn, token: str) -> None:
    browser = inn.browser()
    got = browser.get("/account", headers={"Cookie": f"tallystick={token}".encode()})
    assert got.status_code == 303


def test_the_cookie_is_kept_from_scripts_and_over_https_from_the_open_network(inn: Inn) -> None:
    for scheme, name in (("http", "tallystick"), ("https", "__Host-tallystick")):
        cookie = inn.browser(scheme=scheme).get("/sign-in").headers["set-cookie"]
        assert cookie.startswith(f"{name}=")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert ("Secure" in cookie) == (scheme == "https")


@pytest.mark.parametrize(
    "aim",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil.example", "/\tx", "", "javascript:x"],
)
def test_signing_in_leads_to_no_other_site(inn: Inn, aim: str) -> None:
    browser = inn.browser()
    told = {"name": "B. Sayed", "password": PASSWORD, "code": inn.code("B. Sayed"), "next": aim}
    answer = browser.post("/sign-in", data={**told, "csrf": token_of(browser)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


# ---------------------------------------------------------------------------------------- invitations


def invite(inn: Inn, name: str = "B. Sayed") -> tuple[TestClient, str]:
    """The admin's browser makes an invitation; its path."""
    admin = inn.sign_in("A. Haddad")
    page = admin.post("/people", data={"csrf": token_of(admin, "/account"), "what": "invite", "name": name})
    found = re.search(r"http://testserver(/invited/[\w-]+)", page.text)
    assert found is not None
    return admin, found[1]


def test_an_invitation_leads_to_password_second_factor_and_codes_and_is_used_up(inn: Inn) -> None:
    _, path = invite(inn)
    browser = inn.browser()
    csrf = {"csrf": token_of(browser, path)}
    words = {"password": "a row of four words", "again": "a row of four words"}
    assert browser.post(path, data=csrf | words).status_code == 303
    page = browser.get(path).text
    assert "<svg" in page
    found = re.search(r'<code dir="ltr">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    inn.secrets["B. Sayed"] = found[1].replace(" ", "")
    assert browser.post(path, data=csrf | {"code": "000000"}).status_code == 422
    done = browser.post(path, data=csrf | {"code": inn.code("B. Sayed")})
    assert len(re.findall(r"<li>[a-z2-9-]{19}</li>", done.text)) == proofs.CODES
    assert browser.get("/account").status_code == 200
    assert inn.browser().get(path).status_code == 404
    assert prove(inn, password="a row of four words") is not None


def test_whoever_made_the_invitation_never_sees_the_second_factor(inn: Inn) -> None:
    admin, path = invite(inn)
    browser = inn.browser()
    data = {"csrf": token_of(browser, path), "password": PASSWORD, "again": PASSWORD}
    assert browser.post(path, data=data).status_code == 303
    for other in (admin, inn.browser()):
        assert other.get(path).status_code == 404
        again = {"csrf": token_of(other, "/account"), "password": PASSWORD, "again": PASSWORD}
        assert other.post(path, data=again).status_code == 404
    assert browser.get(path).status_code == 200


def test_an_invitation_runs_out_and_a_newer_one_ends_it(inn: Inn) -> None:
    _, first = invite(inn)
    assert inn.browser().get(first).status_code == 200
    _, second = invite(inn)
    assert inn.browser().get(first).status_code == 404
    assert inn.browser().get(second).status_code == 200
    inn.clock.now += INVITED + 1
    assert inn.browser().get(second).status_code == 404


def test_an_invitation_ends_the_old_password_sessions_and_codes_at_once(inn: Inn) -> None:
    browser = inn.sign_in("B. Sayed")
    inn.people.invite("B. Sayed", by="A. Haddad")
    assert browser.get("/account").status_code == 303
    assert prove(inn) is None
    assert inn.people.codes_left(inn.people.named("B. Sayed").id) == 0
    enrol(inn)
    assert browser.get("/account").status_code == 303


def enrol(inn: Inn) -> None:
    """B. Sayed takes up an invitation."""
    token = inn.people.invite("B. Sayed", by="A. Haddad")
    assert inn.people.take(token, "browser", PASSWORD)
    found = inn.people.invited(token)
    assert found is not None
    inn.secrets["B. Sayed"] = found.secret
    assert inn.people.accept(token, "browser", inn.code("B. Sayed")) is not None
    assert inn.people.accept(token, "browser", inn.code("B. Sayed")) is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "short"), ("x" * 1001, "long"), ("Bartholomew Sayed", "name"), ("bartholomewSAYED", "name"),
        ("aaaaaaaaaaaaaaa", "same"), ("three blind horses run", ""), ("пароль из трёх слов", ""),
    ],
)  # fmt: skip
def test_a_password_is_long_and_not_the_name_and_no_more_is_asked(password: str, fault: str) -> None:
    assert proofs.weak(password, "Bartholomew  Sayed") == fault


@given(st.text(min_size=1, max_size=60))
def test_a_password_holds_for_itself_alone(password: str) -> None:
    passwords = proofs.Passwords(QUICK)
    held = passwords.hash(password)
    assert passwords.holds(held, password)
    assert not passwords.holds(held, password + "x")
    assert not passwords.holds(None, password)


# ---------------------------------------------------------------------------------------- roles


def test_a_role_in_one_case_is_none_in_another(inn: Inn) -> None:
    browser = inn.sign_in("B. Sayed")
    assert browser.get("/c/solem/about").status_code == 200
    assert browser.get("/c/other/about").status_code == 404
    assert "other" not in browser.get("/", follow_redirects=True).text.lower().split("</nav>")[0]


def test_a_role_that_is_taken_away_ends_at_the_next_click(inn: Inn) -> None:
    browser = inn.sign_in("B. Sayed")
    inn.people.give("B. Sayed", "solem", None, by="A. Haddad")
    assert browser.get("/c/solem/about").status_code == 404


def test_a_name_is_never_given_to_another_person(inn: Inn) -> None:
    inn.people.disable("B. Sayed", by="A. Haddad", state="removed")
    for name in ("B. Sayed", "b.  sayed", "Ｂ. Sayed"):
        with pytest.raises(AskedWrongly, match="never given to another"):
            inn.people.add(name, by="A. Haddad")
    for name in ("", " ", "x" * 101, "a\u202eb", "a\nb\x00"):
        with pytest.raises(AskedWrongly, match="signs that can be seen"):
            inn.people.add(name, by="A. Haddad")


def test_the_last_admin_stays(inn: Inn) -> None:
    for deed in (
        lambda: inn.people.give("A. Haddad", OVERALL, Role.SENIOR, by="x"),
        lambda: inn.people.give("A. Haddad", OVERALL, None, by="x"),
        lambda: inn.people.disable("A. Haddad", by="x"),
        lambda: inn.people.disable("A. Haddad", by="x", state="removed"),
        lambda: inn.people.invite("A. Haddad", by="x"),
    ):
        with pytest.raises(AskedWrongly, match="last admin"):
            deed()
    assert inn.people.named("A. Haddad").roles == {OVERALL: Role.ADMIN}
    assert inn.people.named("A. Haddad").state == "active"


def test_who_may_settle_is_written_into_the_case_and_others_named_there_stay(inn: Inn) -> None:
    case = inn.cases["solem"].case
    case.seniors(["Not of this desk"], by="A. Haddad")
    admin = inn.sign_in("A. Haddad")
    told = {"csrf": token_of(admin, "/account"), "what": "role", "name": "B. Sayed", "place": "solem"}
    assert admin.post("/people", data=told | {"role": "senior"}).status_code == 303
    assert case.settings.seniors == ("A. Haddad", "B. Sayed", "Not of this desk")
    event = case.ledger.events("settled")[-1]
    assert (event.by, event.who) == ("A. Haddad", "A. Haddad")
    assert "B. Sayed" not in inn.cases["other"].case.settings.seniors
    assert admin.post("/people", data=told | {"role": "coder"}).status_code == 303
    assert case.settings.seniors == ("A. Haddad", "Not of this desk")
    assert not [each for each in case.verify().problems if "case.toml" in each]
    for names, by in (([" "], "A. Haddad"), (["B. Sayed"], " ")):
        with pytest.raises(AskedWrongly):
            case.seniors(names, by=by)
    before = len(case.ledger.events())
    reconcile(case, "solem", inn.people, by="A. Haddad")
    assert len(case.ledger.events()) == before


def test_a_name_in_addresses_belongs_to_one_case(inn: Inn, tmp_path: Path) -> None:
    first = inn.cases["solem"].case.began
    inn.people.bind("solem", first)
    inn.people.bind("solem", first)
    with pytest.raises(AskedWrongly, match="another case"):
        inn.people.bind("solem", "2026-01-01T00:00:00.000Z")
    Case.make(tmp_path / "third").close()
    with Case.open(tmp_path / "third") as third:
        assert third.began not in ("", first)


# ---------------------------------------------------------------------------------------- the audit


def test_the_audit_tells_what_happened_at_the_door(inn: Inn) -> None:
    browser = inn.sign_in("B. Sayed")
    browser.get("/people")
    browser.get("/c/other/about")
    prove(inn, password="wrong")
    inn.people.give("B. Sayed", "solem", Role.READER, by="A. Haddad")
    assert kinds(inn)[-5:] == ["signed in", "refused", "refused", "sign-in failed", "role"]
    last = inn.people.file.audit("B. Sayed", "refused", 0, 1)[0]
    assert (last["about"], last["address"]) == ("GET /c/other/about", "testclient")


def test_the_audit_is_paged_and_filtered_and_a_name_in_it_runs_no_script(inn: Inn) -> None:
    inn.people.file.note("sign-in failed", about="<script>alert(1)</script>", address="192.0.2.1")
    for n in range(150):
        inn.people.file.note("refused", person="B. Sayed", about=f"GET /{n}")
    admin = inn.sign_in("A. Haddad")
    first = admin.get("/audit?person=B. Sayed&what=refused").text
    assert first.count("GET /") == 100
    older = re.search(r'href="(/audit\?[^"]*before=\d+)"', first)
    assert older is not None
    second = admin.get(older[1].replace("&amp;", "&")).text
    assert second.count("GET /") == 50
    assert "<script>alert" not in admin.get("/audit?what=sign-in failed").text
    for strange in ("before=x", "before=" + "9" * 50, "what=none", "person=%00"):
        assert admin.get(f"/audit?{strange}").status_code == 200
    assert admin.get("/audit?before=" + 5_000 * "9").status_code == 200


def test_no_password_stands_in_the_audit(inn: Inn) -> None:
    browser = inn.browser()
    browser.post("/sign-in", data={"name": "", "password": "a secret thing", "csrf": token_of(browser)})
    assert not [row for row in inn.people.file.audit("", "", 0, 99) if "a secret thing" in str(tuple(row))]


def test_the_password_is_asked_for_again_where_it_matters(inn: Inn) -> None:
    browser, other = inn.sign_in("B. Sayed"), inn.sign_in("B. Sayed")
    data = {"csrf": token_of(browser, "/account"), "what": "password", "password": "words in a long row"}
    data["again"] = data["password"]
    assert browser.post("/account", data=data | {"old": "wrong"}).status_code == 422
    assert browser.post("/account", data=data | {"old": PASSWORD, "again": "x"}).status_code == 422
    assert browser.post("/account", data=data | {"old": PASSWORD}).status_code == 303
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
