package com.airudder

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import kotlin.io.path.Path
import kotlin.io.path.exists

/** A server of this workspace, as `cargo build` left it: it says on its first line where it listens, and ends when its input closes. */
class TestServer(
    program: String,
    vararg arguments: String,
) : AutoCloseable {
    private val process =
        ProcessBuilder(built(program), *arguments)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()

    /** Where it listens. */
    val url: String =
        process
            .inputReader()
            .readLine()
            ?.removePrefix("listening on ")
            ?: error("$program did not start")

    /** Sends a request that is no part of AI Rudder's API and reads the JSON of its answer. */
    fun control(
        method: String,
        path: String,
        body: JsonElement? = null,
    ): JsonElement {
        val publisher = body?.let { BodyPublishers.ofString(it.toString()) } ?: BodyPublishers.noBody()
        val request = HttpRequest.newBuilder(URI(url + path)).method(method, publisher).build()
        val answer = http.send(request, BodyHandlers.ofString())
        check(answer.statusCode() == 200) { "$method $path: ${answer.statusCode()} ${answer.body()}" }
        return Json.parseToJsonElement(answer.body())
    }

    override fun close() {
        process.outputStream.close()
        process.waitFor()
    }

    companion object {
        private val http = HttpClient.newHttpClient()

        /** The root of the workspace. */
        val workspace: File =
            generateSequence(File("").absoluteFile) { it.parentFile }.first { Path("$it", "Cargo.lock").exists() }

        /** A file of the workspace that holds a JSON object. */
        fun json(path: String): JsonObject = Json.parseToJsonElement(workspace.resolve(path).readText()).jsonObject

        private val targetFolder = System.getenv("CARGO_TARGET_DIR") ?: "$workspace/target"

        private fun built(program: String): String {
            val path = Path(targetFolder, "debug", program)
            check(path.exists()) { "$path is not there; `cargo build -p airudder-emulator -p airudder-tests` makes it" }
            return path.toString()
        }

        /** An emulator on which a minute passes in a second. */
        @JvmStatic
        fun emulator(vararg arguments: String): TestServer =
            TestServer("airudder-emulator", "--port", "0", "--speed", "60", "--until-stdin-closes", *arguments)
    }
}
