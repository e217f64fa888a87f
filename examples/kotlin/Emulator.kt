import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import kotlin.time.Duration

/** What the emulator can do and AI Rudder's API cannot. */
internal object Emulator {
    private val http = HttpClient.newHttpClient()
    private val url = checkNotNull(System.getenv("AIRUDDER_BASE_URL")) { "AIRUDDER_BASE_URL has to be the URL of an emulator" }

    fun postEventsTo(receiver: String) {
        control("PUT", "/_emulator/events", buildJsonObject { put("url", receiver) }.toString())
    }

    /** Moves the emulator's clock ahead, and waits until all that is due then has happened. */
    fun advance(time: Duration) {
        val order =
            buildJsonObject {
                put("seconds", time.inWholeSeconds)
                put("wait", true)
            }
        control("POST", "/_emulator/clock/advance", order.toString())
    }

    fun control(
        method: String,
        path: String,
        body: String = "",
    ): JsonObject {
        val request = HttpRequest.newBuilder(URI(url).resolve(path)).method(method, BodyPublishers.ofString(body)).build()
        val answer = http.send(request, BodyHandlers.ofString())
        check(answer.statusCode() == 200) { "$method $path: ${answer.statusCode()} ${answer.body()}" }
        return Json
            .parseToJsonElement(answer.body())
            .jsonObject
            .getValue("data")
            .jsonObject
    }
}
