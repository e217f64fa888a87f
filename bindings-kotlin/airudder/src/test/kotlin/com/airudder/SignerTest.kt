package com.airudder

import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.security.MessageDigest
import java.util.HexFormat
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.TimeUnit
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import kotlin.io.path.writeBytes

/** Calls of the Chatbot API are signed, by core or by a signer of one's own. */
@Timeout(60)
class SignerTest {
    private val server = FakeServer { "{}" }
    private val asked = ConcurrentLinkedQueue<SigningRequest>()

    @AfterEach
    fun end() {
        server.close()
    }

    private fun client(signer: Signer? = null) =
        AiRudder(baseUrl = server.url, signKey = KEY, signSecret = "a secret".takeIf { signer == null }, signer = signer, maxRetries = 0)

    private fun hmac(body: ByteArray): String {
        val mac = Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec("a secret".toByteArray(), "HmacSHA256")) }
        return HexFormat.of().formatHex(mac.doFinal(body))
    }

    @Test
    suspend fun `without a signer the sign is the HMAC of the body`() {
        client().use { it.chatbot.company() }
        client().use { it.chatbot.template(templateId = "t-1") }
        assertEquals(2, server.requests.size)
        for (request in server.requests) {
            assertEquals(KEY, request.headers["x-airudder-sign-key"])
            assertEquals(hmac(request.body), request.headers["x-airudder-sign"])
            assertNull(request.headers["authorization"])
        }
    }

    @Test
    suspend fun `a signer sees what is sent`() {
        val signer =
            Signer { request ->
                asked += request
                hmac(checkNotNull(request.body))
            }
        client(signer).use { it.chatbot.template(templateId = "t-1") }
        val sent = server.requests.single()
        val seen = asked.single()
        assertEquals(hmac(sent.body), sent.headers["x-airudder-sign"])
        assertEquals(listOf("POST", sent.target, KEY, null), listOf(seen.method, seen.path, seen.signKey, seen.bodySha256))
        assertEquals(sent.text, seen.body?.decodeToString())
        assertEquals("SigningRequest(method=POST, bodyBytes=${sent.body.size})", seen.toString())
    }

    @Test
    suspend fun `a file on the disk is shown to a signer by its digest`(
        @TempDir folder: Path,
    ) {
        val photo = folder.resolve("photo.png").apply { writeBytes(ByteArray(300_000) { it.toByte() }) }
        val signer =
            Signer { request ->
                asked += request
                "signed"
            }
        client(signer).use { it.chatbot.uploadFile(Upload(photo)) }
        val digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(server.requests.single().body))
        assertNull(asked.single().body)
        assertEquals(digest, asked.single().bodySha256)
    }

    @Test
    suspend fun `a signer that throws ends the call before anything is sent`() {
        client { error("CANARY-7311") }.use { client ->
            val failed = assertThrows<ConfigurationException> { client.chatbot.company() }
            assertTrue(failed.message.orEmpty().contains("java.lang.IllegalStateException"), failed.message)
            assertFalse(failed.stackTraceToString().contains("CANARY-7311"), failed.message)
        }
        client { throw StackOverflowError() }.use { client ->
            val failed = assertThrows<ConfigurationException> { client.chatbot.company() }
            assertTrue(failed.message.orEmpty().contains("java.lang.StackOverflowError"), failed.message)
        }
        assertEquals(0, server.requests.size)
    }

    @Test
    suspend fun `many signers may wait at the same time`() {
        // Each waits until all of them are there.
        val all = CyclicBarrier(CALLS)
        val signer =
            Signer { request ->
                all.await(30, TimeUnit.SECONDS)
                hmac(checkNotNull(request.body))
            }
        client(signer).use { client ->
            coroutineScope { List(CALLS) { async { client.chatbot.template(templateId = "t-$it") } }.awaitAll() }
        }
        assertEquals(
            CALLS,
            server.requests
                .map { it.text }
                .toSet()
                .size,
        )
        for (request in server.requests) assertEquals(hmac(request.body), request.headers["x-airudder-sign"])
    }

    @Test
    suspend fun `a signer may make calls of its own`() {
        val other = client()
        val signer =
            Signer {
                other
                    .blocking()
                    .chatbot
                    .company()
                "signed"
            }
        client(signer).use { it.chatbot.channels() }
        other.close()
        assertEquals(2, server.requests.size)
    }

    private companion object {
        const val KEY = "0123456789abcdef0123456789abcdef"
        const val CALLS = 32
    }
}
