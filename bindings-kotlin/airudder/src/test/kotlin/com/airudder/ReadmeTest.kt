package com.airudder

import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The programs of the package's README, as they stand there. */
@Timeout(120)
class ReadmeTest {
    // The README has fixed dates, and no moment of that day passes.
    private val emulator =
        TestServer(
            "airudder-emulator",
            *arrayOf("--port", "0", "--until-stdin-closes", "--clock-start", "2026-11-23 08:00:00", "--speed", "0"),
        )
    private val client = AiRudder(baseUrl = emulator.url, maxRetries = 0)
    private val printed = mutableListOf<String>()
    private val waited = mutableListOf<Duration>()

    @AfterEach
    fun end() {
        client.close()
        emulator.close()
    }

    // These stand in for Kotlin's own, so that a test sees what a program does.
    private fun println(line: String) = printed.add(line)

    private fun delay(duration: Duration) = waited.add(duration)

    @Test
    fun `the first calls create a task and read its results`() {
        val output = outputOf(FirstProgram::class, environment = mapOf("AIRUDDER_BASE_URL" to emulator.url))
        assertEquals("0 calls so far\n", output)
        assertCreated("robots", "create", "detail")
    }

    @Test
    fun `Java waits for answers or has them promised`() {
        val output = outputOf(ReadmeInJava::class, environment = mapOf("AIRUDDER_BASE_URL" to emulator.url))
        assertEquals("waiting\nReminders\n", output)
        assertCreated("create", "detail", "list")
    }

    /** The emulator was asked for a token and these operations, and for the task of the README. */
    private fun assertCreated(vararg operations: String) {
        val answer = emulator.control("GET", "/_emulator/requests").jsonObject
        val list = answer.getValue("data").jsonObject.getValue("List")
        val entries = list.jsonArray.map { it.jsonObject }
        val requests = entries.associate { it.getValue("operation").jsonPrimitive.content to it["body"] }
        assertEquals(listOf("auth.token") + operations.map { "tasks.$it" }, requests.keys.toList())
        val body = requests["tasks.create"].toString()
        for (part in listOf("Reminders", "2026-11-23 09:00:00", "1001", "+6281230000001", "Budi")) assertTrue(part in body, body)
    }

    private suspend fun create(task: CreateTask) {
        try {
            client.tasks.create(task)
        } catch (failed: RateLimitedException) {
            delay(failed.retryAfter ?: 1.minutes)
        } catch (failed: TransportException) {
            if (failed.mayHaveBeenApplied) println("look with tasks.list() before creating it again") else throw failed
        }
    }

    @Test
    suspend fun `an exception is of the class that says what happened`() {
        val contacts = listOf(CollectionContact(mobile = "+6281230000001"))
        val task = CreateTask("Reminders", "2026-11-23 09:00:00", "2026-11-23 18:00:00", robotId = "1001", details = contacts)
        order("""{"operation": "auth.token", "fault": {"kind": "cut"}}""")
        assertThrows<TransportException> { create(task) }
        order("""{"operation": "tasks.create", "fault": {"kind": "status", "status": 429, "retry_after": 90}}""")
        create(task)
        order("""{"operation": "tasks.create", "fault": {"kind": "status", "status": 429}}""")
        create(task)
        assertEquals(listOf(90.seconds, 1.minutes), waited)
        order("""{"operation": "tasks.create", "carry_out": true, "fault": {"kind": "cut"}}""")
        create(task)
        assertEquals(listOf("look with tasks.list() before creating it again"), printed)
    }

    private fun order(fault: String) = emulator.control("POST", "/_emulator/faults", Json.parseToJsonElement(fault))

    private suspend fun statusOf(
        file: Path,
        body: ByteArray,
        headers: Map<String, String>,
    ): Int {
        val router =
            client.events
                .router(SqliteStore(file)) // outlives a restart; processes of one machine can share the file
                .on<Event.CallFinished> { println("${it.data.callId} ${it.data.status}") }
                .on("task.finished") { error("the database is down") } // AI Rudder sends it again
                .otherwise { println("${it.kind} came") }
        val reply = router.handle(body, headers) // answer the request with reply.status
        return reply.status
    }

    @Test
    suspend fun `an event is handled once, whoever handled it`(
        @TempDir folder: Path,
    ) {
        val bodies = listOf("""{"callid": "c-1", "status": "answered"}""", """{"taskid": "t-1"}""", """{"new": 1}""")
        val statuses = (bodies + bodies).map { statusOf(folder.resolve("events.db"), it.toByteArray(), emptyMap()) }
        assertEquals(listOf(200, 500, 200, 200, 500, 200), statuses)
        assertEquals(listOf("c-1 answered", "unknown came"), printed)
    }

    private fun show(
        body: ByteArray,
        headers: Map<String, String>,
    ) {
        when (val event = client.events.unwrap(body, headers)) {
            is Event.CallFinished -> println("${event.data.callId} ${event.data.status}")
            is Event.TaskFinished -> println("${event.data.taskId} has ended")
            else -> println("${event.kind} tells this program nothing")
        }
    }

    @Test
    fun `an event is of the class of its kind`() {
        val bodies = listOf("""{"callid": "c-1", "status": "answered"}""", """{"taskid": "t-1"}""", """{"new": 1}""")
        for (body in bodies) show(body.toByteArray(), emptyMap())
        assertEquals(listOf("c-1 answered", "t-1 has ended", "unknown tells this program nothing"), printed)
    }
}

/** The README's first program; it has its server from the environment. */
object FirstProgram {
    @JvmStatic
    fun main(arguments: Array<String>) =
        runBlocking {
            val client = AiRudder(appKey = "...", appSecret = "...") // or AIRUDDER_APP_KEY and AIRUDDER_APP_SECRET
            val robots = client.tasks.robots().robots
            val task =
                client.tasks.create(
                    taskName = "Reminders",
                    scheduleStartTime = "2026-11-23 09:00:00", // in the time zone of the account
                    scheduleEndTime = "2026-11-23 18:00:00",
                    robotId = robots.first().robotId.orEmpty(),
                    details = listOf(CollectionContact(mobile = "+6281230000001", debtor = "Budi", arrears = "150000", unit = "IDR")),
                )
            val calls = client.tasks.detail(task.taskId).calls
            println("${calls.size} calls so far")
        }
}
