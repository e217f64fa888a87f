package com.airudder

import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.writeText

/** Files on their way to AI Rudder: from the disk, or from memory. */
class UploadTest {
    private val server = FakeServer { """{"file_id": "f-1"}""" }
    private val client = AiRudder(baseUrl = server.url, maxRetries = 0)

    @AfterEach
    fun end() {
        client.close()
        server.close()
    }

    private fun assertSent(vararg parts: String) {
        val sent = server.requests.last()
        assertTrue(sent.headers["content-type"].orEmpty().startsWith("multipart/form-data; boundary="), "${sent.headers}")
        for (part in parts) assertTrue(part in sent.text, "$part in ${sent.text}")
    }

    @Test
    suspend fun `a file has its own name and type, or those that are given`(
        @TempDir folder: Path,
    ) {
        val photo = folder.resolve("photo.png").apply { writeText("a picture") }
        client.chatbot.uploadFile(Upload(photo), channelId = "42")
        assertSent(
            """filename="photo.png"""",
            "Content-Type: image/png",
            "\r\n\r\na picture\r\n",
            """name="channel_id"""",
            "\r\n\r\n42\r\n",
        )
        client.chatbot.uploadFile(Upload(photo.toFile(), name = "door.jpg"))
        assertSent("""filename="door.jpg"""", "Content-Type: image/jpeg")
        client.chatbot.uploadFile(UploadFile(fileType = "file"), Upload(photo, mediaType = "text/plain"))
        assertSent("""filename="photo.png"""", "Content-Type: text/plain", "\r\n\r\nfile\r\n")
    }

    @Test
    fun `bytes have the name that is given`() {
        val upload = Upload("callee\n".toByteArray(), "contacts.csv")
        client.blocking().chatbot.uploadFile(UploadFile(), upload)
        assertSent("""filename="contacts.csv"""", "Content-Type: text/csv", "\r\n\r\ncallee\n\r\n")
        client
            .futures()
            .chatbot
            .uploadFile(UploadFile(), Upload(ByteArray(0), "empty", "image/png"))
            .get()
        assertSent("""filename="empty"""", "Content-Type: image/png")
    }

    @Test
    suspend fun `a file that is not there is refused without its path`(
        @TempDir folder: Path,
    ) {
        val failed = assertThrows<InvalidRequestException> { client.chatbot.uploadFile(Upload(folder.resolve("CANARY-7311"))) }
        assertTrue(failed.message.orEmpty().contains("`file`"), failed.message)
        assertFalse(failed.stackTraceToString().contains("CANARY-7311"), failed.message)
        assertFalse(Upload(folder.resolve("CANARY-7311")).toString().contains("CANARY-7311"))
        assertEquals(0, server.requests.size)
    }
}
