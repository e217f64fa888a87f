package com.airudder

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import java.io.BufferedReader
import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Future
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

/** A call that is given up ends on the wire: a server that never answers sees its connection close. */
@Timeout(60)
class CancellationTest {
    private val server = ServerSocket(0, 1, InetAddress.getLoopbackAddress())
    private val client =
        AiRudder(
            baseUrl = "http://127.0.0.1:${server.localPort}",
            // So long that nothing but the cancellation ends the call.
            timeout = 1.hours,
            readTimeout = 1.hours,
            maxRetries = 0,
        )
    private val requestCame = CompletableFuture<String>()

    /** Completed with what the server reads after the request: -1 when the connection is closed. */
    private val afterwards: Future<Int> =
        CompletableFuture.supplyAsync {
            server.accept().use { connection ->
                val lines = connection.getInputStream().bufferedReader()
                requestCame.complete(request(lines, BODY.length))
                lines.read()
            }
        }

    @AfterEach
    fun end() {
        client.close()
        server.close()
    }

    @Test
    suspend fun `cancelling the coroutine closes the connection`() =
        coroutineScope {
            val call = launch { client.auth.token() }
            assertEquals("POST /service/cloud/auth HTTP/1.1", requestCame.await())
            call.cancelAndJoin()
            assertTrue(call.isCancelled)
            assertEquals(-1, afterwards.get())
        }

    @Test
    suspend fun `whoever stops collecting while a page is asked for closes the connection`() =
        coroutineScope {
            val lists = ServerSocket(0, 1, InetAddress.getLoopbackAddress())
            val collected =
                AiRudder(
                    baseUrl = "http://127.0.0.1:${lists.localPort}",
                    timeout = 1.hours,
                    readTimeout = 1.hours,
                    maxRetries = 0,
                )
            val asked = CompletableFuture<String>()
            val closed =
                CompletableFuture.supplyAsync {
                    lists.accept().use { connection ->
                        val lines = connection.getInputStream().bufferedReader()
                        request(lines, BODY.length)
                        connection.getOutputStream().write(TOKEN.toByteArray())
                        asked.complete(request(lines, 0))
                        lines.read()
                    }
                }
            val pages = launch { collected.tasks.listAll().collect {} }
            assertEquals("GET /service/cloud/list?Page=1 HTTP/1.1", asked.await())
            pages.cancelAndJoin()
            assertEquals(-1, closed.await())
            collected.close()
            lists.close()
        }

    /** Reads a request and gives its first line. */
    private fun request(
        lines: BufferedReader,
        bodyLength: Int,
    ): String {
        val first = lines.readLine()
        while (lines.readLine().orEmpty().isNotEmpty()) continue
        repeat(bodyLength) { lines.read() }
        return first
    }

    @Test
    suspend fun `withTimeout closes the connection`() {
        var patience = 500.milliseconds
        while (!requestCame.isDone) {
            assertThrows<TimeoutCancellationException> { withTimeout(patience) { client.auth.token() } }
            patience *= 2
        }
        assertEquals(-1, afterwards.get())
    }

    @Test
    fun `cancelling the future closes the connection`() {
        val call = client.futures().auth.token()
        requestCame.get()
        call.cancel(false)
        assertEquals(-1, afterwards.get())
    }

    @Test
    fun `interrupting the thread closes the connection`() {
        var seen: Throwable? = null
        val thread = Thread { seen = runCatching { client.blocking().auth.token() }.exceptionOrNull() }.apply { start() }
        requestCame.get()
        thread.interrupt()
        thread.join()
        assertTrue(seen is InterruptedException, "$seen")
        assertEquals(-1, afterwards.get())
    }

    @Test
    suspend fun `a call that changes something says that it may have been applied`() =
        coroutineScope {
            val calls =
                listOf<Pair<suspend () -> Any, Boolean>>(
                    suspend { client.tasks.stop("t1") } to true,
                    suspend { client.raw("POST", "/x") } to true,
                    suspend { client.raw("GET", "/x") } to false,
                )
            for ((call, isNoted) in calls) {
                val seen = CompletableFuture<Throwable>()
                val begun = launch(start = CoroutineStart.UNDISPATCHED) { seen.complete(runCatching { call() }.exceptionOrNull()) }
                begun.cancelAndJoin()
                val notes = seen.await().suppressed.map { it.message.orEmpty() }
                assertEquals(isNoted, notes.any { "It may have been applied all the same." in it }, "$notes")
            }
        }

    @Test
    fun `an interrupted thread gets the same note`() {
        var seen: Throwable? = null
        val call = { client.blocking().raw("POST", "/x") }
        val thread = Thread { seen = runCatching { call() }.exceptionOrNull() }.apply { start() }
        requestCame.get()
        thread.interrupt()
        thread.join()
        val notes = seen?.suppressed.orEmpty().map { it.message.orEmpty() }
        assertTrue(notes.any { it.startsWith("raw: The call was cancelled") }, "$seen $notes")
    }

    private companion object {
        const val TOKEN =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 53\r\n\r\n" +
                """{"code": 200, "status": "OK", "data": {"token": "t"}}"""
        const val BODY = """{"APPKey":"emulator","APPSecret":"emulator"}"""
    }
}
