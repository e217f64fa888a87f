package com.airudder

import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.parallel.Execution
import org.junit.jupiter.api.parallel.ExecutionMode
import kotlin.reflect.full.memberProperties

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
        val verdict = server.control("POST", "/_cases/${started.text("id")}/finish", report).jsonObject
        val problems = verdict.getValue("problems").jsonArray.map { it.jsonPrimitive.content }
        assertEquals(emptyList<String>(), problems, name)
    }

    private suspend fun outcomes(
        settings: JsonObject,
        steps: List<JsonObject>,
    ): List<JsonObject> {
        val client =
            try {
                construct(AiRudder::class, settings)
            } catch (refused: Exception) {
                return listOf(failed(refused, null))
            }
        return client.use {
            steps.map { step ->
                try {
                    done(call(client, step), client)
                } catch (refused: Exception) {
                    failed(refused, client)
                }
            }
        }
    }

    private suspend fun call(
        client: AiRudder,
        step: JsonObject,
    ): Any? {
        val call = camel(step["call"]?.jsonPrimitive?.contentOrNull ?: return null)
        val options = step["options"]?.takeIf { it != JsonNull }?.let { mapOf("options" to it) }.orEmpty()
        val params = step["params"]?.jsonObject.orEmpty()
        return when (call) {
            "raw" -> callByName(client, "raw", params + options)
            "events.unwrap" -> callByName(client.events, "unwrap", params)
            else -> callByName(resourceOf(client, call.substringBefore('.')), call.substringAfter('.'), params + options)
        }
    }

    /** `tasks.cancel_call` is an operation's id; its method is called `cancelCall`. */
    private fun camel(id: String) = id.replace(Regex("_(.)")) { it.groupValues[1].uppercase() }

    private fun resourceOf(
        client: AiRudder,
        name: String,
    ): Any = checkNotNull(AiRudder::class.memberProperties.single { it.name == name }.get(client))

    private fun done(
        value: Any?,
        client: AiRudder,
    ): JsonObject {
        val json =
            when (value) {
                is Event.Unknown -> JsonObject(mapOf("kind" to JsonPrimitive(value.kind), "data" to value.data))
                is Event -> JsonObject(mapOf("kind" to JsonPrimitive(value.kind)) + properties(value, listOf("data")).mapKeys { "event" })
                else -> untyped(value)
            }
        return JsonObject(mapOf("value" to json, "shown" to shown(value, client)))
    }

    private fun failed(
        refused: Exception,
        client: AiRudder?,
    ): JsonObject {
        val error =
            when (val cause = (refused as? java.lang.reflect.InvocationTargetException)?.targetException ?: refused) {
                is AiRudderException -> properties(cause, ATTRIBUTES) + mapOf("retryAfter" to untyped(cause.retryAfterSeconds))
                is Refused -> mapOf("code" to JsonPrimitive("invalid_request"), "message" to JsonPrimitive(cause.message))
                else -> throw cause
            }
        return JsonObject(mapOf("error" to JsonObject(error), "shown" to shown(refused, client)))
    }

    private fun shown(
        outcome: Any?,
        client: AiRudder?,
    ): JsonArray {
        val trace = (outcome as? Throwable)?.stackTraceToString()
        return JsonArray(listOfNotNull(outcome?.toString(), trace, client?.toString()).map { JsonPrimitive(it) })
    }

    private fun JsonElement.text(name: String): String = jsonObject.getValue(name).jsonPrimitive.content

    private companion object {
        val ATTRIBUTES =
            "code message operation status apiCode apiMessage requestId attempts retryable mayHaveBeenApplied".split(" ")
    }
}
