package com.airudder

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.double
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** Makes a value of JSON that the native library wrote: it checked the types, so nothing is checked here. */
internal typealias Reader<T> = (JsonElement) -> T

internal val text: Reader<String> = { it.jsonPrimitive.content }
internal val integer: Reader<Long> = { it.jsonPrimitive.long }
internal val number: Reader<Double> = { it.jsonPrimitive.double }
internal val boolean: Reader<Boolean> = { it.jsonPrimitive.boolean }
internal val anything: Reader<JsonElement> = { it }

internal fun <T> model(from: (JsonObject) -> T): Reader<T> = { from(it.jsonObject) }

internal fun <T> list(item: Reader<T>): Reader<List<T>> = { it.jsonArray.map(item) }

internal fun <T> map(item: Reader<T>): Reader<Map<String, T>> = { json -> json.jsonObject.mapValues { item(it.value) } }

internal fun <T> JsonObject.required(
    name: String,
    reader: Reader<T>,
): T = reader(getValue(name))

internal fun <T> JsonObject.optional(
    name: String,
    reader: Reader<T>,
): T? = get(name)?.takeUnless { it is JsonNull }?.let(reader)

internal fun JsonObject.extra(): Map<String, JsonElement> = get("extra")?.jsonObject.orEmpty()

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
