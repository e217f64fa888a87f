package com.airudder

import org.junit.jupiter.api.Assertions.assertEquals
import java.io.File
import kotlin.reflect.KClass

/** What a program of the tests prints, run in a process and an environment of its own. */
fun outputOf(
    program: KClass<*>,
    vararg arguments: String,
    environment: Map<String, String> = emptyMap(),
): String {
    val java = File(System.getProperty("java.home"), "bin/java").path
    val classPath = System.getProperty("java.class.path")
    val process =
        ProcessBuilder(java, "-cp", classPath, program.java.name, *arguments)
            .apply { environment() += environment }
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    try {
        val output = process.inputReader().readText()
        assertEquals(0, process.waitFor(), output)
        return output
    } finally {
        process.destroyForcibly()
    }
}
