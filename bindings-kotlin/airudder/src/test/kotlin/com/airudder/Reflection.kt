package com.airudder

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.nio.file.Path
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KType
import kotlin.reflect.full.callSuspendBy
import kotlin.reflect.full.memberProperties
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What Kotlin's compiler refuses, which here only shows when the case is played. */
class Refused(
    message: String,
) : Exception(message)

/** The arguments of a function, by name, from JSON. What is null is left out, as a caller would. */
fun KFunction<*>.arguments(
    json: Map<String, JsonElement>,
    self: Any? = null,
): Map<KParameter, Any?> {
    val given = json.filterValues { it != JsonNull }
    val named = parameters.filter { it.kind == KParameter.Kind.VALUE }.associateBy { it.name }
    val unknown = given.keys - named.keys
    if (unknown.isNotEmpty()) throw Refused("no parameter is called $unknown")
    val missing = named.values.filter { !it.isOptional && it.name !in given }
    if (missing.isNotEmpty()) throw Refused("$missing is missing")
    val values = given.map { (name, value) -> named.getValue(name) to typed(value, named.getValue(name).type) }.toMap()
    return values + parameters.filter { it.kind == KParameter.Kind.INSTANCE }.associateWith { self }
}

private fun typed(
    json: JsonElement,
    type: KType,
): Any? {
    fun item(index: Int) = checkNotNull(type.arguments[index].type)
    return when (val kind = type.classifier as KClass<*>) {
        String::class -> (json as? JsonPrimitive ?: throw Refused("$json is no text")).content
        Int::class -> json.jsonPrimitive.int
        Long::class -> json.jsonPrimitive.long
        Double::class -> json.jsonPrimitive.double
        Boolean::class -> json.jsonPrimitive.boolean
        Duration::class -> json.jsonPrimitive.double.seconds
        Path::class -> Path.of(json.jsonPrimitive.content)
        Upload::class -> Upload(Path.of(json.jsonPrimitive.content))
        ByteArray::class -> json.jsonPrimitive.content.encodeToByteArray()
        Retry::class -> retry(json.jsonPrimitive.content)
        JsonElement::class -> json
        List::class -> json.jsonArray.map { typed(it, item(0)) }
        Map::class -> json.jsonObject.mapValues { typed(it.value, item(1)) }
        else -> if (kind.isSealed) variant(kind, json.jsonObject) else construct(kind, json.jsonObject)
    }
}

/** The one of several classes that has these fields, and the same fixed ones. */
private fun variant(
    union: KClass<*>,
    fields: JsonObject,
): Any =
    union.sealedSubclasses.firstNotNullOfOrNull { kind ->
        val names = kind.constructors.flatMap { it.parameters }.map { it.name }
        val fixed = fields.filterKeys { it !in names }
        val made = runCatching { construct(kind, JsonObject(fields - fixed.keys)) }.getOrNull()
        made?.takeIf { properties(it, fixed.keys.toList()) == fixed }
    } ?: throw Refused("no ${union.simpleName} has the fields ${fields.keys}")

private fun retry(name: String): Retry = Retry.entries.find { it.name.lowercase() == name } ?: throw Refused("`retry` has no such constant")

/** Calls the public constructor that takes these fields. */
fun <T : Any> construct(
    kind: KClass<T>,
    fields: JsonObject,
): T {
    val constructor = kind.constructors.maxBy { it.parameters.size }
    return constructor.callBy(constructor.arguments(fields))
}

/** Calls the method of a resource that takes its parameters one by one, as Kotlin does. */
suspend fun callByName(
    resource: Any,
    name: String,
    arguments: Map<String, JsonElement>,
): Any? {
    val methods = resource::class.members.filterIsInstance<KFunction<*>>().filter { it.name == name }
    val method = methods.single { function -> function.parameters.none { it.name == "parameters" } }
    return method.callSuspendBy(method.arguments(arguments, resource))
}

/** A value of the package's own types as JSON, by the names of its properties. */
fun untyped(value: Any?): JsonElement =
    when (value) {
        null -> JsonNull
        is JsonElement -> value
        is String, is Path -> JsonPrimitive(value.toString())
        is Number -> JsonPrimitive(value)
        is Boolean -> JsonPrimitive(value)
        is List<*> -> JsonArray(value.map(::untyped))
        is Map<*, *> -> JsonObject(value.entries.associate { (name, item) -> name.toString() to untyped(item) })
        else -> JsonObject(properties(value, value::class.memberProperties.map { it.name }))
    }

/** These properties of an object; those that are null say nothing, nor does an `extra` without entries. */
fun properties(
    value: Any,
    names: List<String?>,
): Map<String, JsonElement> =
    value::class
        .memberProperties
        .filter { it.name in names }
        .associate { it.name to it.getter.call(value) }
        .filter { (name, property) -> property != null && (name != "extra" || property != emptyMap<String, JsonElement>()) }
        .mapValues { untyped(it.value) }
