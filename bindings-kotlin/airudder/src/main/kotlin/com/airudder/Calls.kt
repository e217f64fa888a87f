package com.airudder

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.future.future
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.JsonObject
import java.util.concurrent.CompletableFuture

/** The parameters of a call; those that are null are left out. */
internal fun parameters(vararg fields: Pair<String, Any?>): JsonObject =
    JsonObject(fields.filter { it.second != null }.associate { (name, value) -> name to json(value) })

/**
 * Runs away from the caller's thread: reading a long answer would stop a user interface, and a caller who resumes in place would hold up the
 * native library's own thread. `interruption` says what may have become of the call if it is cancelled.
 */
internal suspend fun <T> calling(
    interruption: () -> String? = { null },
    call: suspend () -> T,
): T =
    try {
        withContext(Dispatchers.Default) { translating { call() } }
    } catch (cancelled: CancellationException) {
        interruption()?.let { note ->
            // An interrupted thread sees the innermost cause.
            val causes = generateSequence<Throwable>(cancelled) { it.cause }.take(MOST_CAUSES)
            causes.forEach { it.addSuppressed(InterruptedCall(note)) }
        }
        throw cancelled
    }

/** A chain of causes that goes in circles ends somewhere. */
private const val MOST_CAUSES = 10

/** What may have become of a call that was cancelled. */
private class InterruptedCall(
    message: String,
) : Exception(message)

internal fun <T> waiting(call: suspend () -> T): T =
    try {
        runBlocking { call() }
    } catch (failed: AiRudderException) {
        // The call ran on another thread, whose stack would tell the caller nothing.
        throw failed.apply { fillInStackTrace() }
    }

/** Calls that fail do so one by one. */
private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

internal fun <T> later(call: suspend () -> T): CompletableFuture<T> = scope.future { call() }
