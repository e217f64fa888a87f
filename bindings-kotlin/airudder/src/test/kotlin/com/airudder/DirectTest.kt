package com.airudder

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import kotlin.time.Duration.Companion.seconds

/** Direct calls and events give the same results as those through `UniFFI`, in any size and number. */
@Timeout(60)
class DirectTest {
    private val server =
        FakeServer { request ->
            val asked = request.target.substringAfterLast('=')
            val name = "x".repeat(asked.toIntOrNull() ?: 1)
            """{"callid": "$asked", "taskname": "$name", "casename": {"a": ["}", 1.50, null]}, "calltime": null}"""
        }
    private val client = AiRudder(baseUrl = server.url, encryptionKey = null, maxRetries = 0)

    @AfterEach
    fun end() {
        client.close()
        server.close()
    }

    @Test
    suspend fun `an answer is the same with options and without`() {
        val (direct, other) = listOf(CallOptions(), CallOptions(timeout = 30.seconds)).map { client.tasks.callById("7", options = it) }
        assertEquals(other, direct)
        assertEquals("""{"a":["}",1.5,null]}""", direct.extra.getValue("casename").toString())
        assertEquals(null, direct.callTime)
    }

    @Test
    suspend fun `a failure is the same with options and without`() {
        val (direct, other) =
            listOf(CallOptions(), CallOptions(timeout = 30.seconds)).map { options ->
                assertThrows<InvalidRequestException> { client.tasks.callById("", options = options) }
            }
        assertEquals(other.message to other.operation, direct.message to direct.operation)
    }

    @Test
    suspend fun `answers of all sizes come to those who asked for them`() {
        val sizes = List(100) { it * it * 20 }
        val answers =
            coroutineScope {
                sizes.map { async(Dispatchers.Default) { client.tasks.callById(it.toString()) } }.awaitAll()
            }
        assertEquals(sizes, answers.map { it.taskName?.length })
        assertEquals(sizes.map { it.toString() }, answers.map { it.callId })
    }

    @Test
    fun `an event is the same with a signer and without`() {
        val signing = AiRudder(baseUrl = server.url, signer = Signer { "sign" }, requireSignature = false)
        val events =
            listOf(client, signing).map {
                it.use { opener ->
                    opener.events.unwrap(opener.events.sample("call.finished"), emptyMap())
                }
            }
        assertEquals(events.last(), events.first())
        assertTrue(events.first().key.isNotEmpty())
    }

    @Test
    fun `an event is the same in large and in small`() {
        val recording = "https://example.com/" + "x".repeat(100_000)
        val body = """{"callid": "c", "talkduration": 5, "status": "answered", "recording": "$recording"}""".encodeToByteArray()
        val event = client.events.unwrap(body, mapOf("Content-Type" to "application/json"), "call.finished") as Event.CallFinished
        assertEquals(recording to 5L, event.data.recording to event.data.talkDuration)
    }

    @Test
    fun `a header with a line break does not become two`() {
        val body = client.events.sample("call.finished")
        val failed = assertThrows<EventException> { client.events.unwrap(body, mapOf("X" to "1\nIs-Encrypted\n1", "Is-Encrypted" to "1")) }
        assertEquals("no_key", failed.reason)
        client.events.unwrap(body, mapOf("X" to "1\nIs-Encrypted\n1"))
    }

    @Test
    fun `a closed client opens no event`() {
        val body = client.events.sample("call.finished")
        client.close()
        assertThrows<IllegalStateException> { client.events.unwrap(body, emptyMap()) }
    }
}
