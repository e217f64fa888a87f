package com.airudder

import com.airudder.internal.Header
import com.airudder.internal.NativeClient
import com.airudder.internal.OpenedEvent
import com.airudder.internal.Settings
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.DurationUnit

/** The native library, with Kotlin's types and exceptions. */
internal class Native(
    settings: Settings,
) : AutoCloseable {
    /** Given to the native library in any case, so that its own default never differs. */
    private val maxEventBytes = (settings.maxEventBytes ?: MEBIBYTE).coerceAtMost(Int.MAX_VALUE.toULong()).toLong()
    private val client = translating { NativeClient(settings.copy(maxEventBytes = settings.maxEventBytes ?: MEBIBYTE)) }

    suspend fun call(
        operation: String,
        parameters: JsonObject,
        options: CallOptions,
    ): JsonObject = calling { parsed(client.call(operation, parameters.text(), options.native())) }

    suspend fun upload(
        operation: String,
        parameters: JsonObject,
        upload: Upload,
        options: CallOptions,
    ): JsonObject = calling { parsed(client.upload(operation, parameters.text(), upload.file, options.native())) }

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
            { page -> page.optional(items, list(reader)).orEmpty() },
        )

    suspend fun downloadFile(
        operation: String,
        parameters: JsonObject,
        path: Path,
        options: CallOptions,
    ): Download =
        calling {
            Download.from(client.downloadFile(operation, parameters.text(), path.toString(), options.native()))
        }

    suspend fun downloadFolder(
        operation: String,
        parameters: JsonObject,
        folder: Path,
        options: CallOptions,
    ): List<Download> =
        calling {
            client.downloadFolder(operation, parameters.text(), folder.toString(), options.native()).map(Download::from)
        }

    suspend fun raw(
        method: String,
        path: String,
        query: JsonObject,
        body: JsonElement?,
        retry: Retry?,
        options: CallOptions,
    ): JsonObject =
        calling {
            parsed(client.raw(method, path, query.text(), body?.text(), retry?.name?.lowercase(), options.native()))
        }

    fun unwrap(
        body: ByteArray,
        headers: List<Header>,
        kind: String?,
    ): Event = translatingEvent { client.unwrap(body, headers, kind).typed() }

    fun sample(kind: String): ByteArray = translatingEvent { client.sampleEvent(kind) }

    fun sign(body: ByteArray): Map<String, String> = translatingEvent { client.signEvent(body).associate { it.name to it.value } }

    fun encrypt(body: ByteArray): EventDelivery =
        translatingEvent {
            val encrypted = client.encryptEvent(body)
            EventDelivery(encrypted.body, encrypted.headers.associate { it.name to it.value })
        }

    fun router(store: Store): EventRouter = EventRouter(translating { store.receiver(client) }, maxEventBytes)

    override fun close() {
        client.close()
    }
}

private val MEBIBYTE = 1UL shl 20

internal fun OpenedEvent.typed(): Event = event(kind, Json.parseToJsonElement(data), key)

internal fun parsed(json: String): JsonObject = Json.parseToJsonElement(json).jsonObject

internal fun Duration.inSeconds(): Double = toDouble(DurationUnit.SECONDS)
