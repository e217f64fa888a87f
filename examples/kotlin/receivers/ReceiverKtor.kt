// Receives AI Rudder's events with Ktor, and remembers in a file which were handled:
//
//     examples/kotlin/run receiver_ktor [PORT [FILE]]
//
// It listens on port 8080 of this machine and takes `events.db` unless told otherwise. Give AI Rudder one URL for each kind, such as
// `https://your.host/events/call.finished`. The keys come from the environment: AIRUDDER_ENCRYPTION_KEY, AIRUDDER_SIGN_SECRET and others.

import com.airudder.AiRudder
import com.airudder.Event
import com.airudder.SqliteStore
import com.airudder.ktor.airudderEvents
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.routing.routing
import kotlinx.coroutines.awaitCancellation
import kotlin.io.path.Path

suspend fun main(arguments: Array<String>) {
    val port = arguments.getOrElse(0) { "8080" }.toInt()
    val file = Path(arguments.getOrElse(1) { "events.db" })
    val router =
        AiRudder()
            .events
            .router(SqliteStore(file))
            .on<Event.CallFinished> { println("call ${it.data.callId} was ${it.data.status}") }
            .otherwise { println("${it.kind} came") }

    val server = embeddedServer(Netty, port, "127.0.0.1") { routing { airudderEvents("/events", router) } }
    server.startSuspend()
    println("listening on http://127.0.0.1:${server.engine.resolvedConnectors().single().port}")
    awaitCancellation()
}
