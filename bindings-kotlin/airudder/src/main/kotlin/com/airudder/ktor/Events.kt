package com.airudder.ktor

import com.airudder.EventRouter
import com.airudder.internal.Header
import com.airudder.kindIn
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.request.path
import io.ktor.server.request.receiveChannel
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.post
import io.ktor.utils.io.readRemaining
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.io.readByteArray

/**
 * Takes the events that AI Rudder posts to [path] and below it. Give AI Rudder one URL for each kind, such as `https://example.com/events/call.finished`:
 * a last segment that is a kind says which event it is, and any other leaves it to the body to tell.
 *
 * ```
 * routing { airudderEvents("/events", router) }
 * ```
 *
 * A body that is longer than the client's `maxEventBytes` is read no further. Needs `io.ktor:ktor-server-core` 3, which this package does not bring along.
 *
 * @param path where AI Rudder posts to
 * @param router what handles the events
 */
public fun Route.airudderEvents(
    path: String,
    router: EventRouter,
): Route = post("${path.trimEnd('/')}/{segments...}") { call.answer(router) }

private suspend fun ApplicationCall.answer(router: EventRouter) {
    // One byte more than is taken, so that the router says what is too much.
    val body = withTimeoutOrNull(router.bodyTimeout) { receiveChannel().readRemaining(router.maxBytes + 1).readByteArray() }
    if (body == null) {
        response.header(HttpHeaders.Connection, "close")
        return respondText("refused", status = HttpStatusCode.RequestTimeout)
    }
    val headers = request.headers.entries().flatMap { (name, values) -> values.map { Header(name, it) } }
    val reply = router.handle(body, headers, kindIn(request.path()))
    respondText(reply.outcome, status = HttpStatusCode.fromValue(reply.status))
}
