package com.airudder

import com.airudder.internal.Header
import com.airudder.internal.NativeReceiver
import com.airudder.internal.NativeReply
import com.airudder.internal.NativeSettled
import com.airudder.internal.NativeTaken
import com.airudder.internal.kindOfPath
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.logging.Level
import java.util.logging.Logger
import kotlin.coroutines.coroutineContext
import kotlin.time.Duration

/** Handles events of one kind, in Java. It may wait, and is called on several threads at once. */
public fun interface EventHandler<in T : Event> {
    /** Handles an event. When it throws, AI Rudder sends the event again. */
    @Throws(Exception::class)
    public fun handle(event: T)
}

/** Is told of a handler that failed, in Java. It may wait. */
public fun interface EventErrorHandler {
    /** Takes the error and the event that was handled. What it throws is logged. */
    @Throws(Exception::class)
    public fun handle(
        error: Throwable,
        event: Event,
    )
}

/**
 * Hands each event to the handler of its kind, and each once: what a handler has handled is never handed out again, even when two copies arrive at the
 * same moment. A handler that throws makes AI Rudder send the event again, some minutes long.
 *
 * ```
 * val router = client.events.router(SqliteStore(Path("events.db")))
 * router.on<Event.CallFinished> { println(it.data.status) }
 * val reply = router.handle(body, headers)
 * ```
 *
 * `com.airudder.ktor` and `com.airudder.spring` put it into a server. What it refuses, and handlers that fail, are logged under `com.airudder.events` by
 * [Logger], with their stack and without anybody's data. Register the handlers first; any number of coroutines and threads may then handle events at the same time.
 */
