package com.airudder

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.parallel.Execution
import org.junit.jupiter.api.parallel.ExecutionMode

/** Is led through every operation of running servers; `tests/README.md` says how. */
@Execution(ExecutionMode.CONCURRENT)
class WalkTest {
    @Test
    @Timeout(300)
    fun `every operation answers`() {
        TestServer("case-server").use { server ->
            val walks = server.control("GET", "/_walks").jsonArray.map { it.text("file") }
            val problems =
                runBlocking(Dispatchers.IO) {
                    walks.map { file -> async { walk(server, file).map { "$file: $it" } } }.awaitAll().flatten()
                }
            val missing = server.control("GET", "/_walks/missing?suite=kotlin").texts("missing").map { "no walk calls $it" }
            assertEquals(emptyList<String>(), problems + missing)
        }
    }

    /** Makes the calls of a walk, one after another, and gives what was wrong. */
    private suspend fun walk(
        server: TestServer,
        file: String,
    ): List<String> {
        val started = server.control("POST", "/_walks/$file/start?suite=kotlin")
        return construct(AiRudder::class, started.jsonObject.getValue("client").jsonObject).use { client ->
            var next = next(server, started.text("id"), JsonNull)
            while ("done" !in next) {
                val step = next.getValue("step").jsonObject
                next = next(server, started.text("id"), Steps.outcome(client, step))
            }
            next.texts("problems")
        }
    }

    private fun next(
        server: TestServer,
        id: String,
        outcome: JsonElement,
    ) = server.control("POST", "/_walks/$id/next", JsonObject(mapOf("outcome" to outcome))).jsonObject
}
