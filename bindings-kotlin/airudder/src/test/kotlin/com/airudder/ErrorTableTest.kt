package com.airudder

import com.airudder.internal.fail
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.yaml.snakeyaml.Yaml
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.ObjectInputStream
import java.io.ObjectOutputStream
import kotlin.reflect.KClass
import kotlin.time.Duration.Companion.milliseconds

/** Walks the error table through the native library. */
class ErrorTableTest {
    @Suppress("UNCHECKED_CAST")
    private val table = Yaml().load<Map<String, Any>>(TestServer.workspace.resolve("contract/errors.yaml").reader())

    @Suppress("UNCHECKED_CAST")
    private fun rows(name: String) = table.getValue(name) as List<Map<String, Any>>

    private fun className(name: Any?) = name.toString().removeSuffix("Error") + "Exception"

    @Test
    suspend fun `every kind has its own class with all attributes`() {
        val kinds = rows("kinds")
        val classes =
            kinds.map { row ->
                val failed = failure(row.getValue("kind").toString())
                assertEquals(className(row["class"]), failed::class.simpleName)
                assertEquals(row["kind"], failed.code)
                assertEquals("tasks.create", failed.operation)
                assertEquals(418, failed.status)
                assertEquals(40_018, failed.apiCode)
                assertEquals("a sample of AI Rudder's words", failed.apiMessage)
                assertEquals("0123456789abcdef0123456789abcdef", failed.requestId)
                assertEquals(2, failed.attempts)
                assertEquals(1500.milliseconds, failed.retryAfter)
                assertEquals(row["retryable"], failed.retryable)
                assertTrue(failed.mayHaveBeenApplied)
                assertEquals("sign", failed.reason)
                assertTrue(failed.message.orEmpty().contains("a sample"), failed.message)
                failed::class
            }
        assertEquals(kinds.size, classes.toSet().size)
    }

    @Test
    suspend fun `the classes form the tree of the table`() {
        val groups = rows("groups").map { className(it["class"]) to className(it["parent"]) }
        val kinds = rows("kinds").map { className(it["class"]) to className(it["parent"]) }
        for ((name, parent) in groups + kinds) {
            assertEquals(parent, Class.forName("com.airudder.$name").superclass.simpleName, name)
        }
        val root: KClass<*> = AiRudderException::class
        assertTrue(root.isSealed)
    }

    @Test
    suspend fun `a panic becomes an exception that does not repeat it`() {
        val failed = failure("no such kind")
        assertTrue(failed is InternalException, failed.toString())
        assertFalse(failed.message.orEmpty().contains("no such row"), failed.message)
    }

    @Test
    suspend fun `exceptions can be serialized`() {
        val failed = failure("rate_limited")
        val bytes = ByteArrayOutputStream().also { ObjectOutputStream(it).writeObject(failed) }.toByteArray()
        val copy = ObjectInputStream(ByteArrayInputStream(bytes)).readObject() as RateLimitedException
        assertEquals(failed.message, copy.message)
        assertEquals(failed.retryAfter, copy.retryAfter)
        assertEquals(failed.requestId, copy.requestId)
    }

    private suspend fun failure(kind: String): AiRudderException = assertThrows<AiRudderException> { calling { fail(kind) } }
}
