package com.airudder

import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What may be one of several classes: the contents of messages, the results of calls, the people to phone. */
class UnionTest {
    private var answer = "{}"
    private val server = FakeServer { answer }
    private val client = AiRudder(baseUrl = server.url, maxRetries = 0)

    @AfterEach
    fun end() {
        client.close()
        server.close()
    }

    private suspend fun messages(vararg messages: String): List<ChatMessage> {
        answer = """{"messages": [${messages.joinToString()}]}"""
        return client.chatbot.messages(callId = "c-1").messages
    }

    @Test
    suspend fun `a content is of the class of its type`() {
        val (text, chosen, unknown) =
            messages(
                """{"msg_id": "1", "content": {"text": "CANARY-7311", "type": "text", "bold": true}}""",
                """{"msg_id": "2", "content": {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "r-1", "title": "Later"}}}}""",
                """{"msg_id": "3", "content": {"type": "sticker", "pack": "cats", "text": 7}}""",
            ).map { checkNotNull(it.content) }
        assertEquals(TextContent("CANARY-7311", extra = mapOf("bold" to JsonPrimitive(true))), text)
        assertEquals("text", text.contentType)
        assertEquals("TextContent(contentType=text, text=[redacted], extra=[1 entries])", text.toString())
        val reply = assertInstanceOf(InteractiveContent::class.java, chosen).interactive
        assertEquals("Later", assertInstanceOf(ListReplyInteractive::class.java, reply).listReply?.title)
        assertInstanceOf(OtherContent::class.java, unknown)
        assertEquals("sticker", unknown.contentType)
        assertEquals(setOf("pack", "text"), unknown.extra.keys)
    }

    @Test
    suspend fun `what has no type, or is no object, is kept`() {
        val (nameless, odd) =
            messages(
                """{"msg_id": "1", "content": {"pack": "cats"}}""",
                """{"msg_id": "2", "content": "CANARY-7311"}""",
            )
        assertEquals("cats", (nameless.content?.extra?.get("pack") as JsonPrimitive).content)
        assertNull(odd.content)
        assertEquals("CANARY-7311", (odd.extra["content"] as JsonPrimitive).content)
        assertFalse(odd.toString().contains("CANARY-7311"), odd.toString())
    }

    @Test
    suspend fun `a message holds the one that it quotes`() {
        val message = messages("""{"msg_id": "2", "reply": {"msg_id": "1", "content": {"type": "text", "text": "Hello"}}}""").single()
        assertEquals("1", message.reply?.msgId)
        assertEquals(TextContent("Hello"), message.reply?.content)
    }

    @Test
    suspend fun `a result is of the class of its business line`() {
        answer =
            """{"TaskID": "t", "calls": [{"debtor": "Budi", "callid": "1"}, {"debtor": null, "callid": "2"}, {"callid": "3", "new": 1}]}"""
        val (owed, empty, plain) = client.tasks.detail("t").calls
        assertEquals("Budi", assertInstanceOf(CollectionCall::class.java, owed).debtor)
        // The native library tells the class, also by a field that is there and says nothing.
        assertEquals(listOf("2", null), assertInstanceOf(CollectionCall::class.java, empty).let { listOf(it.callId, it.debtor) })
        assertEquals(mapOf("new" to JsonPrimitive(1)), assertInstanceOf(Call::class.java, plain).extra)
        assertFalse(owed.toString().contains("Budi"), owed.toString())
    }

    @Test
    suspend fun `each class is sent with its own fields`() {
        answer = """{"TaskID": "t"}"""
        val contacts = listOf(CollectionContact("+6281230000001", debtor = "Budi"), TelemarketingContact("+6281230000002", name = "Sari"))
        client.tasks.create("one", "2026-11-23 09:00:00", "2026-11-23 18:00:00", robotId = "1001", details = contacts)
        val details =
            server.requests
                .single()
                .json.jsonObject
                .getValue("Details")
                .jsonArray
        assertEquals(listOf(setOf("Mobile", "Debtor"), setOf("Mobile", "Name")), details.map { it.jsonObject.keys })
        client.chatbot.sendMessage("c-1", listOf(OutgoingMessage(TextContent("Hello")), OutgoingMessage(OtherContent("sticker"))))
        val sent = server.requests.last().text
        assertTrue("""{"type":"text","text":"Hello"}""" in sent && """{"type":"sticker"}""" in sent, sent)
    }
}
