package com.airudder

import kotlinx.coroutines.flow.count
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What is special to Kotlin, against the emulator. */
class EmulatorTest {
    private val emulator = TestServer.emulator()
    private val client = AiRudder(baseUrl = emulator.url)

    @AfterEach
    fun end() {
        client.close()
        emulator.close()
    }

    private suspend fun create(name: String): CreatedTask {
        val contacts = listOf(CollectionContact(mobile = "+6281230000001"))
        return client.tasks.create(name, "2020-01-01 00:00:00", "2099-01-01 00:00:00", robotId = "1001", details = contacts)
    }

    @Test
    suspend fun `a flow goes through all pages and asks for no more than is collected`() {
        val created = listOf("one", "two", "three").map { create(it).taskId }
        val seen = client.tasks.listAll(pageSize = 2).map { it.taskId }
        assertEquals(created.toSet(), seen.toList().toSet())
        assertEquals(3, seen.count())
        emulator.control("DELETE", "/_emulator/requests")
        seen.first()
        val requests = emulator.control("GET", "/_emulator/requests").toString()
        assertTrue(requests.contains("Number=2&Page=1") && !requests.contains("Page=2"), requests)
    }

    @Test
    suspend fun `a task that is copied differs in what is said`() {
        val task = CreateTask("one", "2020-01-01 00:00:00", "2099-01-01 00:00:00", "1001", listOf(CollectionContact("+6281230000001")))
        val first = client.tasks.create(task)
        val second = client.tasks.create(task.copy(taskName = "two"))
        assertEquals(listOf("one", "two"), listOf(first, second).map { client.tasks.detail(it.taskId).taskName })
    }

    @Test
    suspend fun `a closed client refuses to call`() {
        client.close()
        client.close()
        assertThrows<IllegalStateException> { client.tasks.robots() }
    }
}
