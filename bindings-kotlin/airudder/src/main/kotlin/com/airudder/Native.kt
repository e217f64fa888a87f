package com.airudder

import com.airudder.internal.Header
import com.airudder.internal.NativeClient
import com.airudder.internal.OpenedEvent
import com.airudder.internal.Settings
import com.airudder.internal.bodyTimeoutMs
import com.airudder.internal.interruption
import com.airudder.internal.rawInterruption
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.lang.ref.Reference
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.DurationUnit

/** The native library, with Kotlin's types and exceptions. */
internal class Native(
    settings: Settings,
) : AutoCloseable {
    /** Given to the native library in any case, so that its own default never differs. */
    private val maxEventBytes = (settings.maxEventBytes ?: MEBIBYTE).coerceAtMost(Int.MAX_VALUE.toULong()).toLong()
    private val client = translating { NativeClient(settings.copy(maxEventBytes = settings.maxEventBytes ?: MEBIBYTE)) }

    private val number = translating { client.number() }

    /** Whether events are opened without any of the caller's own code. */
    private val opensAlone = settings.signer == null

    suspend fun <T> call(
        operation: String,
        parameters: JsonObject,
        options: CallOptions,
        from: (JsonCursor) -> T,
    ): T =
        calling({ interruption(operation) }) {
            val answer =
                if (options.isEmpty) {
                    Direct.call(number, operation, parameters.text())
                } else {
                    client.call(operation, parameters.text(), options.native()).encodeToByteArray()
                }
            // Garbage is closed, and this is none as long as it is called.
            Reference.reachabilityFence(client)
            JsonCursor(answer).model(from)
        }

    suspend fun <T> upload(
        operation: String,
        parameters: JsonObject,
        upload: Upload,
        options: CallOptions,
        from: (JsonCursor) -> T,
    ): T =
        calling({
            interruption(operation)
        }) { cursor(client.upload(operation, parameters.text(), upload.file, options.native())).model(from) }

    /** The items of a list; `items` is the field of a page that holds them. */
    fun <T : Any> pages(
        operation: String,
        parameters: JsonObject,
        options: CallOptions,
        items: String,
        reader: Reader<T>,
    ): Pages<T> =
        Pages(
            { client.pager(operation, parameters.text(), options.native()) },
            { page -> page.single(items, list(reader)).orEmpty() },
        )

    suspend fun downloadFile(
        operation: String,
        parameters: JsonObject,
        path: Path,
        options: CallOptions,
    ): Download =
        listened(options.onProgress) { listener ->
            Download.from(client.downloadFile(operation, parameters.text(), path.toString(), options.native(), listener))
        }

    suspend fun downloadFolder(
        operation: String,
        parameters: JsonObject,
        folder: Path,
        options: CallOptions,
    ): List<Download> =
        listened(options.onProgress) { listener ->
            client.downloadFolder(operation, parameters.text(), folder.toString(), options.native(), listener).map(Download::from)
        }

    suspend fun raw(
        method: String,
        path: String,
        query: JsonObject,
        body: JsonElement?,
        retry: Retry?,
        options: CallOptions,
    ): RawAnswer =
        calling({ rawInterruption(method, retry?.name?.lowercase()) }) {
            cursor(client.raw(method, path, query.text(), body?.text(), retry?.name?.lowercase(), options.native())).model(RawAnswer::from)
        }

    fun unwrap(
        body: ByteArray,
        headers: List<Header>,
        kind: String?,
    ): Event =
        translatingEvent {
            val head = head(kind, headers)
            if (opensAlone && head != null && body.size <= MEBIBYTE.toInt()) {
                val lines = Direct.unwrap(number, body, head)
                Reference.reachabilityFence(client)
                opened(lines)
            } else {
                client.unwrap(body, headers, kind).typed()
            }
        }

    fun sample(kind: String): ByteArray = translatingEvent { client.sampleEvent(kind) }

    fun sign(body: ByteArray): Map<String, String> = translatingEvent { client.signEvent(body).associate { it.name to it.value } }

    fun encrypt(body: ByteArray): EventDelivery =
        translatingEvent {
            val encrypted = client.encryptEvent(body)
            EventDelivery(encrypted.body, encrypted.headers.associate { it.name to it.value })
        }

    fun router(
        store: Store,
        bodyTimeout: Duration?,
    ): EventRouter = EventRouter(translating { store.receiver(client) }, maxEventBytes, bodyTimeout ?: bodyTimeoutMs().milliseconds)

    override fun close() {
        client.close()
    }
}

private const val LINE_BREAK = '\n'.code.toByte()

private val MEBIBYTE = 1UL shl 20

internal fun OpenedEvent.typed(): Event = event(kind, cursor(data), key, authenticated(authenticated))

internal fun cursor(json: String): JsonCursor = JsonCursor(json.encodeToByteArray())

/** What stands before the body of an event on the short way; none when a line break would be mistaken for the end of a header. */
private fun head(
    kind: String?,
    headers: List<Header>,
): ByteArray? {
    val lines = listOf(kind.orEmpty()) + headers.flatMap { listOf(it.name, it.value) }
    if (lines.any { '\n' in it }) return null
    return lines.joinToString("") { "$it\n" }.encodeToByteArray(throwOnInvalidSequence = true)
}

/** An event of what came back on the short way. */
private fun opened(lines: ByteArray): Event {
    var start = 0

    fun line(): String {
        val end = (start until lines.size).first { lines[it] == LINE_BREAK }
        return String(lines, start, end - start, Charsets.UTF_8).also { start = end + 1 }
    }

    val (kind, key, authenticated) = List(3) { line() }
    return event(kind, JsonCursor(lines, start), key, authenticated(authenticated))
}

internal fun Duration.inSeconds(): Double = toDouble(DurationUnit.SECONDS)
