from __future__ import annotations

import pytest

from mbs_app.domain.errors import InvalidInput
from mbs_app.providers.twilio.payloads import parse_inbound_text, parse_status_callback
from mbs_app.providers.twilio.signature import Form

STATUS = (
    b"SmsSid=SM11&SmsStatus=undelivered&MessageStatus=undelivered&To=%2B15558675310&MessageSid=SM11"
    b"&AccountSid=AC1&From=%2B15557122661&ApiVersion=2010-04-01&ErrorCode=30005&RawDlrDoneDate=2308240501"
)
INBOUND = (
    b"ToCountry=US&ToState=TX&SmsMessageSid=SM22&NumMedia=0&ToCity=AUSTIN&FromZip=&SmsSid=SM22"
    b"&FromState=TX&SmsStatus=received&FromCity=&Body=Stop+%F0%9F%99%8F&FromCountry=US&To=%2B15557122661"
    b"&ToZip=&NumSegments=1&MessageSid=SM22&AccountSid=AC1&From=%2B15558675310&ApiVersion=2010-04-01"
)


def test_a_status_callback_is_read_and_kept_whole() -> None:
    callback = parse_status_callback(Form.parse(STATUS))
    assert (callback.message_sid, callback.status, callback.error_code) == (
        "SM11",
        "undelivered",
        30005,
    )
    assert (callback.to, callback.from_) == ("+15558675310", "+15557122661")
    assert callback.raw["RawDlrDoneDate"] == "2308240501"


def test_old_names_and_a_blank_code_are_understood() -> None:
    callback = parse_status_callback({"SmsSid": "SM1", "SmsStatus": "SENT", "ErrorCode": ""})
    assert (callback.message_sid, callback.status, callback.error_code) == ("SM1", "sent", None)


@pytest.mark.parametrize("form", [{}, {"MessageSid": "SM1"}, {"MessageStatus": "sent"}])
def test_a_status_callback_without_its_subject_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        parse_status_callback(form)


def test_an_inbound_text_is_read() -> None:
    text = parse_inbound_text(Form.parse(INBOUND))
    assert (text.message_sid, text.from_, text.to) == ("SM22", "+15558675310", "+15557122661")
    assert (text.body, text.opt_out_type, text.num_media) == ("Stop 🙏", None, 0)
    assert text.raw["FromZip"] == ""


def test_twilios_own_reading_of_an_opt_out_is_passed_on() -> None:
    form = {"MessageSid": "SM1", "From": "+1", "To": "+2", "OptOutType": "stop", "NumMedia": "2"}
    text = parse_inbound_text(form)
    assert (text.body, text.opt_out_type, text.num_media) == ("", "STOP", 2)


def test_an_inbound_text_from_nobody_is_refused() -> None:
    with pytest.raises(InvalidInput, match="From"):
        parse_inbound_text({"MessageSid": "SM1", "To": "+2", "Body": "hi"})
