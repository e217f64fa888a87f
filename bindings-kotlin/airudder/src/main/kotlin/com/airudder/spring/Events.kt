@file:JvmName("AiRudderEvents")

package com.airudder.spring

import com.airudder.EventReply
import com.airudder.EventRouter
import com.airudder.internal.Header
import com.airudder.kindIn
import com.airudder.later
import org.springframework.http.MediaType
import org.springframework.web.servlet.function.RequestPredicates
import org.springframework.web.servlet.function.RouterFunction
import org.springframework.web.servlet.function.RouterFunctions
import org.springframework.web.servlet.function.ServerRequest
import org.springframework.web.servlet.function.ServerResponse

/**
 * Takes the events that AI Rudder posts to [path] and below it, in Spring MVC. Make a bean of it:
 *
 * ```
 * @Bean
 * RouterFunction<ServerResponse> events(EventRouter router) {
 *     return AiRudderEvents.airudderEvents("/events", router);
 * }
 * ```
 *
 * Give AI Rudder one URL for each kind, such as `https://example.com/events/call.finished`: a last segment that is a kind says which event it is, and any
 * other leaves it to the body to tell. Leave this path out of Spring Security's protection against CSRF. No thread of the server waits for a handler; when
 * one takes longer than `spring.mvc.async.request-timeout`, Spring answers in its place.
 *
 * A body that is longer than the client's `maxEventBytes` is read no further. Needs `org.springframework:spring-webmvc` 7 with a servlet container, which
 * `spring-boot-starter-webmvc` has and this package does not bring along.
 *
 * @param path where AI Rudder posts to
 * @param router what handles the events
 */
public fun airudderEvents(
    path: String,
    router: EventRouter,
): RouterFunction<ServerResponse> {
    val below = RequestPredicates.POST("${path.trimEnd('/')}/{*segments}")
    return RouterFunctions.route(below) { request -> answer(request, router) }
}

private fun answer(
    request: ServerRequest,
    router: EventRouter,
): ServerResponse {
    // One byte more than is taken, so that the router says what is too much.
    val limit = (router.maxBytes + 1).coerceAtMost(Int.MAX_VALUE.toLong()).toInt()
    val body = request.servletRequest().inputStream.readNBytes(limit)
    val headers =
        request
            .headers()
            .asHttpHeaders()
            .headerSet()
            .flatMap { (name, values) -> values.map { Header(name, it) } }
    val kind = kindIn(request.path())
    return ServerResponse.async(later { response(router.handle(body, headers, kind)) })
}

private fun response(reply: EventReply): ServerResponse =
    ServerResponse.status(reply.status).contentType(MediaType.TEXT_PLAIN).body(reply.outcome)
