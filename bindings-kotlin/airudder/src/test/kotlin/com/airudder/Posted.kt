package com.airudder

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean

/** What every server has to do that receives events: the emulator posts to it, and so does somebody who means harm. */
class Posted : AutoCloseable {
    private val emulator = TestServer.emulator()
    private val http = HttpClient.newHttpClient()
    private val client =
        AiRudder(
            baseUrl = emulator.url,
            encryptionKey = "airudderredduria",
            signKey = "0".repeat(32),
            signSecret = "emulator",
            maxEventBytes = MAX_BYTES.toLong(),
            requireSignature = false,
            requireEncryption = false,
        )
    private val received = ConcurrentLinkedQueue<Event>()
    private val hasFailed = AtomicBoolean()

    /** For the server. One of its handlers fails at first. */
    val router: EventRouter =
        client.events
            .router()
            .on<Event.PlanFinished> { if (hasFailed.compareAndSet(false, true)) error("not now") else received += it }
            .otherwise { received += it }

    /** Two copies of every kind are posted, each to a URL of its own; the kind is handled once and typed, and all of it is confirmed. */
    fun assertReceivesAllKinds(
        url: String,
        encrypted: Boolean,
    ) {
        for (kind in AiRudder.eventKinds.keys) {
            val order =
                buildJsonObject {
                    put("kind", kind)
                    put("url", "$url/$kind")
                    put("encrypted", encrypted)
                    put("signed", true)
                    put("repeat", 2)
                }
            emulator.control("POST", "/_emulator/events", order)
        }
        emulator.control("POST", "/_emulator/settle")
        while (posted().any { it.text("state") == "waiting" }) {
            emulator.control("POST", "/_emulator/clock/advance", Json.parseToJsonElement("""{"seconds": 60, "wait": true}""").jsonObject)
        }
        assertEquals(setOf("delivered"), posted().map { it.text("state") }.toSet())
        assertEquals(2 * KINDS, posted().size)
        assertEquals(AiRudder.eventKinds.keys.sorted(), received.map { it.kind }.sorted())
        for (event in received) assertEquals(event.kind, kindsByClass[event.javaClass])
        assertTrue(posted().any { it["attempts"].toString().contains("500") }, "the failure of a handler was not told")
    }

    private fun posted(): List<JsonObject> {
        val answer = emulator.control("GET", "/_emulator/events").jsonObject
        return answer
            .getValue("data")
            .jsonObject
            .getValue("List")
            .jsonArray
            .map { it.jsonObject }
    }

    /** What cannot be taken is refused by its own status, and the server goes on. */
    fun assertRefuses(url: String) {
        val call = """{"callid": "c-1", "status": "answered"}""".toByteArray()
        assertEquals("400 refused", post(url, "no JSON".toByteArray()))
        assertEquals("413 refused", post(url, ByteArray(MAX_BYTES * 10) { ' '.code.toByte() }))
        assertEquals("401 refused", post("$url/call.finished", call, "X-AIRudder-Sign" to "wrong"))
        assertEquals("400 refused", post(url, call, "Signed" to "a", "signed" to "b"))
        assertEquals(0, received.size)
        assertEquals("200 handled", post("$url/no.such.kind", call))
        assertEquals("200 duplicate", post("$url/call.finished/", call))
        assertEquals("200 handled", post(url, """{"callid": "c-2", "status": "answered"}""".toByteArray()))
        val bytes = """{"callid": "c-3", "status": "answered"}""".map { byteArrayOf(it.code.toByte()) }
        assertEquals("200 handled", send(HttpRequest.newBuilder(URI(url)).POST(BodyPublishers.ofByteArrays(bytes))))
        assertEquals(listOf("c-1", "c-2", "c-3"), received.map { (it as Event.CallFinished).data.callId })
    }

    private fun post(
        url: String,
        body: ByteArray,
        vararg headers: Pair<String, String>,
    ): String {
        val request = HttpRequest.newBuilder(URI(url)).POST(BodyPublishers.ofByteArray(body))
        for ((name, value) in headers) request.header(name, value)
        return send(request)
    }

    private fun send(request: HttpRequest.Builder): String {
        val answer = http.send(request.build(), BodyHandlers.ofString())
        return "${answer.statusCode()} ${answer.body()}"
    }

    override fun close() {
        client.close()
        emulator.close()
    }

    private companion object {
        const val MAX_BYTES = 10_000
        const val KINDS = 35
    }
}
