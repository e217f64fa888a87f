package com.airudder

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Reads a value where the cursor stands, and leaves the cursor behind it. */
internal typealias Reader<T> = (JsonCursor) -> T

internal val text: Reader<String> = { it.text() }
internal val integer: Reader<Long> = { it.integer() }
internal val number: Reader<Double> = { it.number() }
internal val boolean: Reader<Boolean> = { it.boolean() }
internal val anything: Reader<JsonElement> = { it.anything() }

internal fun <T> model(from: (JsonCursor) -> T): Reader<T> = { it.model(from) }

internal fun <T> list(item: Reader<T>): Reader<List<T>> = { it.list(item) }

internal fun <T> map(item: Reader<T>): Reader<Map<String, T>> = { it.map(item) }

/** The JSON of a property of a [Model]. */
internal fun json(value: Any?): JsonElement =
    when (value) {
        is JsonElement -> value
        is Model -> value.toJson()
        is List<*> -> JsonArray(value.map(::json))
        is Map<*, *> -> JsonObject(value.entries.associate { (name, item) -> name.toString() to json(item) })
        is Number -> JsonPrimitive(value)
        is Boolean -> JsonPrimitive(value)
        null -> JsonNull
        else -> JsonPrimitive(value.toString())
    }

/** Refuses numbers that JSON does not have, where `toString` would write them. */
internal fun JsonElement.text(): String = Json.encodeToString(JsonElement.serializer(), this)
