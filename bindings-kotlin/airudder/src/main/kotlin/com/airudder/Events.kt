package com.airudder

import com.airudder.internal.Header
import kotlin.time.Duration

/**
 * What AI Rudder posts to your own URL.
 *
 * Anybody may post to a public URL. An event is taken in time and memory that grow with its size, which is limited by the client's `maxEventBytes`; one
 * that cannot be taken is an [EventException], whose `reason` says what is wrong, and nothing else.
 */
public class Events internal constructor(
    private val native: Native,
) {
    /**
     * Makes a typed event of a request that AI Rudder sent: checks its sign where it has one, and decrypts it when it is encrypted.
     *
     * Answer the request with HTTP 200 as soon as this returns. AI Rudder sends an event again when it is not answered so: expect duplicates.
     *
     * @param body the body of the request, byte by byte as it came and before any framework has parsed it
     * @param headers its headers, each a text or a list of texts; upper and lower case make no difference
     * @param kind which event it is, such as `call.finished`, when its URL tells; else it is told by its fields. Give it when you can: who sends a
     *   forged event chooses its fields.
     * @throws EventException when it cannot be taken as it came
     */
    @JvmOverloads
    public fun unwrap(
        body: ByteArray,
        headers: Map<String, Any?>,
        kind: String? = null,
    ): Event = native.unwrap(body, headers.records(), kind)

    /**
     * Hands events to the handlers of their kinds, each once.
     *
     * @param store remembers which events were handled: in the memory of this process by default
     * @param bodyTimeout how long the body of a request may take to come where `com.airudder.ktor` reads it; 30 seconds by default. One that takes longer
     *   is answered with 408. With Spring the server has a limit of its own.
     */
    public fun router(
        store: Store = MemoryStore(),
        bodyTimeout: Duration? = null,
    ): EventRouter = native.router(store, bodyTimeout)

    /** The same for Java. */
    public fun router(store: Store): EventRouter = native.router(store, null)

    /** The same for Java, with a store in the memory of this process. */
    public fun router(): EventRouter = native.router(MemoryStore(), null)

    /**
     * A body as AI Rudder might post it for events of this kind, for tests of your receiver: JSON, the same every time. Its people do not exist.
     *
     * @throws EventException when there is no such kind
     */
    public fun sample(kind: String): ByteArray = native.sample(kind)

    /**
     * The headers of a body that is signed with the client's own `signSecret` or `signer`, for tests of your receiver. Sign what is sent: encrypt
     * first.
     *
     * @throws EventException when the client has nothing to sign with
     */
    public fun sign(body: ByteArray): Map<String, String> = native.sign(body)

    /**
     * A body encrypted with the client's own key, with the headers that say so, for tests of your receiver.
     *
     * @throws EventException when the client has no `encryptionKey`
     */
    public fun encrypt(body: ByteArray): EventDelivery = native.encrypt(body)
}

/**
 * A request as AI Rudder makes it. Its `toString` shows neither body nor headers.
 *
 * @property body the body
 * @property headers the headers that belong to it
 */
public class EventDelivery internal constructor(
    public val body: ByteArray,
    public val headers: Map<String, String>,
) {
    override fun toString(): String = "EventDelivery(bodyBytes=${body.size})"
}

/** The records of headers whose values are texts or lists of texts. */
internal fun Map<String, Any?>.records(): List<Header> =
    flatMap { (name, value) ->
        val values = if (value is Iterable<*>) value else listOf(value)
        values.filterNotNull().map { Header(name, it.toString()) }
    }
