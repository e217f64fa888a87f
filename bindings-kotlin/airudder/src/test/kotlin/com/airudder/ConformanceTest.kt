package com.airudder

import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.parallel.Execution
import org.junit.jupiter.api.parallel.ExecutionMode

/** Plays the cases that the suites of all languages share; `tests/README.md` says how. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class ConformanceTest {
    private val server = TestServer("case-server")

    @AfterAll
    fun end() {
        server.close()
    }

    @TestFactory
    fun cases(): List<DynamicTest> =
        server.control("GET", "/_cases?suite=kotlin").jsonArray.map { entry ->
            val name = "${entry.text("file")}/${entry.text("name")}"
            dynamicTest(name) { play(name) }
        }

    private fun play(name: String) {
        val started = server.control("POST", "/_cases/$name/start?suite=kotlin").jsonObject
        val case = started.getValue("case").jsonObject
        val steps = case.getValue("steps").jsonArray.map { it.jsonObject }
        val outcomes = runBlocking { outcomes(case.getValue("client").jsonObject, steps) }
        val report = JsonObject(mapOf("outcomes" to JsonArray(outcomes)))
        val verdict = server.control("POST", "/_cases/${started.text("id")}/finish", report)
        assertEquals(emptyList<String>(), verdict.texts("problems"), name)
    }

    private suspend fun outcomes(
        settings: JsonObject,
        steps: List<JsonObject>,
    ): List<JsonObject> {
        val client =
            try {
                construct(AiRudder::class, settings)
            } catch (refused: Exception) {
                return listOf(Steps.failed(refused, null))
            }
        return client.use { steps.map { step -> Steps.outcome(client, step) } }
    }
}
