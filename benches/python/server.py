"""A server that answers from memory, so that the clients are what is measured."""

from __future__ import annotations

import asyncio
import json
import sys

CALLS = 50_000


def call(number: int) -> dict[str, object]:
    """One call of a task."""
    return {
        "callid": f"{number:032x}",
        "taskid": "69f531a01a9df58aa6de2487be610abb",
        "taskname": "November",
        "callee": f"+62812{number:08d}",
        "caller": "+622130001000",
        "caseid": str(number),
        "calltime": "2026-11-23 09:00:00",
        "answertime": "2026-11-23 09:00:07",
        "endtime": "2026-11-23 09:01:02",
        "ringduration": 7,
        "talkduration": number % 90,
        "talkround": 4,
        "status": "answered",
        "intention": "A",
        "hangup": "callee",
    }


def answer(data: object) -> bytes:
    """An answer in AI Rudder's envelope."""
    body = json.dumps({"code": 200, "status": "OK", "data": data}, separators=(",", ":")).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body


ANSWERS = {
    "/service/cloud/auth": answer({"token": "t"}),
    "/service/cloud/detail": answer({"taskid": "t", "status": "finished", "calls": [call(n) for n in range(CALLS)]}),
    "/service/cloud/task": answer({"TaskID": "69f531a01a9df58aa6de2487be610abb"}),
    "/service/cloud/robot": answer({"List": [{"RobotID": 1001, "RobotName": "Reminder"}]}),
}


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = next((int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length:")), 0)
            await reader.readexactly(length)
            writer.write(ANSWERS[head.split(" ")[1].split("?")[0]])
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main() -> None:
    """Serve on a free port until standard input closes."""
    server = await asyncio.start_server(converse, "127.0.0.1", 0, limit=1 << 25)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
