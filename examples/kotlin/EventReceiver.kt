import com.airudder.AiRudder
import com.airudder.AiRudderException
import com.airudder.Event
import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.atomic.AtomicInteger

/**
 * A server for events on a port of its own.
 *
 * @property keep takes an event, and says whether the program expects its kind. The same event may come again.
 */
internal class EventReceiver(
    private val client: AiRudder,
    private val keep: (Event) -> Boolean,
) : AutoCloseable {
    val inClear = AtomicInteger()
    val received: Int get() = count.get()

    private val count = AtomicInteger()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)

    init {
        server.createContext("/events") { exchange -> exchange.use(::receive) }
        server.start()
        val url = "http://127.0.0.1:${server.address.port}/events"
        // The emulator is told where to post. To AI Rudder itself you give the URL of your server by hand, and it has to be reachable from the
        // internet.
        Emulator.postEventsTo(url)
        say("listening", "for events at $url")
    }

    private fun receive(exchange: HttpExchange) {
        val body = exchange.requestBody.readAllBytes()
        val headers = exchange.requestHeaders.mapValues { it.value.first() }
        try {
            val event = client.events.unwrap(body, headers)
            check(keep(event), "an event is of a kind that this program expects, and not ${event.kind}")
            count.incrementAndGet()
            if (exchange.requestHeaders.getFirst("Is-Encrypted") != "1") inClear.incrementAndGet()
            exchange.sendResponseHeaders(200, -1)
        } catch (refused: AiRudderException) {
            check(false, "an event can be read: ${refused.message}")
            exchange.sendResponseHeaders(400, -1)
        }
    }

    override fun close() {
        server.stop(0)
    }
}
