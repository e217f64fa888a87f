package com.airudder

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * An object of AI Rudder's API. Its `toString` shows no phone number, name, link or secret: read those from the properties.
 */
public abstract class Model internal constructor() {
    internal abstract fun fields(): List<Field>

    /** The fields that are set; `[redacted]` in place of secrets and people's data. */
    final override fun toString(): String =
        fields().filter { it.isSet }.joinToString(", ", "${this::class.java.simpleName}(", ")") { "${it.name}=${it.shown()}" }

    internal fun toJson(): JsonObject = JsonObject(fields().filter { it.isSet }.associate { it.name to json(it.value) })
}

/** A property of a [Model]. */
internal class Field(
    val name: String,
    val value: Any?,
    private val sensitive: Boolean = false,
) {
    /** Maps are never null: an empty one says nothing. */
    val isSet: Boolean get() = value != null && (value as? Map<*, *>)?.isEmpty() != true

    fun shown(): String =
        when {
            sensitive -> "[redacted]"

            // Free JSON and free names may hold anything.
            value is Map<*, *> -> "[${value.size} entries]"

            value is JsonElement -> "[json]"

            else -> value.toString()
        }
}
