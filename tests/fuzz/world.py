"""Makes things in an emulator that generated requests can ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER = "+6281230000001"
STARTS, ENDS = "2026-11-23 09:00:00", "2026-12-31 18:00:00"
# A session ends, or gets its agent, once; so there are several to spend.
SESSIONS = 40
TEXT = {"type": "text", "text": "Good morning"}
ASKS_FOR_AGENT = {"type": "text", "text": "an agent please"}


def known(call: Callable[..., Any]) -> dict[str, list[Any]]:
    """What exists afterwards, by the names that requests have for it. `call` gives an answer's data."""
    schedule = {
        "ScheduleStartTime": STARTS,
        "ScheduleEndTime": ENDS,
        "RobotID": "1001",
        "Details": [{"Mobile": NUMBER, "CaseID": "case-1"}],
    }
    task = call("POST", "/service/cloud/task", {"TaskName": "fuzz", **schedule})["TaskID"]
    strategy = call("GET", "/service/cloud/strategy")["List"][0]["StrategyID"]
    plan = call("POST", "/service/cloud/plan", {"PlanName": "fuzz", "StrategyID": strategy, **schedule})["PlanID"]
    templates = call("GET", "/service/cloud/workflow/templates")["list"]
    workflows = [workflow(call, template["workflow_template_id"]) for template in templates]
    sessions = [session(call, channel, number) for number in range(SESSIONS) for channel in ("bot", "channel/huawei")]
    call("POST", "/_emulator/clock/advance", {"seconds": 1800, "wait": True})
    for call_id in sessions[: SESSIONS // 2]:
        path = "channel/huawei" if call_id.startswith("channel") else "session"
        call("POST", f"/api/v1/{path}/transfer_result", {"call_id": call_id, "result": "success", "seat_id": "2041"})
    calls = call("GET", f"/service/cloud/detail?TaskID={task}")["calls"]
    outbound = [
        (flow, task)
        for flow in workflows
        for task in call("POST", "/service/cloud/workflow/tasklist", {"workflow_id": flow})["list"]
    ]
    waba = [
        task
        for flow in workflows
        for task in call("GET", f"/service/cloud/workflow/wabatasks?workflow_id={flow}")["list"]
    ]
    details = [
        call("POST", "/service/cloud/workflow/taskdetail", {"workflow_id": flow, "task_id": task["task_id"]})
        for flow, task in outbound
    ]
    message = {
        "template_id": "3001",
        "language": "en",
        "receivers": [{"phone_number": NUMBER}],
        "variables": {"name": "Ani", "order": "A-7"},
    }
    batch = call("POST", "/api/v1/template/send", message)["batch_id"]
    message_templates = call("POST", "/api/v1/template/list", {})["templates"]
    return {
        "TaskID": [task],
        "PlanID": [plan],
        "RobotID": ["1001", 1002],
        "StrategyID": [strategy],
        "ScheduleStartTime": [STARTS],
        "ScheduleEndTime": [ENDS],
        "Callee": [NUMBER],
        "CalleeNumber": [NUMBER],
        "Mobile": [NUMBER],
        "workflow_id": workflows,
        "workflow_template_id": [template["workflow_template_id"] for template in templates],
        "node_id": [node["node_id"] for template in templates for node in template["nodes"]],
        "task_id": [task["task_id"] for _, task in outbound],
        "waba_task_id": [task["waba_task_id"] for task in waba],
        "callid": [result["callid"] for result in calls + [result for detail in details for result in detail["calls"]]],
        "start_time": [STARTS],
        "end_time": [f"{ENDS}+08:00", ENDS],
        "callee": [NUMBER, NUMBER, "+6281230000005"],
        "case_id": ["case-1", "case-1", "case-2"],
        "caseid": ["case-1"],
        "call_id": sessions,
        "channel_id": ["5003", "5002"],
        "user": [{"id": "6281230000001", "name": "Ani"}],
        "content": [TEXT, ASKS_FOR_AGENT],
        "result": ["success", "failed"],
        "seat_id": ["2041"],
        "template_id": [template["template_id"] for template in message_templates],
        "language": [template["language"] for template in message_templates],
        "batch_id": [batch],
    }


def complete(things: dict[str, list[Any]], call: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """Fields that only go together, by the path of the operation that takes them."""
    cloud, chat = "/service/cloud/workflow", "/api/v1"
    templates = call("GET", f"{cloud}/templates")["list"]
    # The workflows were made in the order of their templates.
    pairs = zip(things["workflow_id"], templates, strict=True)
    pushes = [
        (flow, node["node_id"])
        for flow, template in pairs
        for node in template["nodes"]
        if node["node_type"] == "api_push"
    ]
    contact = {"callee": NUMBER, "case_id": "case-1", "variables": {"amount": "150.00"}}
    user = {"id": "6281230000001", "name": "Ani"}
    huawei = {
        "call_id": "channel/huawei-39",
        "channel": "HuaWei",
        "channel_id": "5002",
        "user": user,
        "messages": [{"content": TEXT}],
    }
    fields = {
        f"{cloud}/updatedetails": {"workflow_id": things["workflow_id"][0], "details": [contact]},
        f"{chat}/channel/huawei/message": huawei,
        f"{chat}/message/send": {"call_id": "bot-0", "messages": [{"content": TEXT}]},
    }
    if pushes:
        flow, node = pushes[0]
        fields[f"{cloud}/apinoticeinfo"] = {"workflow_id": flow, "node_id": node, "callee": NUMBER, "case_id": "case-1"}
    return fields


def workflow(call: Callable[..., Any], template: int) -> str:
    """A workflow with one person in it."""
    contact = {"callee": NUMBER, "case_id": "case-1"}
    body = {"workflow_template_id": template, "name": "fuzz", "end_time": f"{ENDS}+08:00", "details": [contact]}
    return call("POST", "/service/cloud/workflow/createinstance", body)["workflow_id"]


def session(call: Callable[..., Any], channel: str, number: int) -> str:
    """A chat whose user asks for an agent."""
    call_id = f"{channel}-{number}"
    channel_id = {"bot": "5003", "channel/huawei": "5002"}[channel]
    user = {"id": "6281230000001", "name": "Ani"}
    body = {"call_id": call_id, "channel_id": channel_id, "user": user, "messages": [{"content": ASKS_FOR_AGENT}]}
    call("POST", f"/api/v1/{channel}/message", {"channel": "HuaWei", **body} if "huawei" in channel else body)
    return call_id
