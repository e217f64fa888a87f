package com.airudder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kotlinx.serialization.json.JsonElement;
import kotlinx.serialization.json.JsonElementKt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package as a program in Java uses it. */
class JavaFaceTest {
    private final TestServer emulator = TestServer.emulator();
    private final AiRudder client =
            AiRudder.builder().baseUrl(emulator.getUrl()).timeout(Duration.ofSeconds(30)).build();

    @AfterEach
    void end() {
        client.close();
        emulator.close();
    }

    private static CreateTask.Builder task() {
        return CreateTask.builder()
                .taskName("From Java")
                .scheduleStartTime("2020-01-01 00:00:00")
                .scheduleEndTime("2099-01-01 00:00:00")
                .robotId("1001")
                .details(List.of(CollectionContact.builder()
                        .mobile("+6281230000001")
                        .debtor("Budi")
                        .extra("branch", "Menteng")
                        .build()));
    }

    @Test
    void waitsForAnswers(@TempDir Path folder) throws Exception {
        BlockingTasks tasks = client.blocking().tasks();
        String robot = tasks.robots().getRobots().get(0).getRobotId();
        CreatedTask created = tasks.create(task().robotId(robot).build());
        TaskDetail detail = tasks.detail(created.getTaskId());
        while (!"finished".equals(detail.getStatus())) {
            Thread.sleep(50);
            detail = tasks.detail(created.getTaskId());
        }
        assertEquals("answered", detail.getCalls().get(0).getStatus());
        Download recording = tasks.recording(created.getTaskId(), "+6281230000001", folder.resolve("call.wav"));
        assertEquals(Files.size(recording.getPath()), recording.getBytes());
        assertEquals(1, tasks.list().getTasks().size());
        TasksListParams second = TasksListParams.builder().page(2L).build();
        assertEquals(List.of(), tasks.list(second).getTasks());
    }

    @Test
    void promisesAnswers() throws Exception {
        FuturesTasks tasks = client.futures().tasks();
        String taskId = tasks.create(task().build())
                .thenCompose(created -> tasks.stop(created.getTaskId()).thenApply(stopped -> created.getTaskId()))
                .get();
        assertEquals("stopped", tasks.detail(taskId).get().getStatus());
        Throwable failed = assertThrows(ExecutionException.class, () -> tasks.detail("no such task").get()).getCause();
        assertTrue(failed instanceof NotFoundException, failed.toString());
    }

    @Test
    void takesOptionsAndRawCalls() {
        CallOptions options = CallOptions.builder()
                .timeout(Duration.ofSeconds(10))
                .maxRetries(0)
                .extraHeaders(Map.of("X-Note", "from Java"))
                .build();
        String id = client.blocking().tasks().create(task().build(), options).getTaskId();
        RawAnswer answer = client.blocking().raw("GET", "/service/cloud/detail", Map.of("TaskID", id));
        assertEquals(200L, answer.getCode());
        JsonElement body = JsonElementKt.JsonPrimitive("no task");
        assertThrows(ApiException.class, () -> client.blocking().raw("POST", "/service/cloud/operation", Map.of(), body));
    }

    @Test
    void failsWithAnExceptionThatTellsWhere() {
        AiRudderException failed =
                assertThrows(NotFoundException.class, () -> client.blocking().tasks().detail("no such task"));
        assertEquals("tasks.detail", failed.getOperation());
        assertTrue(
                Arrays.stream(failed.getStackTrace()).anyMatch(frame -> frame.getClassName().startsWith(getClass().getName())),
                "the stack does not lead to the caller");
        assertThrows(InvalidRequestException.class, () -> CreateTask.builder().build());
        try {
            client.blocking().tasks().detail("no such task");
        } catch (AiRudderException expected) {
            assertEquals("not_found", expected.getCode());
        }
    }

    @Test
    void opensEvents() {
        byte[] body = "{\"callid\": \"c1\", \"talkduration\": 12}".getBytes();
        Event event = client.events().unwrap(body, Map.of());
        assertTrue(event instanceof Event.CallFinished);
        assertEquals(12L, ((Event.CallFinished) event).getData().getTalkDuration());
    }
}
