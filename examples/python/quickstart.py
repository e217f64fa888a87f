import time
from datetime import datetime, timedelta

from airudder import Client

with Client() as client:
    task = client.tasks.create(
        task_name="Reminders",
        schedule_start_time=datetime.now(),
        schedule_end_time=datetime.now() + timedelta(hours=8),
        robot_id="1001",
        details=[{"mobile": "+6281230000001", "debtor": "Budi", "arrears": "150000", "unit": "IDR"}],
    )
    while (detail := client.tasks.detail(task_id=task.task_id)).status != "finished":
        time.sleep(0.5)
    for call in detail.calls:
        print(call.callee, call.status, call.talk_duration, "s")
