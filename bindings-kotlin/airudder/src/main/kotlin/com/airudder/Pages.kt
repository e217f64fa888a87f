package com.airudder

import com.airudder.internal.NativePager
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.util.stream.Stream
import java.util.stream.StreamSupport

/**
 * The items of a list, all pages of it. Each iterator, and each stream, begins with the first page and asks for the next one when its items are used up:
 * whoever stops early asks for no more. After a failure that is retryable, the same page can be asked for again.
 */
public class Pages<T : Any> internal constructor(
    private val open: () -> NativePager,
    private val items: (JsonCursor) -> List<T>,
) : Iterable<T> {
    override fun iterator(): Iterator<T> = Items()

    /** The items as a stream; it fetches on the thread that takes from it, one page at a time. */
    public fun stream(): Stream<T> = StreamSupport.stream(spliterator(), false)

    internal fun flow(): Flow<T> =
        flow {
            translating(open).use { pager ->
                do {
                    val page = next(pager)
                    page?.forEach { emit(it) }
                } while (page != null)
            }
        }

    private suspend fun next(pager: NativePager): List<T>? = calling { pager.nextPage()?.let { items(cursor(it)) } }

    private inner class Items : Iterator<T> {
        private val pager = translating(open)
        private var page = emptyList<T>().iterator()
        private var isOver = false

        override fun hasNext(): Boolean {
            while (!page.hasNext() && !isOver) {
                val items = waiting { next(pager) }
                isOver = items == null
                page = items.orEmpty().iterator()
            }
            return page.hasNext()
        }

        override fun next(): T = if (hasNext()) page.next() else throw NoSuchElementException()
    }
}
