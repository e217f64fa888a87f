package com.airudder

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir
import java.io.IOException
import java.nio.file.Path
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import java.util.logging.Handler
import java.util.logging.LogRecord
import java.util.logging.Logger
import java.util.logging.SimpleFormatter
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** Each event goes to the handler of its kind, and to it once. */
@Timeout(60)
class EventRouterTest {
    private val client = AiRudder(appKey = "key", appSecret = "secret")
    private val handled = ConcurrentLinkedQueue<Event>()

    @AfterEach
    fun end() = client.close()

    private fun call(id: String) = """{"callid": "$id", "status": "answered"}""".toByteArray()

    private suspend fun EventRouter.outcome(
        body: ByteArray,
        kind: String? = null,
    ) = handle(body, emptyMap(), kind).let { it.status to it.outcome }

    @Test
    suspend fun `an event goes to the handler of its kind, and a copy to none`() {
        val router =
            client.events
                .router()
                .on<Event.CallFinished> { handled += it }
                .on("task.finished") { handled += it }
        assertEquals(200 to "handled", router.outcome(call("c-1")))
        assertEquals(200 to "duplicate", router.outcome(call("c-1")))
        assertEquals(200 to "handled", router.outcome("""{"taskid": "t-1"}""".toByteArray()))
        assertEquals(200 to "unhandled", router.outcome("{}".toByteArray(), "plan.finished"))
        router.otherwise { handled += it }
        assertEquals(200 to "handled", router.outcome("{}".toByteArray(), "plan.finished"))
        assertEquals(200 to "handled", router.outcome("""{"new": 1}""".toByteArray()))
        assertEquals(listOf("call.finished", "task.finished", "plan.finished", "unknown"), handled.map { it.kind })
    }

    @Test
    suspend fun `a kind has one handler, and has to be one`() {
        val router = client.events.router().on<Event.CallFinished> { }
        assertThrows<IllegalStateException> { router.on("call.finished") { } }
        assertThrows<IllegalArgumentException> { router.on<Event> { } }
        assertEquals("unknown_kind", assertThrows<EventException> { router.on("call.ended") { } }.reason)
    }

    @Test
    suspend fun `what cannot be taken is refused, and says why`() {
        val router = client.events.router().otherwise { handled += it }
        assertEquals(EventReply(400, "refused", "not_json"), router.handle("no".toByteArray(), emptyMap()))
        assertEquals(EventReply(413, "refused", "too_large"), router.handle(ByteArray((1 shl 20) + 1), emptyMap()))
        assertEquals(EventReply(400, "refused", "no_key"), router.handle(call("c-1"), mapOf("X-AIRudder-Sign" to "a")))
        assertEquals(EventReply(400, "refused", "bad_header"), router.handle(call("c-1"), mapOf("X" to "\uD83D")))
        AiRudder(appKey = "key", appSecret = "secret", signKey = "0".repeat(32), signer = { "right" }).use { signing ->
            val checked = signing.events.router().otherwise { handled += it }
            assertEquals(EventReply(401, "refused", "sign"), checked.handle(call("c-1"), mapOf("X-AIRudder-Sign" to "wrong")))
            assertEquals(0, handled.size)
            assertEquals(EventReply(200, "handled"), checked.handle(call("c-1"), mapOf("X-AIRudder-Sign" to "right")))
        }
    }

    @Test
    suspend fun `a handler that fails is called again, and its failure is logged without what the event says`() {
        val logged = ConcurrentLinkedQueue<String>()
        val watcher =
            object : Handler() {
                override fun publish(record: LogRecord) {
                    logged += SimpleFormatter().format(record)
                }

                override fun flush() = Unit

                override fun close() = Unit
            }
        val log = Logger.getLogger("com.airudder.events").apply { addHandler(watcher) }
        val attempts = AtomicInteger()
        val router =
            client.events.router().on<Event.CallFinished> {
                when (attempts.incrementAndGet()) {
                    1 -> throw IllegalStateException("cannot save $SECRET, row 40017", IOException("no $SECRET"))
                    2 -> withTimeout(1.milliseconds) { delay(Duration.INFINITE) }
                    3 -> throw StackOverflowError()
                }
            }
        val told = ConcurrentLinkedQueue<Pair<String?, Event>>()
        router.onError { error, event ->
            told += error.message to event
            error("and no $SECRET")
        }
        val body = """{"callid": "c-1", "callee": "$SECRET"}""".toByteArray()
        val outcomes = List(5) { router.outcome(body) }
        log.removeHandler(watcher)
        assertEquals(List(3) { 500 to "failed" } + listOf(200 to "handled", 200 to "duplicate"), outcomes)
        assertEquals(4, attempts.get())
        assertEquals("cannot save $SECRET, row 40017", told.first().first)
        assertEquals(3, told.count { (it.second as Event.CallFinished).data.callee == SECRET })
        val first = logged.first()
        assertTrue("the handler of call.finished failed" in first, first)
        assertTrue("java.lang.IllegalStateException: cannot save [redacted], row 40017" in first, first)
        assertTrue("at com.airudder.EventRouterTest" in first, first)
        assertTrue("Caused by: java.io.IOException: no [redacted]" in first, first)
        assertTrue(logged.any { "`onError` of call.finished failed" in it }, "$logged")
        assertFalse(logged.any { SECRET in it }, "$logged")
    }

