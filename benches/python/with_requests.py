"""requests and pydantic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from jobs import CA_CERTIFICATE, CALL, CREDENTIALS, TOKEN
from typed import CallAnswer, TokenAnswer

if TYPE_CHECKING:
    from collections.abc import Callable


def job_call(url: str) -> Callable[[int], str]:
    """Small calls, one after the other."""
    session = requests.Session()
    # Looking for proxies and passwords in the environment takes longer than a call, and this session needs none.
    session.trust_env = False
    session.verify = CA_CERTIFICATE or True
    signed_in = session.post(url + TOKEN, json=CREDENTIALS, timeout=30)
    token = TokenAnswer.model_validate_json(signed_in.content).opened().token
    session.headers["Authorization"] = f"Token {token}"

    def calls(count: int) -> str:
        talked, status = 0, ""
        for _ in range(count):
            answer = session.get(url + CALL, params={"callid": "c1"}, timeout=30)
            answer.raise_for_status()
            call = CallAnswer.model_validate_json(answer.content).opened()
            talked += call.talkduration
            status = call.status
        return f"{talked} {status}"

    return calls
