package com.airudder

import com.airudder.internal.Failure
import com.airudder.internal.NativeException
import com.airudder.internal.uniffiEnsureInitialized
import kotlinx.serialization.SerializationException
import java.nio.charset.CharacterCodingException

/**
 * Loads the native library. JNA can lock itself up when several threads use it for the first time at once, so one of them loads it, and the others
 * wait here.
 */
internal val library: Unit by lazy { uniffiEnsureInitialized() }

/** Makes the exceptions of this package of those of the native library. */
internal inline fun <T> translating(call: () -> T): T =
    try {
        library
        call()
    } catch (failed: NativeException.Failed) {
        throw exception(failed.failure)
    } catch (_: SerializationException) {
        throw InvalidRequestException(failure("invalid_request", "A number is infinite or none at all; JSON has no such numbers."))
    } catch (_: CharacterCodingException) {
        throw InvalidRequestException(
            failure("invalid_request", "A text holds half a character (a lone surrogate), which UTF-8 does not have."),
        )
    } catch (_: com.airudder.internal.InternalException) {
        throw InternalException(failure("internal", "The native library panicked. Report it with the version and the operation."))
    }

/** The same for an event, all of whose failures are of one class. */
internal inline fun <T> translatingEvent(call: () -> T): T =
    translating {
        try {
            call()
        } catch (_: CharacterCodingException) {
            val message = "The kind or a header holds half a character, which no request can; pass the headers as they came."
            throw EventException(failure("event", message, "bad_header"))
        }
    }

/** A failure that the native library never saw. */
internal fun failure(
    code: String,
    message: String,
    reason: String? = null,
): Failure = Failure(code, message, null, null, null, null, null, 0, null, false, false, reason)

/** The value of a property that has to be set. */
internal fun <T : Any> given(
    name: String,
    value: T?,
): T = value ?: throw InvalidRequestException(failure("invalid_request", "`$name` is missing."))

internal fun unsigned(
    name: String,
    value: Long,
): ULong = if (value >= 0) value.toULong() else throw ConfigurationException(failure("configuration", "`$name` is less than 0."))
