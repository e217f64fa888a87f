package com.airudder

import com.airudder.ktor.airudderEvents
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.routing.routing
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

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
}
