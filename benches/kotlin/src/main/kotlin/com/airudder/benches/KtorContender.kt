package com.airudder.benches

import io.ktor.client.HttpClient
import io.ktor.client.call.body
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.plugins.contentnegotiation.ContentNegotiation
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.request.post
import io.ktor.client.request.setBody
import io.ktor.client.statement.HttpResponse
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.contentType
import io.ktor.serialization.kotlinx.json.json as jsonContent

/** Ktor's CIO engine with kotlinx.serialization. */
class KtorContender(
    private val url: String,
) : Contender {
    private val client =
        HttpClient(CIO) {
            expectSuccess = true
            // Each request has a connection of its own: only `pipelining` would keep connections, and with it calls at once fail in the midst, with
            // ClosedWriteChannelException.
            engine {
                endpoint {
                    maxConnectionsPerRoute = AT_ONCE
                    keepAliveTime = 60_000
                }
                https { trust?.let { trustManager = it.manager } }
            }
            install(ContentNegotiation) { jsonContent(json) }
        }
    private lateinit var token: String

    override suspend fun job(name: String): Job {
        if (!::token.isInitialized) token = signIn()
        return when (name) {
            "call" -> calls(::small)
            "calls" -> callsAtOnce(::small)
            "page" -> pages(::page)
            else -> unknown(name)
        }
    }

    private suspend fun signIn(): String =
        client
            .post("$url/service/cloud/auth") {
                contentType(ContentType.Application.Json)
                setBody(SignIn("key", "secret"))
            }.body<Envelope<Token>>()
            .proper()
            .token

    private suspend fun small(): Read = get("/service/cloud/call?callid=c1").body<Envelope<CallRow>>().proper().read()

    private suspend fun page(): Pair<Long, Int> = get("/service/cloud/detail?taskid=t1").body<Envelope<TaskRows>>().proper().sums()

    private suspend fun get(path: String): HttpResponse = client.get(url + path) { header(HttpHeaders.Authorization, "Token $token") }
}
