package com.airudder

import com.sun.net.httpserver.HttpServer
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CancellationException
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import kotlin.io.path.createDirectory
import kotlin.io.path.listDirectoryEntries

/** What a listener hears of a download. */
@Timeout(60)
class DownloadsTest {
    @TempDir
    lateinit var folder: Path

    private val threads = Executors.newCachedThreadPool()
    private val recordings =
        HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply {
            executor = threads
            createContext("/") { exchange ->
                val isEndless = exchange.requestURI.path == "/endless.wav"
                exchange.responseHeaders.add("Content-Type", "audio/wav")
                exchange.sendResponseHeaders(200, if (isEndless) 0L else SIZE.toLong())
                exchange.responseBody.use { body ->
                    body.write(ByteArray(SIZE))
                    while (isEndless) body.write(ByteArray(1000))
                }
            }
            start()
        }
    private val url = "http://127.0.0.1:${recordings.address.port}"
    private val server =
        FakeServer { request ->
            if ("endless" in request.target) "\"$url/endless.wav\"" else """["$url/one.wav", "$url/two.wav"]"""
        }
    private val client = AiRudder(baseUrl = server.url)

    @AfterEach
    fun end() {
        client.close()
        server.close()
        recordings.stop(0)
        threads.shutdownNow()
    }

    @Test
    suspend fun `the listener hears of each file`() {
        val heard = ConcurrentLinkedQueue<DownloadProgress>()
        val files = client.tasks.recordings("t1", folder, options = CallOptions(onProgress = { heard += it }))
        for ((index, file) in files.withIndex()) {
            val ofFile = heard.filter { it.file == index + 1L }
            assertEquals(DownloadProgress(file.path, 0, SIZE.toLong(), index + 1L, 2), ofFile.first())
            assertEquals(DownloadProgress(file.path, SIZE.toLong(), SIZE.toLong(), index + 1L, 2), ofFile.last())
            assertEquals(ofFile.map { it.bytes }.sorted(), ofFile.map { it.bytes })
        }
    }

    @Test
    suspend fun `what the listener throws ends the download`() {
        val empty = folder.resolve("empty").createDirectory()
        val options = CallOptions(onProgress = { if (it.bytes > SIZE) error("enough") })
        val thrown = assertThrows<IllegalStateException> { client.tasks.recordings("endless", empty, options = options) }
        assertEquals("enough", thrown.message)
        while (Files.list(empty).use { it.count() } > 0) Thread.sleep(10)
        assertEquals(emptyList<Path>(), empty.listDirectoryEntries())
    }

    @Test
    suspend fun `cancelling ends a download that is listened to`() =
        coroutineScope {
            val options = CallOptions.builder().onProgress { if (it.bytes > SIZE) throw CancellationException("enough") }.build()
            val call = async { runCatching { client.tasks.recordings("endless", folder, options = options) } }
            assertTrue(call.await().exceptionOrNull() is CancellationException)
        }

    private companion object {
        const val SIZE = 3_000_000
    }
}
