package com.airudder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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
    void goesThroughAllPages() {
        BlockingTasks tasks = client.blocking().tasks();
        List<String> created = List.of("one", "two", "three");
        created.forEach(name -> tasks.create(task().taskName(name).build()));
        TasksListParams two = TasksListParams.builder().pageSize(2L).build();
        Set<String> seen = new HashSet<>();
        for (Task each : tasks.listAll(two)) seen.add(each.getTaskName());
        assertEquals(Set.copyOf(created), seen);
        assertEquals(3, tasks.listAll().stream().map(Task::getTaskId).distinct().count());
    }

    @Test
    void tellsContentsApart() {
        MessageContent content = TextContent.builder().text("Hello").build();
        assertEquals("text", content.getContentType());
        assertTrue(content instanceof TextContent text && "Hello".equals(text.getText()));
        OutgoingMessage message = OutgoingMessage.builder().content(content).build();
        assertEquals(List.of(content), List.of(message.getContent()));
        assertEquals(Source.DOCUMENTED, AiRudder.operations().get("tasks.create").getSource());
        assertEquals("call.finished", AiRudder.eventKinds().get("call.finished").getKind());
    }

    @Test
    void signsByALambda() {
        AiRudder.Builder settings = AiRudder.builder().baseUrl(emulator.getUrl()).signKey("0".repeat(32));
        try (AiRudder signing = settings.signer(request -> hmac(request.getBody())).build()) {
            assertEquals("9001", signing.blocking().chatbot().company().getCompanyId());
        }
        try (AiRudder signing = settings.signer(request -> null).build()) {
            AiRudderException failed =
                    assertThrows(ConfigurationException.class, () -> signing.blocking().chatbot().company());
            assertTrue(failed.getMessage().contains("java.lang.NullPointerException"), failed.getMessage());
        }
    }

    private static String hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("emulator".getBytes(), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @Test
    void takesTimesAsTheyAre() {
        LocalDateTime noon = LocalDateTime.of(2026, 11, 23, 12, 0);
        CreateTask created = task().scheduleStartTime(noon).build();
        assertEquals("2026-11-23 12:00:00", created.getScheduleStartTime());
        assertEquals("2026-11-23 12:00:00+00:00", Times.toZonedTime(noon.atOffset(ZoneOffset.UTC)));
    }

    @Test
    void opensEvents() {
        byte[] body = "{\"callid\": \"c1\", \"talkduration\": 12}".getBytes();
        Event event = client.events().unwrap(body, Map.of());
        assertTrue(event instanceof Event.CallFinished);
        assertEquals(12L, ((Event.CallFinished) event).getData().getTalkDuration());
    }
}
