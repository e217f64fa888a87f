package com.airudder

import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Reads what the native library writes as the JSON library reads it. */
class JsonCursorTest {
    private fun <T> read(
        json: String,
        reader: Reader<T>,
    ): T = reader(cursor(json))

    @Test
    fun `scalars are read`() {
        for (text in listOf("", "plain", "a\"b\\c\n\t/", "é ü 電話 😀", "\u0000\u001f\u007f", "\\", "\\\"")) {
            assertEquals(text, read(Json.encodeToString(text), com.airudder.text))
        }
        assertEquals("😀\u2028/", read(""""\ud83d\ude00\u2028\/"""", text))
        for (number in listOf(0L, -1L, 42L, Long.MAX_VALUE, Long.MIN_VALUE)) assertEquals(number, read("$number", integer))
        for (double in listOf("0.5", "-1e21", "3", "1.7976931348623157e308")) assertEquals(double.toDouble(), read(double, number))
        assertEquals(listOf(true, false), read("[true,false]", list(boolean)))
    }

    @Test
    fun `any JSON is kept as it is`() {
        for (json in listOf("null", "true", "-1.50", "\"}\\\"]\"", "[]", "{}", """{"a":[{"b":"]}\\"},[1,2],null],"":{}}""")) {
            assertEquals(Json.parseToJsonElement(json), read(json, anything))
            assertEquals(listOf(json, json).map(Json::parseToJsonElement), read("[$json,$json]", list(anything)))
            assertEquals(Json.parseToJsonElement(json), read("""{"x":$json,"y":1}""", map(anything))["x"])
        }
    }

    @Test
    fun `fields are read in their order, whether they are there or not`() {
        fun read(json: String) =
            cursor(
                json,
            ).model { Triple(it.optional("a", text), it.optional("ab", list(integer)), it.passing("kind").optional("c", integer)) }
        assertEquals(Triple("1", listOf(2L), 3L), read("""{"a":"1","ab":[2],"c":3}"""))
        assertEquals(Triple(null, emptyList<Long>(), null), read("""{"ab":[]}"""))
        assertEquals(Triple(null, null, 3L), read("""{"a":null,"kind":{"c":[4]},"c":3}"""))
        assertEquals(Triple(null, null, null), read("""{"kind":"x"}"""))
        assertEquals(Triple(null, null, null), read("{}"))
    }

    @Test
    fun `a field that nobody reads is noticed`() {
        assertThrows<InternalException> { cursor("""{"b":1,"a":2}""").model { it.optional("a", integer) to it.optional("b", integer) } }
        assertThrows<InternalException> { cursor("""{"b":1}""").model { it.required("a", integer) } }
    }

    @Test
    fun `one field is found wherever it stands`() {
        assertEquals(listOf("x"), cursor("""{"a":{"b":["y"]},"b":["x"],"c":1}""").single("b", list(text)))
        assertNull(cursor("""{"a":{"b":1}}""").single("b", integer))
    }
}
