package com.airudder

import com.airudder.internal.fail
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.RepeatedTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/** What can only be seen of a process as a whole. */
@Timeout(120)
class ProcessTest {
    @Test
    fun `a program ends by itself after its last call`() {
        TestServer.emulator().use { server -> assertEquals("called\n", outputOf(LastCall::class, server.url)) }
    }

    @RepeatedTest(5)
    fun `many threads can be the first at once`() {
        assertEquals("all called\n", outputOf(FirstCalls::class))
    }
}

/** Calls in both of Java's ways, closes nothing, and returns from `main`. */
object LastCall {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val client = AiRudder(baseUrl = arguments.single())
        client.blocking().auth.token()
        client
            .futures()
            .auth
            .token()
            .get()
        println("called")
    }
}

/** Has many threads use the native library for the first time together. */
object FirstCalls {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val start = CountDownLatch(1)
        val threads =
            List(16) { number ->
                thread {
                    start.await()
                    if (number % 2 == 0) AiRudder(baseUrl = "http://127.0.0.1:1").close() else firstCall()
                }
            }
        start.countDown()
        threads.forEach { it.join() }
        println("all called")
    }

    private fun firstCall() {
        assertThrows<ApiException> { waiting { calling { fail("api") } } }
    }
}
