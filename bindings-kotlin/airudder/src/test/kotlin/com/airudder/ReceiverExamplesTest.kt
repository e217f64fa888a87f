package com.airudder

import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.BufferedReader
import java.io.File
import java.nio.file.Path

/** The receivers of `examples/kotlin`, each a program of its own. */
@Timeout(120)
class ReceiverExamplesTest {
    @ParameterizedTest
    @ValueSource(strings = ["ReceiverKtorKt", "ReceiverSpringKt"])
    fun `a receiver handles an event once, also after it was killed`(
        program: String,
        @TempDir folder: Path,
    ) {
        TestServer.emulator().use { emulator ->
            val file = folder.resolve("events.db")
            running(program, file, emulator) { url, output ->
                emulator.post("call.finished", url)
                assertEquals("call 9a1b2c3d4e5f60718293a4b5c6d7e8f9 was answered", output.readLine())
            }
            running(program, file, emulator) { url, output ->
                emulator.post("call.finished", url)
                emulator.post("task.finished", url)
                assertEquals("task.finished came", output.readLine())
            }
            val events = emulator.control("GET", "/_emulator/events").toString()
            assertEquals(3, Regex("\"state\":\"delivered\"").findAll(events).count(), events)
        }
    }

    private fun TestServer.post(
        kind: String,
        url: String,
    ) {
        val order =
            buildJsonObject {
                put("kind", kind)
                put("url", "$url/events/$kind")
                put("encrypted", true)
                put("signed", true)
            }
        control("POST", "/_emulator/events", order)
        control("POST", "/_emulator/settle")
    }

    private fun running(
        program: String,
        file: Path,
        emulator: TestServer,
        use: (url: String, output: BufferedReader) -> Unit,
    ) {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val settings = mapOf("BASE_URL" to emulator.url, "ENCRYPTION_KEY" to "airudderredduria", "SIGN_SECRET" to "emulator")
        val process =
            ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), program, "0", file.toString())
                .apply { settings.forEach { (name, value) -> environment()["AIRUDDER_$name"] = value } }
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
        try {
            val output = process.inputReader()
            val greeting = generateSequence { output.readLine() }.firstOrNull { it.startsWith("listening on ") }
            use(checkNotNull(greeting) { "$program did not start" }.removePrefix("listening on "), output)
        } finally {
            process.destroyForcibly().waitFor()
        }
    }
}
