package com.airudder

import com.airudder.internal.Options
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration
import kotlin.time.toKotlinDuration

/**
 * What one call sets for itself, beyond its typed parameters.
 *
 * @property timeout how long this call may take with all its retries, in place of the client's `timeout`
 * @property maxRetries how often it may be repeated, in place of the client's `maxRetries`. Never makes a call repeatable that is not.
 * @property extraQuery fields to add to the query string; they replace typed ones of the same name in AI Rudder's API
 * @property extraBody fields to add to the JSON body; they replace typed ones of the same name in AI Rudder's API
 * @property extraHeaders headers to add; they replace the client's own of the same name
 * @property onProgress who hears how far a download is; other calls do not use it
 */
public class CallOptions(
    public val timeout: Duration? = null,
    public val maxRetries: Int? = null,
    public val extraQuery: Map<String, JsonElement> = emptyMap(),
    public val extraBody: Map<String, JsonElement> = emptyMap(),
    public val extraHeaders: Map<String, String> = emptyMap(),
    public val onProgress: ProgressListener? = null,
) {
    internal val isEmpty: Boolean
        get() = timeout == null && maxRetries == null && extraQuery.isEmpty() && extraBody.isEmpty() && extraHeaders.isEmpty()

    internal fun native(): Options =
        Options(
            timeout = timeout?.inSeconds(),
            maxRetries = maxRetries?.let { unsigned("maxRetries", it.toLong()).toUInt() },
            extraQuery = JsonObject(extraQuery).text(),
            extraBody = JsonObject(extraBody).text(),
            extraHeaders = extraHeaders,
        )

    public companion object {
        /** The options of a call, for Java. */
        @JvmStatic
        public fun builder(): Builder = Builder()
    }

    /** The options of a call, for Java; they are those of the constructor of [CallOptions]. */
    public class Builder internal constructor() {
        private var timeout: Duration? = null
        private var maxRetries: Int? = null
        private var extraQuery: Map<String, JsonElement> = emptyMap()
        private var extraBody: Map<String, JsonElement> = emptyMap()
        private var extraHeaders: Map<String, String> = emptyMap()
        private var onProgress: ProgressListener? = null

        public fun timeout(value: java.time.Duration): Builder = apply { timeout = value.toKotlinDuration() }

        public fun maxRetries(value: Int): Builder = apply { maxRetries = value }

        public fun extraQuery(value: Map<String, JsonElement>): Builder = apply { extraQuery = value }

        public fun extraBody(value: Map<String, JsonElement>): Builder = apply { extraBody = value }

        public fun extraHeaders(value: Map<String, String>): Builder = apply { extraHeaders = value }

        public fun onProgress(value: ProgressListener): Builder = apply { onProgress = value }

        public fun build(): CallOptions = CallOptions(timeout, maxRetries, extraQuery, extraBody, extraHeaders, onProgress)
    }
}

/** What happens when a request is sent twice. */
public enum class Retry {
    /** Nothing: it only reads. */
    READ,

    /** Nothing more than when it is sent once. */
    REPEATABLE,

    /** Harm, such as a phone that rings twice: it is only sent again when it provably was not carried out. */
    ONCE,
}
