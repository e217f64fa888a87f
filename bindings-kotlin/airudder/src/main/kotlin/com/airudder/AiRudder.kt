package com.airudder

import com.airudder.internal.Settings
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlin.time.Duration
import kotlin.time.toKotlinDuration

/**
 * AI Rudder's API. One client serves any number of coroutines and threads at the same time; make one and keep it.
 *
 * ```
 * AiRudder(appKey = "...", appSecret = "...").use { client ->
 *     val task = client.tasks.create(
 *         taskName = "Reminders",
 *         scheduleStartTime = "2026-03-02 09:00:00",
 *         scheduleEndTime = "2026-03-02 18:00:00",
 *         robotId = "1024",
 *         details = listOf(CollectionContact(mobile = "+6281230001111")),
 *     )
 * }
 * ```
 *
 * What is not given comes from the environment variable named with it, if there is one, and else has the default. The functions suspend;
 * cancelling the coroutine ends the request on the wire. From Java, see [builder], [blocking] and [futures].
 *
 * @param appKey the app key that AI Rudder gave you; `AIRUDDER_APP_KEY`. Spaces and newlines at the end of keys and secrets are ignored
 * @param appSecret the app secret that AI Rudder gave you; `AIRUDDER_APP_SECRET`
 * @param baseUrl where the API is, `https://api.airudder.com` by default; `AIRUDDER_BASE_URL`. On a loopback address, where the emulator
 *   lives, key and secret may both be left out.
 * @param encryptionKey the key to encrypt payloads with, as text or as `hex:` and hexadecimal digits; without it nothing is encrypted;
 *   `AIRUDDER_ENCRYPTION_KEY`
 * @param allowHttp whether [baseUrl] may begin with `http://` although it is not on this machine; false by default, because keys, tokens and people's
 *   numbers would travel in clear; `AIRUDDER_ALLOW_HTTP`, which is `1` or `true`
 * @param encryptionKeyFallbacks keys that messages of AI Rudder may still, or already, be encrypted with, the newest first; tried in this order after
 *   [encryptionKey]. To replace a key, give the new one here, tell AI Rudder, then make it [encryptionKey] and keep the old one here until no redelivery
 *   can use it; `AIRUDDER_ENCRYPTION_KEY_FALLBACKS`, separated by commas
 * @param encryptionScheme `aes-ecb` (16-byte key, the default) or `aes-cbc` (16, 24 or 32 bytes); `AIRUDDER_ENCRYPTION_SCHEME`
 * @param encryptionIv the fixed initialization vector of `aes-cbc`, 16 bytes given like the key; without it each message starts with its own;
 *   `AIRUDDER_ENCRYPTION_IV`
 * @param signKey the key that calls of the Chatbot API name, 32 hexadecimal digits; only they need it; `AIRUDDER_SIGN_KEY`. On a loopback address
 *   it may be left out.
 * @param signSecret the secret that those calls are signed with: HMAC-SHA256 over the body, in hexadecimal digits. AI Rudder's real way to sign is
 *   not known, this one is assumed; [signer] replaces it; `AIRUDDER_SIGN_SECRET`. On a loopback address it may be left out.
 * @param signSecretFallbacks secrets that events may still, or already, be signed with, the newest first; tried in this order after [signSecret], which
 *   alone signs calls; `AIRUDDER_SIGN_SECRET_FALLBACKS`, separated by commas
 * @param signer signs those calls, and says what the sign of events has to be, in place of [signSecret]
 * @param timeout how long a whole call may take, with all its retries; 150 seconds by default. A download counts to the head of its answer, and the
 *   upload of a file on the disk has no such limit, unless the call itself is given one.
 * @param connectTimeout how long a connection may take to come about; 10 seconds by default
 * @param readTimeout how long the server may be silent; 120 seconds by default
 * @param maxRetries how often a call that may be repeated is repeated; 3 by default
 * @param proxy a proxy for all connections, `http://`, `https://` or `socks5://`; `AIRUDDER_PROXY`, then the system's own setting
 * @param caCertificate a certificate authority to trust beside the public ones, as PEM text or the path of a PEM file;
 *   `AIRUDDER_CA_CERTIFICATE`. `SSL_CERT_FILE` and `SSL_CERT_DIR` are trusted, too
 * @param routes paths to use in place of the known ones, by operation id: `mapOf("tasks.call_by_id" to "/service/cloud/callinfo")`
 * @param maxResponseBytes the largest answer to take; 64 MiB by default. Downloads have no limit.
 * @param maxEventBytes the largest event to take, as it comes over the wire; 1 MiB by default
 * @param maxEventAge how old an event may be that says when it was made, of any age by default. An event that AI Rudder sends again is the same one
 *   with the same time, up to 5 minutes later. Only some kinds say a time: most of the Chatbot API.
 * @param verifyEvents whether the sign of events is checked; true by default. How AI Rudder computes it is assumed: over the body as it comes, as for
 *   requests. With false, an event is taken as authentic whoever sent it: keep the URL secret then.
 * @param requireSignature whether an event without a signature is refused; by default, if [signSecret] or [signer] is set and [verifyEvents] is not
 *   false. AI Rudder documents the signature for a few kinds only: with false, events without one are taken; keep the URL secret then.
 * @param requireEncryption whether an event that is not encrypted is refused; by default, if [encryptionKey] is set. That AI Rudder encrypts events is
 *   assumed: with false, events in clear are taken; keep the URL secret then.
 * @param userAgent what to add to the `User-Agent`
 * @throws ConfigurationException when a setting is missing or wrong
 */