public class EventRouter internal constructor(
    private val receiver: NativeReceiver,
    internal val maxBytes: Long,
    internal val bodyTimeout: Duration,
) {
    private val handlers = ConcurrentHashMap<String, suspend (Event) -> Unit>()

    @Volatile
    private var onError: (suspend (Throwable, Event) -> Unit)? = null

    /**
     * Registers the handler of a kind, such as `call.finished`.
     *
     * @throws EventException when there is no such kind
     * @throws IllegalStateException when the kind has a handler
     */
    @JvmSynthetic
    public fun on(
        kind: String,
        handler: suspend (Event) -> Unit,
    ): EventRouter = add(known(kind), handler)

    /**
     * Registers the handler of the kind whose events are of a class.
     *
     * @throws IllegalArgumentException when the class is that of no single kind
     * @throws IllegalStateException when the kind has a handler
     */
    public inline fun <reified T : Event> on(noinline handler: suspend (T) -> Unit): EventRouter = on(T::class.java, handler)

    @PublishedApi
    @JvmSynthetic
    internal fun <T : Event> on(
        type: Class<T>,
        handler: suspend (T) -> Unit,
    ): EventRouter {
        val kind = requireNotNull(kindsByClass[type]) { "${type.simpleName} is not the class of one kind of event" }
        return add(kind) { handler(type.cast(it)) }
    }

    /** Registers what handles all events that have no handler of their own. Without it they are answered with 200 and forgotten. */
    @JvmSynthetic
    public fun otherwise(handler: suspend (Event) -> Unit): EventRouter = add(OTHERWISE, handler)

    /**
     * Registers what is called when a handler throws, with its error and its event, before AI Rudder is asked to send the event again. The log has the stack
     * of the error, and its message without what the event says of people.
     *
     * @throws IllegalStateException when there is one already
     */
    @JvmSynthetic
    public fun onError(callback: suspend (Throwable, Event) -> Unit): EventRouter {
        check(onError == null) { "there is a callback for errors already" }
        onError = callback
        return this
    }

    /** Registers what is called when a handler throws, in Java; see the other function of this name. */
    public fun onError(callback: EventErrorHandler): EventRouter =
        onError { error: Throwable, event: Event -> runInterruptible(Dispatchers.IO) { callback.handle(error, event) } }

    /** Registers the handler of a kind, in Java; see the other functions of this name. */
    public fun on(
        kind: String,
        handler: EventHandler<Event>,
    ): EventRouter = add(known(kind)) { waitFor(handler, it) }

    /** Registers the handler of the kind whose events are of a class, in Java: `router.on(Event.CallFinished.class, event -> ...)`. */
    public fun <T : Event> on(
        type: Class<T>,
        handler: EventHandler<T>,
    ): EventRouter = on(type) { event: T -> waitFor(handler, event) }

    /** Registers what handles all events that have no handler of their own, in Java. */
    public fun otherwise(handler: EventHandler<Event>): EventRouter = add(OTHERWISE) { waitFor(handler, it) }

    /**
     * Handles a request that AI Rudder sent. Answer it with the status of the reply.
     *
     * Cancelling the coroutine cancels the handler, and AI Rudder's next copy is handled.
     *
     * @param body the body of the request, byte by byte as it came and before any framework has parsed it
     * @param headers its headers, each a text or a list of texts; upper and lower case make no difference
     * @param kind which event it is, such as `call.finished`, when its URL tells; else it is told by its fields
     */
    public suspend fun handle(
        body: ByteArray,
        headers: Map<String, Any?>,
        kind: String? = null,
    ): EventReply = handle(body, headers.records(), kind)

    /** The same for Java; it waits for the handler. */
    @JvmOverloads
    public fun handleBlocking(
        body: ByteArray,
        headers: Map<String, Any?>,
        kind: String? = null,
    ): EventReply = waiting { handle(body, headers, kind) }

    /** The same for Java, promised. Cancelling the future cancels the handler. */
    @JvmOverloads
    public fun handleAsync(
        body: ByteArray,
        headers: Map<String, Any?>,
        kind: String? = null,
    ): CompletableFuture<EventReply> = later { handle(body, headers, kind) }

    internal suspend fun handle(
        body: ByteArray,
        headers: List<Header>,
        kind: String?,
    ): EventReply {
        val taken =
            try {
                calling { receiver.take(body, headers, kind) }
            } catch (_: InvalidRequestException) {
                // Half a character, which no header and no kind can hold.
                return EventReply(BAD_REQUEST, "refused", "bad_header")
            }
        return when (taken) {
            is NativeTaken.Answer -> told(taken.reply)
            is NativeTaken.Handle -> settled(taken)
        }
    }

    private suspend fun settled(taken: NativeTaken.Handle): EventReply {
        val settled =
            try {
                run(taken)
            } catch (cancelled: CancellationException) {
                settle(taken, NativeSettled.FAILED)
                throw cancelled
            }
        val reply = settle(taken, settled)
        // A failure is logged already, with its stack.
        return if (settled == NativeSettled.HANDLED) told(reply) else reply(reply)
    }

    @Suppress("TooGenericExceptionCaught") // whatever a user's code throws
    private suspend fun run(taken: NativeTaken.Handle): NativeSettled {
        val handler = handlers[taken.event.kind] ?: handlers[OTHERWISE] ?: return NativeSettled.UNHANDLED
        val event = taken.event.typed()
        try {
            handler(event)
            return NativeSettled.HANDLED
        } catch (thrown: Throwable) {
            // A handler that timed out has failed; one that was cancelled from outside has to end.
            coroutineContext.ensureActive()
            logFailure("the handler", thrown, taken)
            tell(thrown, event, taken)
            return NativeSettled.FAILED
        }
    }

    @Suppress("TooGenericExceptionCaught") // whatever a user's code throws
    private suspend fun tell(
        thrown: Throwable,
        event: Event,
        taken: NativeTaken.Handle,
    ) {
        try {
            onError?.invoke(thrown, event)
        } catch (second: Throwable) {
            coroutineContext.ensureActive()
            logFailure("`onError`", second, taken)
        }
    }

    private fun logFailure(
        who: String,
        thrown: Throwable,
        taken: NativeTaken.Handle,
    ) {
        val message = "$who of ${taken.event.kind} failed; AI Rudder is to send the event again"
        log.log(Level.WARNING, message, RedactedThrowable.of(thrown) { taken.delivery.redacted(it) })
    }

    /** Whatever becomes of the caller, the store hears what came of it. */
    private suspend fun settle(
        taken: NativeTaken.Handle,
        settled: NativeSettled,
    ): NativeReply = withContext(NonCancellable) { calling { taken.delivery.use { receiver.settle(it, settled) } } }

    private fun told(reply: NativeReply): EventReply {
        if (reply.outcome == "refused") log.log(Level.INFO, "an event was refused: {0}", reply.message)
        if (reply.outcome == "failed") log.log(Level.WARNING, "an event was not handled: {0}", reply.message)
        if (reply.outcome == "handled" && reply.message != null) log.log(Level.WARNING, "an event was handled: {0}", reply.message)
        return reply(reply)
    }

    private fun reply(reply: NativeReply) = EventReply(reply.status, reply.outcome, reply.reason)

    private fun add(
        kind: String,
        handler: suspend (Event) -> Unit,
    ): EventRouter {
        check(handlers.putIfAbsent(kind, handler) == null) { "${kind.ifEmpty { "`otherwise`" }} has a handler already" }
        return this
    }

    private fun known(kind: String): String {
        if (kind in AiRudder.eventKinds) return kind
        val message = "There is no kind of event `$kind`; `AiRudder.eventKinds` has them all."
        throw EventException(failure("event", message, "unknown_kind"))
    }

    private suspend fun <T : Event> waitFor(
        handler: EventHandler<T>,
        event: T,
    ) = runInterruptible(Dispatchers.IO) { handler.handle(event) }

    private companion object {
        /** No kind is called so. */
        const val OTHERWISE = ""
        const val BAD_REQUEST = 400
        val log: Logger = Logger.getLogger("com.airudder.events")
    }
}

/**
 * What to answer AI Rudder.
 *
 * @property status the HTTP status; AI Rudder sends an event again after anything but 200
 * @property outcome `handled`, `duplicate`, `unhandled` (no handler is registered), `busy` (another copy is being handled), `failed` or `refused`
 * @property reason what is wrong with an event that is refused, such as `sign`; see [AiRudderException.reason]
 */
public data class EventReply(
    public val status: Int,
    public val outcome: String,
    public val reason: String? = null,
)

/** The kind that the last segment of a path names, as in `/events/call.finished`. */
internal fun kindIn(path: String): String? = translating { kindOfPath(path) }
