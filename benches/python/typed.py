"""The models that a user would write with pydantic, by the names on the wire."""

from typing import Generic, TypeVar

from pydantic import BaseModel

from jobs import SUCCESS

T = TypeVar("T")


class Token(BaseModel):
    """What signing in gives."""

    token: str


class Call(BaseModel):
    """The result of a call, all of whose fields are in every answer."""

    callid: str
    taskid: str
    callee: str
    caller: str
    caseid: str
    calltime: str
    answertime: str
    endtime: str
    ringduration: int
    talkduration: int
    status: str
    intention: str
    debtor: str
    arrears: str


class CallFinished(Call):
    """The event that a call has ended."""

    variables: dict[str, str]


class TaskDetail(BaseModel):
    """A task and its calls."""

    taskid: str
    taskname: str
    status: str
    total: int
    finished: int
    calls: list[Call]


class Envelope(BaseModel, Generic[T]):
    """What every answer comes in."""

    code: int
    status: str
    data: T

    def opened(self) -> T:
        """What is in it, if the call succeeded."""
        if self.code != SUCCESS:
            raise RuntimeError(f"AI Rudder answers with code {self.code}, {self.status}")
        return self.data


TokenAnswer = Envelope[Token]
CallAnswer = Envelope[Call]
DetailAnswer = Envelope[TaskDetail]
