"""The province's fields, by their names, and what is left out or encrypted of them. Pure."""
import base64

import pytest

from chalicelib.domains.ratings import upstream
from chalicelib.domains.ratings.correction_workflow import CORRECTIONS
from chalicelib.domains.ratings.exchange import RECTIFIED, SECRET, key_of_push, pushed, sealed
from chalicelib.kernel.secrets import Services
from tests.unit.ratings.test_scores import correction, rating

RATER = {"kind": "natural", "name": "张示例", "number": "11010519491231002X", "phone": "13912345678"}
FIELDS = {"projectNo", "taskCode", "taskHandleItem", "taskName", "deptCode", "deptName", "areaCode", "proStatus",
          "serviceNumber", "pf", "userType", "userName", "certKey", "certKeyGOV", "contactPhone", "handlerName",
          "workNo", "windowNo", "hallCode", "acceptDate", "resultDate", "satisfaction", "evalDetail",
          "writingEvaluation", "assessTime", "isReal", "isDefault", "isAnonymous", "reply", "rectifyStatus",
          "rectifyTime", "callbackResult", "appealStatus"}
FULL = rating(number="430199A0001", title="示例事项", node="close", service_number=3, level=2, tags=(201, 204),
              rated=("reviewer-one",))


def fields(case=FULL, rater=RATER, put_right=None, reply=""):
    return pushed(case, "太慢", "某局", rater, put_right, reply)


def test_the_fields_are_exactly_those_of_the_province():
    told = fields()
    assert set(told) == FIELDS
    assert {name: told[name] for name in ("projectNo", "serviceNumber", "pf", "satisfaction", "evalDetail", "proStatus",
                                          "userType", "certKey", "assessTime", "isReal", "isDefault", "workNo")} == {
        "projectNo": "430199A0001", "serviceNumber": 3, "pf": 2, "satisfaction": 2, "evalDetail": "201,204",
        "proStatus": "3", "userType": "1", "certKey": "10", "assessTime": "2026-03-02 10:00:00", "isReal": 1,
        "isDefault": 0, "workNo": "reviewer-one"}


@pytest.mark.parametrize("mark", ["hidden", "anonymous"])
def test_of_a_rater_who_is_hidden_or_gave_no_name_nothing_goes(mark):
    case = FULL.model_copy(update={mark: True})
    told = fields(case)
    assert not {"张示例", "11010519491231002X", "13912345678"} & set(map(str, told.values()))
    assert told["userType"] == told["certKey"] == "" and (told["taskName"] == "") == case.hidden


def test_of_a_caller_who_told_no_number_no_sort_of_paper_goes():
    told = fields(rater={**RATER, "number": ""})
    assert (told["userType"], told["certKey"], told["contactPhone"]) == ("1", "", "13912345678")


def test_the_rater_goes_encrypted_each_field_on_its_own_and_nothing_else():
    key = base64.b64encode(bytes(range(32))).decode()
    told = sealed(fields(), lambda plain: f"<{len(plain)}>")
    assert [told[name] for name in SECRET] == ["<3>", "<18>", "<11>"]
    assert {name: told[name] for name in FIELDS - set(SECRET)} == {
        name: fields()[name] for name in FIELDS - set(SECRET)}
    with pytest.raises(ValueError):
        Services(exchange_cipher=key[:-8])


def test_the_province_s_key_opens_what_was_encrypted(monkeypatch):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    key = bytes(range(32))
    monkeypatch.setattr(upstream, "secret", lambda part: Services(exchange_cipher=base64.b64encode(key).decode()))
    seal = upstream.cipher()
    boxes = [base64.b64decode(seal("张示例")) for _ in range(2)]
    assert [AESGCM(key).decrypt(box[:12], box[12:], b"").decode() for box in boxes] == ["张示例", "张示例"]
    assert boxes[0] != boxes[1]
    monkeypatch.setattr(upstream, "secret", lambda part: Services())
    assert upstream.cipher() is None


def test_the_key_tells_services_and_channels_of_a_case_apart_and_ratings_without_a_case():
    assert key_of_push(FULL) == ("430199A0001", 3, 2)
    assert key_of_push(FULL.model_copy(update={"channel": 7})) != key_of_push(FULL)
    assert key_of_push(FULL.model_copy(update={"number": ""}))[0] == FULL.id


@pytest.mark.parametrize("changes, block", [
    ({"state": "correcting", "satisfied": None}, ("1", "", "")), ({"judgement": "mistaken"}, ("2", "1", "0")),
    ({"satisfied": False}, ("2", "0", ""))])
def test_what_was_done_about_it_goes_too(changes, block):
    told = fields(put_right=correction(**changes), reply="已致歉")
    assert (told["rectifyStatus"], told["callbackResult"], told["appealStatus"], told["reply"]) == (*block, "已致歉")
    assert set(RECTIFIED) == {state for _, state in CORRECTIONS.rules} - {"new"} | {
        rule.target for rule in CORRECTIONS.rules.values()}
