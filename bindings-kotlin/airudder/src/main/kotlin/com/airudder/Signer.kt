package com.airudder

import com.airudder.internal.NativeSigner
import com.airudder.internal.RequestToSign
import com.airudder.internal.SignerFailure
import java.util.Objects

/**
 * Signs the calls of the Chatbot API, and says what the sign of events has to be, in place of `signSecret`.
 *
 * ```
 * AiRudder(signKey = "...", signer = { request -> myDigest(request.path, request.body) })
 * ```
 */
public fun interface Signer {
    /**
     * The text for the header `X-AIRudder-Sign`. It is asked for once for each time that a request is sent, on a thread of its own and on several at
     * once; it may wait for something. When it throws, the call fails with a [ConfigurationException] that names the class of what was thrown, and
     * nothing is sent. For an event, [Events.unwrap] asks on its own thread, and fails with an [EventException].
     */
    public fun sign(request: SigningRequest): String
}

/**
 * A request that wants to be signed. Its `toString` shows neither path nor body.
 *
 * @property method the HTTP method, such as `POST`
 * @property path the path, with the query after a `?` when there is one; empty for an event, whose path is yours
 * @property signKey the client's `signKey`
 * @property body the bytes of the body, empty when there is none; null when a file is sent from the disk, for it is never held as a whole
 * @property bodySha256 the SHA-256 of the whole body in lower-case hexadecimal digits when [body] is null
 */
public class SigningRequest internal constructor(
    public val method: String,
    public val path: String,
    public val signKey: String,
    public val body: ByteArray?,
    public val bodySha256: String?,
) {
    override fun toString(): String = "SigningRequest(method=$method, bodyBytes=${body?.size})"
}

/** Has the native library call a [Signer]. */
internal class SignerCall(
    private val signer: Signer,
) : NativeSigner {
    @Suppress("TooGenericExceptionCaught") // whatever a user's code throws
    override fun sign(request: RequestToSign): String =
        try {
            val wanted = SigningRequest(request.method, request.path, request.signKey, request.body, request.bodySha256)
            // A signer in Java may return null.
            Objects.requireNonNull(signer.sign(wanted))
        } catch (thrown: Throwable) {
            throw SignerFailure.Threw(thrown.javaClass.name)
        }
}
