package com.airudder

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors

/** A server that answers as a test says, gives out tokens, and keeps what else it was asked. */
class FakeServer(
    private val answer: (Request) -> String,
) : AutoCloseable {
    /** A request as it came. */
    class Request(
        val target: String,
        val headers: Map<String, String>,
        val body: ByteArray,
    ) {
        val text: String get() = body.decodeToString()
        val json: JsonElement get() = Json.parseToJsonElement(text)
    }

    /** All requests but those for tokens, in their order. */
    val requests = ConcurrentLinkedQueue<Request>()

    private val threads = Executors.newCachedThreadPool()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)

    /** Where it listens. */
    val url: String get() = "http://127.0.0.1:${server.address.port}"

    init {
        server.executor = threads
        server.createContext("/") { exchange -> exchange.use(::serve) }
        server.start()
    }

    private fun serve(exchange: HttpExchange) {
        val headers = exchange.requestHeaders.entries.associate { (name, values) -> name.lowercase() to values.first() }
        val request = Request(exchange.requestURI.toString(), headers, exchange.requestBody.readAllBytes())
        val data = if (request.target == "/service/cloud/auth") """{"token": "fake-token"}""" else answered(request)
        val bytes = """{"code": 200, "status": "OK", "data": $data}""".encodeToByteArray()
        exchange.responseHeaders.add("Content-Type", "application/json")
        exchange.sendResponseHeaders(200, bytes.size.toLong())
        exchange.responseBody.write(bytes)
    }

    private fun answered(request: Request): String {
        requests += request
        return answer(request)
    }

    override fun close() {
        server.stop(0)
        threads.shutdown()
    }
}