public class AiRudder private constructor(
    private val native: Native,
) : Resources(native),
    AutoCloseable {
    public constructor(
        appKey: String? = null,
        appSecret: String? = null,
        baseUrl: String? = null,
        allowHttp: Boolean? = null,
        encryptionKey: String? = null,
        encryptionKeyFallbacks: List<String> = emptyList(),
        encryptionScheme: String? = null,
        encryptionIv: String? = null,
        signKey: String? = null,
        signSecret: String? = null,
        signSecretFallbacks: List<String> = emptyList(),
        signer: Signer? = null,
        timeout: Duration? = null,
        connectTimeout: Duration? = null,
        readTimeout: Duration? = null,
        maxRetries: Int? = null,
        proxy: String? = null,
        caCertificate: String? = null,
        routes: Map<String, String> = emptyMap(),
        maxResponseBytes: Long? = null,
        maxEventBytes: Long? = null,
        maxEventAge: Duration? = null,
        verifyEvents: Boolean? = null,
        requireSignature: Boolean? = null,
        requireEncryption: Boolean? = null,
        userAgent: String? = null,
    ) : this(
        Native(
            Settings(
                appKey,
                appSecret,
                baseUrl,
                allowHttp,
                encryptionKey,
                encryptionKeyFallbacks,
                encryptionScheme,
                encryptionIv,
                signKey,
                signSecret,
                signSecretFallbacks,
                signer?.let(::SignerCall),
                timeout?.inSeconds(),
                connectTimeout?.inSeconds(),
                readTimeout?.inSeconds(),
                maxRetries?.let { unsigned("maxRetries", it.toLong()).toUInt() },
                proxy,
                caCertificate,
                routes,
                maxResponseBytes?.let { unsigned("maxResponseBytes", it) },
                maxEventBytes?.let { unsigned("maxEventBytes", it) },
                maxEventAge?.inSeconds(),
                verifyEvents,
                requireSignature,
                requireEncryption,
                listOfNotNull("Kotlin/${KotlinVersion.CURRENT}", userAgent).joinToString(" "),
            ),
        ),
    )

    /** What AI Rudder posts to your own URL. */
    @get:JvmName("events")
    public val events: Events = Events(native)

    /**
     * Calls any path of the API, with the same token, retries, encryption and errors as the operations.
     *
     * @param method `GET`, `POST` or another HTTP method
     * @param path the path, such as `/service/cloud/task`
     * @param query fields of the query string
     * @param body the JSON body; none is sent when it is null
     * @param retry what happens when the request is sent twice; [Retry.READ] for `GET` and [Retry.ONCE] for anything else by default
     * @param options what this call sets for itself
     */
    public suspend fun raw(
        method: String,
        path: String,
        query: Map<String, String> = emptyMap(),
        body: JsonElement? = null,
        retry: Retry? = null,
        options: CallOptions = CallOptions(),
    ): RawAnswer {
        val parameters = JsonObject(query.mapValues { JsonPrimitive(it.value) })
        return native.raw(method, path, parameters, body, retry, options)
    }

    /** The same client for Java, with methods that wait for their answer. */
    public fun blocking(): BlockingAiRudder = BlockingAiRudder(this)

    /** The same client for Java, with methods that return a [java.util.concurrent.CompletableFuture]. */
    public fun futures(): FuturesAiRudder = FuturesAiRudder(this)

    /** Ends the connections as soon as the calls underway have ended. Closing is no duty: a client that is no longer reachable is closed, too. */
    override fun close() {
        native.close()
    }

    public companion object {
        /** The settings of a client, for Java. */
        @JvmStatic
        public fun builder(): Builder = Builder()

        /** What is known of each operation, by its id: `AiRudder.operations["tasks.create"]?.source`. */
        @JvmStatic
        @get:JvmName("operations")
        public val operations: Map<String, Operation> get() = Operation.all

        /** What is known of each kind of event, by its name: `AiRudder.eventKinds["call.finished"]?.source`. */
        @JvmStatic
        @get:JvmName("eventKinds")
        public val eventKinds: Map<String, EventKind> get() = kindsOfEvents
    }

    /** The settings of a client, for Java; they are those of the constructor of [AiRudder]. */
    public class Builder internal constructor() {
        private var appKey: String? = null
        private var appSecret: String? = null
        private var baseUrl: String? = null
        private var encryptionKey: String? = null
        private var encryptionKeyFallbacks: List<String> = emptyList()
        private var encryptionScheme: String? = null
        private var encryptionIv: String? = null
        private var signKey: String? = null
        private var signSecret: String? = null
        private var signSecretFallbacks: List<String> = emptyList()
        private var signer: Signer? = null
        private var timeout: Duration? = null
        private var connectTimeout: Duration? = null
        private var readTimeout: Duration? = null
        private var maxRetries: Int? = null
        private var proxy: String? = null
        private var caCertificate: String? = null
        private var routes: Map<String, String> = emptyMap()
        private var maxResponseBytes: Long? = null
        private var maxEventBytes: Long? = null
        private var maxEventAge: Duration? = null
        private var verifyEvents: Boolean? = null
        private var requireSignature: Boolean? = null
        private var requireEncryption: Boolean? = null
        private var allowHttp: Boolean? = null
        private var userAgent: String? = null

        public fun appKey(value: String): Builder = apply { appKey = value }

        public fun appSecret(value: String): Builder = apply { appSecret = value }

        public fun baseUrl(value: String): Builder = apply { baseUrl = value }

        public fun encryptionKey(value: String): Builder = apply { encryptionKey = value }

        public fun encryptionKeyFallbacks(value: List<String>): Builder = apply { encryptionKeyFallbacks = value }

        public fun encryptionScheme(value: String): Builder = apply { encryptionScheme = value }

        public fun encryptionIv(value: String): Builder = apply { encryptionIv = value }

        public fun signKey(value: String): Builder = apply { signKey = value }

        public fun signSecret(value: String): Builder = apply { signSecret = value }

        public fun signSecretFallbacks(value: List<String>): Builder = apply { signSecretFallbacks = value }

        public fun signer(value: Signer): Builder = apply { signer = value }

        public fun timeout(value: java.time.Duration): Builder = apply { timeout = value.toKotlinDuration() }

        public fun connectTimeout(value: java.time.Duration): Builder = apply { connectTimeout = value.toKotlinDuration() }

        public fun readTimeout(value: java.time.Duration): Builder = apply { readTimeout = value.toKotlinDuration() }

        public fun maxRetries(value: Int): Builder = apply { maxRetries = value }

        public fun proxy(value: String): Builder = apply { proxy = value }

        public fun caCertificate(value: String): Builder = apply { caCertificate = value }

        public fun routes(value: Map<String, String>): Builder = apply { routes = value }

        public fun maxResponseBytes(value: Long): Builder = apply { maxResponseBytes = value }

        public fun maxEventBytes(value: Long): Builder = apply { maxEventBytes = value }

        public fun maxEventAge(value: java.time.Duration): Builder = apply { maxEventAge = value.toKotlinDuration() }

        public fun verifyEvents(value: Boolean): Builder = apply { verifyEvents = value }

        public fun requireSignature(value: Boolean): Builder = apply { requireSignature = value }

        public fun requireEncryption(value: Boolean): Builder = apply { requireEncryption = value }

        public fun allowHttp(value: Boolean): Builder = apply { allowHttp = value }

        public fun userAgent(value: String): Builder = apply { userAgent = value }

        public fun build(): AiRudder =
            AiRudder(
                appKey,
                appSecret,
                baseUrl,
                allowHttp,
                encryptionKey,
                encryptionKeyFallbacks,
                encryptionScheme,
                encryptionIv,
                signKey,
                signSecret,
                signSecretFallbacks,
                signer,
                timeout,
                connectTimeout,
                readTimeout,
                maxRetries,
                proxy,
                caCertificate,
                routes,
                maxResponseBytes,
                maxEventBytes,
                maxEventAge,
                verifyEvents,
                requireSignature,
                requireEncryption,
                userAgent,
            )
    }
}
