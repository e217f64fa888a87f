package com.airudder

import com.airudder.internal.DownloadedFile
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import java.nio.file.Path

/**
 * The answer to [AiRudder.raw].
 *
 * @property httpStatus the HTTP status
 * @property code the `code` of the envelope
 * @property status the word for the code
 * @property message AI Rudder's words
 * @property data the answer proper, or all of it when there is no envelope
 */
public data class RawAnswer(
    public val httpStatus: Int,
    public val code: Long? = null,
    public val status: String? = null,
    public val message: String? = null,
    public val data: JsonElement = JsonNull,
) : Model() {
    override fun fields(): List<Field> =
        listOf(
            Field("httpStatus", httpStatus.toLong()),
            Field("code", code),
            Field("status", status),
            Field("message", message, sensitive = true),
            Field("data", data, sensitive = true),
        )

    internal companion object {
        fun from(json: JsonCursor): RawAnswer =
            RawAnswer(
                httpStatus = json.required("http_status", integer).toInt(),
                code = json.optional("code", integer),
                status = json.optional("status", text),
                message = json.optional("message", text),
                data = json.optional("data", anything) ?: JsonNull,
            )
    }
}

/**
 * A file that was downloaded.
 *
 * @property path where it stands
 * @property bytes how long it is
 * @property contentType what the server says that it is, such as `audio/wav`
 */
public data class Download(
    public val path: Path,
    public val bytes: Long,
    public val contentType: String? = null,
) {
    internal companion object {
        fun from(file: DownloadedFile): Download = Download(Path.of(file.path), file.bytes, file.contentType)
    }
}
