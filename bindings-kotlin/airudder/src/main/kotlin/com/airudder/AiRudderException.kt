package com.airudder

import com.airudder.internal.Failure
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Why a call failed. Each way to fail has a class of its own; none of them shows a secret or anybody's data.
 *
 * Before a request that makes phones ring is made again, look at [mayHaveBeenApplied].
 */
public sealed class AiRudderException(
    failure: Failure,
) : RuntimeException(failure.message) {
    /** The kind of failure as text, the same in every language of this SDK: `rate_limited`. */
    public val code: String = failure.code

    /** The operation that failed, such as `tasks.create`; null when the client itself could not be made. */
    public val operation: String? = failure.operation

    /** The HTTP status of the last answer. */
    public val status: Int? = failure.status

    /** The `code` in the last answer's envelope. */
    public val apiCode: Long? = failure.apiCode

    /** AI Rudder's own words, without what they say of people. */
    public val apiMessage: String? = failure.apiMessage

    /** The id under which AI Rudder knows the request. */
    public val requestId: String? = failure.requestId

    /** How often the request was sent, or tried to be. */
    public val attempts: Int = failure.attempts

    /** How many seconds AI Rudder asks to wait before the next request. */
    public val retryAfterSeconds: Double? = failure.retryAfter

    /** Whether the same call may succeed when it is made again, and making it again harms nobody. */
    @get:JvmName("isRetryable")
    public val retryable: Boolean = failure.retryable

    /** Whether AI Rudder may have carried the request out although the call failed. Then look before calling again. */
    @get:JvmName("mayHaveBeenApplied")
    public val mayHaveBeenApplied: Boolean = failure.mayHaveBeenApplied

    /** What is wrong with an event, such as `sign` or `not_json`; null for every class but [EventException]. */
    public val reason: String? = failure.reason
}

/** How long AI Rudder asks to wait before the next request. */
public val AiRudderException.retryAfter: Duration? get() = retryAfterSeconds?.seconds
