package com.airudder

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.lang.reflect.InvocationTargetException
import java.util.Base64
import kotlin.reflect.full.memberProperties

/** The steps of cases and walks: each is a call by name, and what came of it is told in the words that all suites share. */
object Steps {
    private val attributes =
        "code message operation status apiCode apiMessage requestId attempts retryable mayHaveBeenApplied reason".split(" ")

    /** Makes the call of a step and says what came of it. */
    suspend fun outcome(
        client: AiRudder,
        step: JsonObject,
    ): JsonObject =
        try {
            done(call(client, step), client)
        } catch (refused: Exception) {
            failed(refused, client)
        }

    /** The family of a client with this name, such as `client.flexRoute`. */
    fun familyOf(
        client: AiRudder,
        name: String,
    ): Any = checkNotNull(AiRudder::class.memberProperties.single { it.name == name }.get(client))

    /** `tasks.cancel_call` is an operation's id; its method is called `cancelCall`. */
    fun camel(id: String): String = id.replace(Regex("_(.)")) { it.groupValues[1].uppercase() }

    private suspend fun call(
        client: AiRudder,
        step: JsonObject,
    ): Any? {
        val call = camel(step["call"]?.jsonPrimitive?.contentOrNull ?: return null)
        val options = step["options"]?.takeIf { it != JsonNull }?.let { mapOf("options" to it) }.orEmpty()
        val params = step["params"]?.takeIf { it != JsonNull }?.jsonObject.orEmpty()
        return when (call) {
            "raw" -> {
                callByName(client, "raw", params + options)
            }

            "events.unwrap" -> {
                unwrapped(client, params)
            }

            else -> {
                val isAll = step["all"]?.jsonPrimitive?.booleanOrNull == true
                val method = call.substringAfter('.') + if (isAll) "All" else ""
                val value = callByName(familyOf(client, call.substringBefore('.')), method, params + options)
                if (value is Flow<*>) value.toList() else value
            }
        }
    }

    private fun unwrapped(
        client: AiRudder,
        params: Map<String, JsonElement>,
    ): Event {
        fun text(name: String) = params[name]?.jsonPrimitive?.contentOrNull
        val body = text("bodyBase64")?.let(Base64.getDecoder()::decode) ?: text("body").orEmpty().encodeToByteArray()
        val headers =
            params["headers"]?.jsonObject.orEmpty().mapValues { (_, value) ->
                if (value is JsonArray) value.map { it.jsonPrimitive.content } else value.jsonPrimitive.content
            }
        return client.events.unwrap(body, headers, text("kind"))
    }

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
        val type = (value as? Model)?.let { mapOf("type" to JsonPrimitive(it::class.simpleName)) }.orEmpty()
        return JsonObject(mapOf("value" to json, "shown" to shown(value, client)) + type)
    }

    /** What came of a call, or of making the client, that failed. */
    fun failed(
        refused: Exception,
        client: AiRudder?,
    ): JsonObject {
        val error =
            when (val cause = (refused as? InvocationTargetException)?.targetException ?: refused) {
                is AiRudderException -> properties(cause, attributes) + mapOf("retryAfter" to untyped(cause.retryAfterSeconds))
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
}

/** A text in an object that the test server wrote. */
fun JsonElement.text(name: String): String = jsonObject.getValue(name).jsonPrimitive.content

/** A list of texts in an object that the test server wrote. */
fun JsonElement.texts(name: String): List<String> = (jsonObject.getValue(name) as JsonArray).map { it.jsonPrimitive.content }
