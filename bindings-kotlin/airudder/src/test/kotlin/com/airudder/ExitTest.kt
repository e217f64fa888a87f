package com.airudder

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.io.File

/** What the process of a user is like. */
@Timeout(120)
class ExitTest {
    @Test
    fun `a program ends by itself after its last call`() {
        TestServer.emulator().use { server ->
            val java = File(System.getProperty("java.home"), "bin/java").path
            val program =
                ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), OneCall::class.java.name, server.url)
                    .redirectErrorStream(true)
                    .start()
            val output = program.inputReader().readText()
            assertEquals(0, program.waitFor(), output)
            assertTrue(output.startsWith("tokens came"), output)
        }
    }
}

/** A program that calls in both of Java's ways, closes nothing, and returns from its `main`. */
object OneCall {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val client = AiRudder(baseUrl = arguments.single())
        client.blocking().auth.token()
        client
            .futures()
            .auth
            .token()
            .get()
        println("tokens came")
    }
}
