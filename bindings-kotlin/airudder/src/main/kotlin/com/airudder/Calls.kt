package com.airudder

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
 * native library's own thread.
 */
internal suspend fun <T> calling(call: suspend () -> T): T = withContext(Dispatchers.Default) { translating { call() } }

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
