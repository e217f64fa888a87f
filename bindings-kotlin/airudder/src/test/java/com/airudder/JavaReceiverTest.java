package com.airudder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events as a program in Java handles them. */
class JavaReceiverTest {
    private static final byte[] CALL = "{\"callid\": \"c-1\", \"status\": \"answered\"}".getBytes();

    private final AiRudder client = AiRudder.builder()
            .appKey("key")
            .appSecret("secret")
            .maxEventBytes(1000)
            .maxEventAge(Duration.ofHours(1))
            .verifyEvents(false)
            .build();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @AfterEach
    void end() {
        client.close();
    }

    @Test
    void handsEventsToHandlers() throws Exception {
        EventRouter router = client.events()
                .router()
                .on(Event.CallFinished.class, event -> handled.add(event.getData().getCallId()))
                .on("task.finished", event -> {
                    throw new IOException("not now");
                })
                .otherwise(event -> handled.add(event.getKind()));
        assertEquals(new EventReply(200, "handled", null), router.handleBlocking(CALL, Map.of()));
        assertEquals("duplicate", router.handleAsync(CALL, Map.of()).get().getOutcome());
        assertEquals(500, router.handleBlocking("{}".getBytes(), Map.of(), "task.finished").getStatus());
        assertEquals("handled", router.handleAsync("{}".getBytes(), Map.of(), "plan.finished").get().getOutcome());
        assertEquals("too_large", router.handleBlocking(new byte[1001], Map.of()).getReason());
        assertEquals("[c-1, plan.finished]", handled.toString());
    }

    @Test
    void remembersInAStoreOfOnesOwn() {
        EventRouter router = client.events().router(new MapStore()).otherwise(event -> handled.add(event.getKind()));
        assertEquals("handled", router.handleBlocking(CALL, Map.of()).getOutcome());
        assertEquals("duplicate", router.handleBlocking(CALL, Map.of()).getOutcome());
        assertEquals("[call.finished]", handled.toString());
        EventRouter forgetful = client.events().router(new MemoryStore(Duration.ofHours(1)));
        assertEquals("unhandled", forgetful.handleBlocking(CALL, Map.of()).getOutcome());
    }

    private EventReply reply(Path file, byte[] body, Map<String, String> headers) {
        EventRouter router = client.events()
                .router(new SqliteStore(file))
                .on(Event.CallFinished.class, event -> handled.add(event.getData().getCallId()))
                .otherwise(event -> handled.add(event.getKind()));
        EventReply reply = router.handleBlocking(body, headers, "call.finished");
        return reply;
    }

    @Test
    void remembersInAFile(@TempDir Path folder) {
        assertEquals("handled", reply(folder.resolve("events.db"), CALL, Map.of()).getOutcome());
        assertEquals("duplicate", reply(folder.resolve("events.db"), CALL, Map.of()).getOutcome());
        assertEquals("[c-1]", handled.toString());
    }

    private static final class MapStore extends BlockingStore {
        private final Map<String, String> claims = new ConcurrentHashMap<>();
        private final Set<String> done = ConcurrentHashMap.newKeySet();

        @Override
        public Begun begin(String key, String fence, Duration lease) {
            if (done.contains(key)) {
                return Begun.DONE;
            }
            return claims.putIfAbsent(key, fence) == null ? Begun.NEW : Begun.BUSY;
        }

        @Override
        public boolean renew(String key, String fence, Duration lease) {
            return fence.equals(claims.get(key));
        }

        @Override
        public boolean finish(String key, String fence) {
            return fence.equals(claims.get(key)) && done.add(key);
        }

        @Override
        public void release(String key, String fence) {
            claims.remove(key, fence);
        }
    }
}
