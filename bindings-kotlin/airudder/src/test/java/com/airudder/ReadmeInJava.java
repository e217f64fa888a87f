package com.airudder;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The program in Java of the package's README, as it stands there. */
final class ReadmeInJava {
    private ReadmeInJava() {}

    public static void main(String[] arguments) {
        try (AiRudder client = AiRudder.builder().appKey("...").appSecret("...").timeout(Duration.ofSeconds(30)).build()) {
            CollectionContact contact = CollectionContact.builder().mobile("+6281230000001").debtor("Budi").extra("branch", "Menteng").build();
            CreateTask task = CreateTask.builder()
                    .taskName("Reminders")
                    .scheduleStartTime("2026-11-23 09:00:00")
                    .scheduleEndTime("2026-11-23 18:00:00")
                    .robotId("1001")
                    .details(List.of(contact))
                    .build();
            String taskId = client.blocking().tasks().create(task).getTaskId();
            CompletableFuture<TaskDetail> detail = client.futures().tasks().detail(taskId);
            System.out.println(detail.join().getStatus());
            for (Task each : client.blocking().tasks().listAll()) System.out.println(each.getTaskName());
        }
    }
}
