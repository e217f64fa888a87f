package com.airudder

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import kotlin.time.Duration.Companion.hours

/** Events are checked, decrypted and typed in one call, which fails in one way. */
class EventsTest {
    private val ended = "workflow.chatbot_session_ended"
    private val clients = mutableListOf<AiRudder>()

    private fun client(
        encryptionKey: String? = null,
        signSecret: String? = null,
        signer: Signer? = null,
        maxEventBytes: Long? = null,
        verifyEvents: Boolean? = null,
        requireProof: Boolean? = false,
    ) = AiRudder(
        appKey = "key",
        appSecret = "secret",
        encryptionKey = encryptionKey,
        signKey = "0".repeat(32),
        signSecret = signSecret,
        signer = signer,
        maxEventBytes = maxEventBytes,
        maxEventAge = 1.hours,
        verifyEvents = verifyEvents,
        requireSignature = requireProof,
        requireEncryption = requireProof,
    ).also { clients += it }

    @AfterEach
    fun end() = clients.forEach { it.close() }

    private fun AiRudder.reason(
        body: ByteArray,
        headers: Map<String, String> = emptyMap(),
        kind: String? = null,
    ): String? = assertThrows<EventException> { events.unwrap(body, headers, kind) }.reason

    /** As old as the machine's clock says that now is, for kinds that tell their time. */
    private fun AiRudder.fresh(kind: String): ByteArray {
        val now = System.currentTimeMillis() / 1000
        val sample = Json.parseToJsonElement(events.sample(kind).decodeToString()).jsonObject
        val body = if ("timestamp" in sample) sample + ("timestamp" to JsonPrimitive(now)) else sample
        return JsonObject(body).toString().encodeToByteArray()
    }

    @Test
    fun `a sample of every kind comes through sealed and signed, typed and with a key of its own`() {
        val client = client(encryptionKey = "airudderredduria", signSecret = "a secret")
        val events =
            AiRudder.eventKinds.keys.map { kind ->
                val sealed = client.events.encrypt(client.fresh(kind))
                val event = client.events.unwrap(sealed.body, sealed.headers + client.events.sign(sealed.body), kind)
                assertEquals(kind, event.kind)
                assertEquals(kind, kindsByClass[event.javaClass])
                assertEquals(64, event.key.length)
                assertEquals("EventDelivery(bodyBytes=${sealed.body.size})", sealed.toString())
                event
            }
        assertEquals(35, events.map { it.key }.toSet().size)
    }

    @Test
    fun `a copy has the same key, and another event has not`() {
        val events = client().events
        val key = events.unwrap("""{"callid": "c-1", "status": "answered"}""".toByteArray(), emptyMap()).key
        assertEquals(key, events.unwrap("""{"status": "answered", "callid": "c-1"}""".toByteArray(), emptyMap()).key)
        assertNotEquals(key, events.unwrap("""{"callid": "c-2", "status": "answered"}""".toByteArray(), emptyMap()).key)
    }

    @Test
    fun `a signer of one's own says what the sign has to be`() {
        val client = client(signer = { request -> "${request.path}|${request.signKey.length}|${request.body?.size}" })
        val body = client.fresh(ended)
        val headers = client.events.sign(body)
        assertEquals("|32|${body.size}", headers["x-airudder-sign"])
        assertEquals(ended, client.events.unwrap(body, headers, ended).kind)
        assertEquals("sign", client.reason(body, headers + ("x-airudder-sign" to "another"), ended))
        assertEquals("missing_header", client.reason(body, kind = ended))

        val failing = client(signer = { error("CANARY-7311") })
        val failed = assertThrows<EventException> { failing.events.unwrap(body, headers, ended) }
        assertEquals("no_key", failed.reason)
        assertTrue(failed.message.orEmpty().contains("java.lang.IllegalStateException"), failed.message)
        assertFalse(failed.stackTraceToString().contains("CANARY-7311"), failed.message)
    }

    @Test
    fun `each thing that can be wrong has its reason`() {
        val client = client(encryptionKey = "airudderredduria", signSecret = "a secret", maxEventBytes = 100_000)
        val sealed = client.events.encrypt(client.events.sample("call.finished"))
        assertEquals("too_large", client.reason(ByteArray(100_001)))
        assertEquals("not_json", client.reason("[1]".toByteArray()))
        assertEquals("not_json", client.reason(("[".repeat(10_000)).toByteArray()))
        assertEquals("not_json", client.reason(byteArrayOf(0x7b, 0xff.toByte(), 0x7d)))
        assertEquals("missing_header", client.reason(sealed.body, mapOf("Is-Encrypted" to "1")))
        assertEquals("decryption", client.reason(sealed.body, mapOf("Is-Encrypted" to "1", "Signed" to "0")))
        assertEquals("decryption", client.reason(sealed.body.copyOf(20), sealed.headers))
        assertEquals("unknown_kind", client.reason("{}".toByteArray(), kind = "call.ended"))
        assertEquals("bad_header", client.reason("{}".toByteArray(), mapOf("Signed" to "a\u0000b")))
        assertEquals("bad_header", client.reason("{}".toByteArray(), mapOf("Signed" to "\uD83D")))
        val old = """{"timestamp": 1000000000}""".toByteArray()
        assertEquals("too_old", client.reason(old, client.events.sign(old), ended))
        assertEquals("no_key", client().reason(sealed.body, sealed.headers))
        assertEquals("no_key", assertThrows<EventException> { client().events.encrypt(old) }.reason)
        assertEquals("unknown_kind", assertThrows<EventException> { client.events.sample("call.ended") }.reason)
    }

    @Test
    fun `an event that proves nothing is refused, unless the client opts out`() {
        val body = """{"callid": "c1"}""".toByteArray()
        val encrypting = client(encryptionKey = "airudderredduria", requireProof = null)
        assertEquals("not_encrypted", encrypting.reason(body))
        val encrypted = encrypting.events.encrypt(body)
        assertEquals(Authenticated.ENCRYPTION, encrypting.events.unwrap(encrypted.body, encrypted.headers).authenticated)
        val signing = client(signSecret = "a secret", requireProof = null)
        assertEquals("missing_header", signing.reason(body))
        val proven = signing.events.unwrap(body, signing.events.sign(body))
        val taken = client(signSecret = "a secret").events.unwrap(body, emptyMap())
        assertEquals(listOf(Authenticated.SIGNATURE, Authenticated.NOTHING), listOf(proven, taken).map { it.authenticated })
        assertNotEquals(proven.key, taken.key)
    }

    @Test
    fun `a sign that nobody can check may be passed over`() {
        val body = client().fresh(ended)
        assertEquals("no_key", client().reason(body, mapOf("X-AIRudder-Sign" to "a sign")))
        val event = client(verifyEvents = false).events.unwrap(body, mapOf("X-AIRudder-Sign" to "a sign"), ended)
        assertEquals(ended, event.kind)
    }
}
