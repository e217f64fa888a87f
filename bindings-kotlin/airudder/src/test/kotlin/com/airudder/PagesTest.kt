package com.airudder

import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows

/** The lists that come in pages: who stops early asks for no more, and a list that has no end is noticed. */
@Timeout(60)
class PagesTest {
    /** How many pages the server has; the one after the last is the last one again when [comesAgain]. */
    private var comesAgain = false
    private val server =
        FakeServer { request ->
            val page =
                Regex("Page=(\\d+)")
                    .find(request.target)
                    ?.groupValues
                    ?.get(1)
                    ?.toInt() ?: 1
            val shown = if (comesAgain) minOf(page, PAGES) else page
            val tasks = if (shown > PAGES) emptyList() else listOf("$shown-1", "$shown-2").map { """{"TaskID": "$it"}""" }
            val total = if (comesAgain) "" else """, "Total": ${2 * PAGES}"""
            """{"List": $tasks$total}"""
        }
    private val client = AiRudder(baseUrl = server.url, maxRetries = 0)
    private val all = (1..PAGES).flatMap { listOf("$it-1", "$it-2") }

    @AfterEach
    fun end() {
        client.close()
        server.close()
    }

    private val asked get() = server.requests.size

    @Test
    suspend fun `a flow asks for pages as they are collected, and anew each time`() {
        val ids = client.tasks.listAll(pageSize = 2).map { it.taskId }
        assertEquals(0, asked)
        assertEquals("1-1", ids.first())
        assertEquals(1, asked)
        assertEquals(all.take(2), ids.take(2).toList())
        assertEquals(2, asked)
        assertEquals(all.take(3), ids.take(3).toList())
        assertEquals(4, asked)
        assertEquals(all, ids.toList())
        assertEquals(4 + PAGES, asked)
    }

    @Test
    suspend fun `a flow begins at the page that is named`() {
        assertEquals(
            all.drop(2),
            client.tasks
                .listAll(page = 2)
                .map { it.taskId }
                .toList(),
        )
        assertEquals(
            all.drop(4),
            client.tasks
                .listAll(TasksListParams(page = 3))
                .map { it.taskId }
                .toList(),
        )
    }

    @Test
    fun `whoever waits for a list asks for pages as they are taken`() {
        val pages = client.blocking().tasks.listAll()
        assertEquals(0, asked)
        val items = pages.iterator()
        assertEquals(listOf("1-1", "1-2"), listOf(items.next(), items.next()).map { it.taskId })
        assertEquals(1, asked)
        assertEquals("2-1", items.next().taskId)
        assertEquals(2, asked)
        assertEquals(all, pages.map { it.taskId })
        assertEquals(
            all.take(1),
            pages
                .stream()
                .limit(1)
                .map { it.taskId }
                .toList(),
        )
        assertEquals(2 + PAGES + 1, asked)
    }

    @Test
    fun `an iterator that has ended stays so`() {
        val items =
            client
                .blocking()
                .tasks
                .listAll()
                .iterator()
        assertEquals(all.size, items.asSequence().count())
        assertFalse(items.hasNext())
        assertThrows<NoSuchElementException> { items.next() }
        assertEquals(PAGES, asked)
    }

    @Test
    suspend fun `a page that comes again is an error after the good ones`() {
        comesAgain = true
        val seen = mutableListOf<String?>()
        assertThrows<EndlessListException> { client.tasks.listAll().collect { seen += it.taskId } }
        assertEquals(all, seen)
        val items =
            client
                .blocking()
                .tasks
                .listAll()
                .iterator()
        val failed = assertThrows<EndlessListException> { while (items.hasNext()) items.next() }
        assertEquals("tasks.list", failed.operation)
        assertFalse(items.hasNext())
    }

    private companion object {
        const val PAGES = 3
    }
}