    @Test
    suspend fun `of copies at the same moment one is handled, and the others are to come again`() {
        val release = CompletableDeferred<Unit>()
        val router =
            client.events.router().on<Event.CallFinished> {
                handled += it
                release.await()
            }
        val others = 7
        coroutineScope {
            val busy = AtomicInteger()
            val outcomes =
                List(others + 1) {
                    async {
                        router.outcome(call("c-1")).also {
                            if (it == 503 to "busy" && busy.incrementAndGet() == others) release.complete(Unit)
                        }
                    }
                }.awaitAll()
            assertEquals(others, outcomes.count { it == 503 to "busy" })
            assertEquals(1, outcomes.count { it == 200 to "handled" })
        }
        assertEquals(1, handled.size)
        assertEquals(200 to "duplicate", router.outcome(call("c-1")))
    }

    @Test
    suspend fun `a handler that is cancelled has not handled`() {
        val began = CompletableDeferred<Unit>()
        val router =
            client.events.router().on<Event.CallFinished> {
                handled += it
                if (began.complete(Unit)) delay(Duration.INFINITE)
            }
        coroutineScope {
            val underway = launch { router.outcome(call("c-1")) }
            began.await()
            underway.cancel()
        }
        assertEquals(200 to "handled", router.outcome(call("c-1")))
        assertEquals(2, handled.size)
    }

    @Test
    suspend fun `a file remembers for every router and every process that shares it`(
        @TempDir folder: Path,
    ) {
        val file = folder.resolve("events.db")
        val first = client.events.router(SqliteStore(file)).on<Event.CallFinished> { handled += it }
        val second = client.events.router(SqliteStore(file)).on<Event.CallFinished> { handled += it }
        assertEquals(200 to "handled", first.outcome(call("c-1")))
        assertEquals(200 to "duplicate", second.outcome(call("c-1")))
        assertEquals("duplicate\n", outputOf(OtherProcess::class, file.toString(), "c-1"))
        assertEquals("handled\n", outputOf(OtherProcess::class, file.toString(), "c-2"))
        assertEquals(200 to "duplicate", first.outcome(call("c-2")))
        assertThrows<FileException> { SqliteStore(folder) }
        assertThrows<ConfigurationException> { MemoryStore((-1).milliseconds) }
    }

    /** A receiver on the file that it is given. */
    object OtherProcess {
        @JvmStatic
        fun main(arguments: Array<String>) {
            val router = AiRudder(appKey = "key", appSecret = "secret").events.router(SqliteStore(Path.of(arguments[0])))
            val body = """{"callid": "${arguments[1]}", "status": "answered"}""".toByteArray()
            println(router.otherwise(EventHandler { }).handleBlocking(body, emptyMap()).outcome)
        }
    }

    @Test
    suspend fun `a store of one's own is asked, and nothing is handled when it fails`() {
        val asked = ConcurrentLinkedQueue<String>()
        val claims = ConcurrentHashMap<String, Pair<Begun, String>>()
        val store =
            object : CustomStore() {
                override suspend fun begin(
                    key: String,
                    fence: String,
                    lease: Duration,
                ): Begun {
                    delay(1.milliseconds)
                    asked += "begin $lease"
                    return claims.putIfAbsent(key, Begun.BUSY to fence)?.first ?: Begun.NEW
                }

                override suspend fun renew(
                    key: String,
                    fence: String,
                    lease: Duration,
                ): Boolean = claims[key] == Begun.BUSY to fence

                override suspend fun finish(
                    key: String,
                    fence: String,
                ): Boolean {
                    asked += "finish"
                    return claims.replace(key, Begun.BUSY to fence, Begun.DONE to fence)
                }

                override suspend fun release(
                    key: String,
                    fence: String,
                ) {
                    asked += "release"
                    claims.remove(key, Begun.BUSY to fence)
                }
            }
        val attempts = AtomicInteger()
        val router = client.events.router(store).on<Event.CallFinished> { if (attempts.incrementAndGet() == 1) error("not yet") }
        val outcomes = List(3) { router.outcome(call("c-1")).second }
        assertEquals(listOf("failed", "handled", "duplicate"), outcomes)
        assertEquals(listOf("begin 30s", "release", "begin 30s", "finish", "begin 30s"), asked.toList())

        val taken = client.events.router(store).on<Event.CallFinished> { claims[it.key] = Begun.BUSY to "of another" }
        assertEquals(listOf("handled", "busy"), List(2) { taken.outcome(call("c-2")).second })

        val failing =
            object : CustomStore() {
                override suspend fun begin(
                    key: String,
                    fence: String,
                    lease: Duration,
                ): Begun = error("CANARY-7311")

                override suspend fun renew(
                    key: String,
                    fence: String,
                    lease: Duration,
                ) = true

                override suspend fun finish(
                    key: String,
                    fence: String,
                ) = true

                override suspend fun release(
                    key: String,
                    fence: String,
                ) = Unit
            }
        val other = client.events.router(failing).otherwise { handled += it }
        assertEquals(500 to "failed", other.outcome(call("c-1")))
        assertEquals(0, handled.size)
    }

    private companion object {
        const val SECRET = "+6281230001111"
    }
}
