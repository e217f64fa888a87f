package com.airudder

import com.airudder.ktor.airudderEvents
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.routing.routing
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.net.Socket
import kotlin.time.Duration.Companion.milliseconds

/** Events in a server of Ktor. */
@Timeout(60)
class KtorTest {
    private val posted = Posted()
    private val server =
        embeddedServer(Netty, port = 0, host = "127.0.0.1") {
            routing { airudderEvents("/events", posted.router) }
        }.start()

    private suspend fun url() = "http://127.0.0.1:${server.engine.resolvedConnectors().single().port}/events"

    @AfterEach
    fun end() {
        server.stop(0, 0)
        posted.close()
    }

    @ParameterizedTest
    @ValueSource(booleans = [false, true])
    suspend fun `every kind is received`(encrypted: Boolean) = posted.assertReceivesAllKinds(url(), encrypted)

    @Test
    suspend fun `what cannot be taken is refused`() = posted.assertRefuses(url())

    @Test
    suspend fun `a body that takes too long is answered`() {
        val client = AiRudder(baseUrl = "http://127.0.0.1:1")
        val slow =
            embeddedServer(Netty, port = 0, host = "127.0.0.1") {
                routing { airudderEvents("/events", client.events.router(bodyTimeout = 200.milliseconds)) }
            }.start()
        val port =
            slow.engine
                .resolvedConnectors()
                .single()
                .port
        Socket("127.0.0.1", port).use { socket ->
            socket.getOutputStream().write("POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{".toByteArray())
            val status = socket.getInputStream().bufferedReader().readLine()
            assertEquals("HTTP/1.1 408 Request Timeout", status)
        }
        slow.stop(0, 0)
        client.close()
    }
}
