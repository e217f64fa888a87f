// Receives AI Rudder's events with Spring Boot, and remembers in a file which were handled:
//
//     examples/kotlin/run receiver_spring [PORT [FILE]]
//
// It listens on port 8080 of this machine and takes `events.db` unless told otherwise. Give AI Rudder one URL for each kind, such as
// `https://your.host/events/call.finished`. The keys come from the environment: AIRUDDER_ENCRYPTION_KEY, AIRUDDER_SIGN_SECRET and others.

import com.airudder.AiRudder
import com.airudder.Event
import com.airudder.EventRouter
import com.airudder.SqliteStore
import com.airudder.spring.airudderEvents
import org.springframework.beans.factory.annotation.Value
import org.springframework.boot.SpringBootConfiguration
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.boot.runApplication
import org.springframework.context.annotation.Bean
import org.springframework.web.servlet.function.RouterFunction
import org.springframework.web.servlet.function.ServerResponse
import kotlin.io.path.Path

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ReceiverSpring {
    @Bean
    fun router(
        @Value("\${events.file}") file: String,
    ): EventRouter =
        AiRudder()
            .events
            .router(SqliteStore(Path(file)))
            .on<Event.CallFinished> { println("call ${it.data.callId} was ${it.data.status}") }
            .otherwise { println("${it.kind} came") }

    @Bean
    fun events(router: EventRouter): RouterFunction<ServerResponse> = airudderEvents("/events", router)
}

fun main(arguments: Array<String>) {
    val port = arguments.getOrElse(0) { "8080" }
    val file = arguments.getOrElse(1) { "events.db" }
    val server = runApplication<ReceiverSpring>("--server.address=127.0.0.1", "--server.port=$port", "--events.file=$file")
    println("listening on http://127.0.0.1:${server.environment.getProperty("local.server.port")}")
}
