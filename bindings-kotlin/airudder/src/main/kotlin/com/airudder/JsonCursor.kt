package com.airudder

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonPrimitive

private val extraFields = map(anything)

/**
 * Goes once through JSON that the native library wrote, from front to back.
 *
 * That library checked it and wrote it without white space, with the fields of an object in the order of the contract and thus in that of the properties
 * of its class: so nothing is checked here, and a field that is not the next one is not there.
 */
internal class JsonCursor(
    private val bytes: ByteArray,
    private var at: Int = 0,
) {
    /** Fields of the object at hand that no property is read from. */
    private var passed: Array<out String> = emptyArray()

    fun <T> required(
        name: String,
        reader: Reader<T>,
    ): T = optional(name, reader) ?: throw unexpected("an answer has no `$name`")

    fun <T> optional(
        name: String,
        reader: Reader<T>,
    ): T? {
        if (!isNext(name) && !(pass() && isNext(name))) return null
        toValueOf(name)
        if (isNull()) return null
        return reader(this)
    }

    /** A field of an object, of which nothing else is read. */
    fun <T> single(
        name: String,
        reader: Reader<T>,
    ): T? {
        at++
        while (isOpen('}') && !isNext(name)) skipField()
        return optional(name, reader)
    }

    fun extra(): Map<String, JsonElement> = optional("extra", extraFields).orEmpty()

    /** Lets the given fields be passed over wherever they stand in the object at hand. */
    fun passing(vararg names: String): JsonCursor = apply { passed = names }

    /** Reads an object with what reads its fields. */
    fun <T> model(from: (JsonCursor) -> T): T {
        val outer = passed
        passed = emptyArray()
        at++
        val model = from(this)
        pass()
        if (bytes[at] != '}'.code.toByte()) throw unexpected("an answer has its fields in an unknown order")
        at++
        passed = outer
        return model
    }

    fun <T> list(item: Reader<T>): List<T> {
        at++
        val list = ArrayList<T>()
        while (isOpen(']')) {
            list.add(item(this))
        }
        at++
        return list
    }

    fun <T> map(item: Reader<T>): Map<String, T> {
        at++
        val map = LinkedHashMap<String, T>()
        while (isOpen('}')) {
            val name = text()
            at++
            map[name] = item(this)
        }
        at++
        return map
    }

    fun text(): String {
        val start = at + 1
        var end = start
        while (bytes[end] != QUOTE) {
            if (bytes[end] == ESCAPE) return escaped()
            end++
        }
        at = end + 1
        return String(bytes, start, end - start, Charsets.UTF_8)
    }

    fun integer(): Long {
        val isNegative = bytes[at] == '-'.code.toByte()
        if (isNegative) at++
        var number = 0L
        while (at < bytes.size) {
            val digit = bytes[at] - '0'.code
            if (digit !in 0..9) break
            // Below 0, where the smallest number has room.
            number = number * 10 - digit
            at++
        }
        return if (isNegative) number else -number
    }

    fun number(): Double = loose().toDouble()

    fun boolean(): Boolean = loose() == "true"

    fun anything(): JsonElement = if (bytes[at] == QUOTE) JsonPrimitive(text()) else Json.parseToJsonElement(loose())

    /** A text with escapes, which the JSON library knows all about. */
    private fun escaped(): String = Json.parseToJsonElement(loose()).jsonPrimitive.content

    /** The JSON of a value. */
    private fun loose(): String {
        val start = at
        skip()
        return String(bytes, start, at - start, Charsets.UTF_8)
    }

    /** Whether something comes before the end of the list or the object; passes what stands between two. */
    private fun isOpen(end: Char): Boolean {
        if (bytes[at] == ','.code.toByte()) at++
        return bytes[at] != end.code.toByte()
    }

    private fun isNull(): Boolean {
        if (bytes[at] != 'n'.code.toByte()) return false
        at += "null".length
        return true
    }

    /** Whether the next field has this name. Its quotes tell where it ends. */
    private fun isNext(name: String): Boolean {
        var place = if (bytes[at] == ','.code.toByte()) at + 1 else at
        if (bytes[place++] != QUOTE) return false
        for (index in name.indices) {
            if (bytes[place + index] != name[index].code.toByte()) return false
        }
        return bytes[place + name.length] == QUOTE
    }

    private fun toValueOf(name: String) {
        if (bytes[at] == ','.code.toByte()) at++
        at += name.length + "\"\":".length
    }

    /** Passes over fields that no property is read from; tells whether there were any. */
    private fun pass(): Boolean {
        val start = at
        while (passed.any(::isNext)) skipField()
        return at != start
    }

    private fun skipField() {
        if (bytes[at] == ','.code.toByte()) at++
        skip()
        at++
        skip()
    }

    private fun skip() {
        var depth = 0
        do {
            when (bytes[at++].toInt().toChar()) {
                '"' -> skipText()
                '[', '{' -> depth++
                ']', '}' -> depth--
                else -> skipWord()
            }
        } while (depth > 0)
    }

    private fun skipText() {
        while (bytes[at] != QUOTE) at += if (bytes[at] == ESCAPE) 2 else 1
        at++
    }

    /** The rest of a number or a word, or what stands between two values. */
    private fun skipWord() {
        while (at < bytes.size && bytes[at].toInt().toChar() !in ENDS) at++
    }

    private fun unexpected(what: String) = InternalException(failure("internal", "Reading from the native library, $what."))

    private companion object {
        const val QUOTE = '"'.code.toByte()
        const val ESCAPE = '\\'.code.toByte()
        const val ENDS = ",:[]{}\""
    }
}
