package com.airudder

import kotlinx.serialization.json.JsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What Kotlin shows of objects and exceptions holds no secret and nobody's data. */
class PrivacyTest {
    private val canary = "CANARY-7311"

    @Test
    fun `models show their fields but not people's data`() {
        val call =
            Call(
                callId = "c1",
                callee = canary,
                caller = canary,
                recording = canary,
                talkDuration = 12,
                variables = mapOf(canary to canary),
                extra = mapOf(canary to JsonPrimitive(canary)),
            )
        assertEquals(
            "Call(callId=c1, callee=[redacted], caller=[redacted], talkDuration=12, recording=[redacted], variables=[redacted], extra=[1 entries])",
            call.toString(),
        )
        val contact = CollectionContact(mobile = canary, debtor = canary, borrowerName = canary, borrowerMobile = canary, unit = "IDR")
        val task = CreateTask("name", "start", "end", "1", listOf(contact))
        assertHides(task.toString())
        assertTrue(task.toString().contains("taskName=name"), task.toString())
        assertHides(TaskDetail(calls = listOf(call)).toString())
        assertHides(Token(token = canary).toString())
        assertHides(Event.CallFinished(call).toString())
        assertHides(Event.Unknown("unknown", JsonPrimitive(canary)).toString())
        val picture = ChatMessage(content = ImageContent(Media(canary, canary)))
        assertHides(ChatMessage(content = TextContent(canary), reply = picture).toString())
        assertHides(Waybill(extra = mapOf(canary to JsonPrimitive(canary))).toString())
        assertHides(RawAnswer(200, message = canary, data = JsonPrimitive(canary)).toString())
    }

    @Test
    fun `clients and options show nothing that was given to them`() {
        val options = CallOptions(extraQuery = mapOf("x" to JsonPrimitive(canary)), extraHeaders = mapOf("X" to canary))
        assertHides(options.toString())
        val signer = Signer { canary }
        AiRudder(appKey = canary, appSecret = canary, encryptionKey = canary + "12345", signKey = canary, signer = signer).use { client ->
            for (shown in listOf(
                client,
                client.tasks,
                client.events,
                client.blocking(),
                client.futures(),
                AiRudder.builder().appKey(canary).signSecret(canary),
                client.tasks.listAll(taskType = canary),
                client.blocking().tasks.listAll(TasksListParams(extra = mapOf("x" to JsonPrimitive(canary)))),
                Upload(canary.toByteArray(), canary),
            )) {
                assertHides(shown.toString())
            }
        }
    }

    @Test
    suspend fun `exceptions name the argument and not its value`() {
        val client = AiRudder(appKey = canary, appSecret = canary)
        val contacts = listOf(CollectionContact(mobile = canary))
        val failed =
            assertThrows<InvalidRequestException> {
                client.tasks.create("name", "2026-03-02 09:00:00", "2026-03-02 18:00:00", robotId = "1", details = contacts)
            }
        assertTrue(failed.message.orEmpty().contains("details[0].mobile"), failed.message)
        assertHides(failed.stackTraceToString())
        val wrongKey = assertThrows<ConfigurationException> { AiRudder(appKey = canary, appSecret = canary, encryptionKey = canary) }
        assertHides(wrongKey.stackTraceToString())
    }

    @Test
    suspend fun `what no text or number can be is refused`() {
        val client = AiRudder(appKey = "key", appSecret = "secret")
        assertThrows<InvalidRequestException> { client.tasks.detail(taskId = "half of a character: \uD83D") }
        val infinite = CallOptions(extraBody = mapOf("number" to JsonPrimitive(Double.POSITIVE_INFINITY)))
        assertThrows<InvalidRequestException> { client.tasks.stop(taskId = "1", options = infinite) }
        assertThrows<ConfigurationException> { AiRudder(maxRetries = -1) }
    }

    private fun assertHides(shown: String) = assertFalse(shown.contains(canary), shown)
}
