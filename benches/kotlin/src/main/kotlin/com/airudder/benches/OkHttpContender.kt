package com.airudder.benches

import kotlinx.coroutines.suspendCancellableCoroutine
import okhttp3.Call
import okhttp3.Callback
import okhttp3.ConnectionPool
import okhttp3.Dispatcher
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.Protocol
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import java.io.IOException
import java.util.concurrent.TimeUnit
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** OkHttp with kotlinx.serialization. */
class OkHttpContender(
    private val url: String,
) : Contender {
    private val client =
        OkHttpClient
            .Builder()
            .dispatcher(
                Dispatcher().apply {
                    maxRequests = AT_ONCE
                    maxRequestsPerHost = AT_ONCE
                },
            ).connectionPool(ConnectionPool(AT_ONCE, 5, TimeUnit.MINUTES))
            .protocols(if (http2) listOf(Protocol.HTTP_2, Protocol.HTTP_1_1) else listOf(Protocol.HTTP_1_1))
            .apply { trust?.let { sslSocketFactory(it.context.socketFactory, it.manager) } }
            .build()
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

    private suspend fun signIn(): String {
        val credentials = json.encodeToString(SignIn("key", "secret")).toRequestBody("application/json".toMediaType())
        val request = Request.Builder().url("$url/service/cloud/auth").post(credentials)
        return data(text(request.build()), Envelope.serializer(Token.serializer())).token
    }

    private suspend fun small(): Read = data(get("/service/cloud/call?callid=c1"), ENVELOPED_CALL).read()

    private suspend fun page(): Pair<Long, Int> = data(get("/service/cloud/detail?taskid=t1"), ENVELOPED_TASK).sums()

    private suspend fun get(path: String): String =
        text(
            Request
                .Builder()
                .url(url + path)
                .header("Authorization", "Token $token")
                .build(),
        )

    private suspend fun text(request: Request): String =
        suspendCancellableCoroutine { continuation ->
            val call = client.newCall(request)
            continuation.invokeOnCancellation { call.cancel() }
            call.enqueue(
                object : Callback {
                    override fun onFailure(
                        call: Call,
                        e: IOException,
                    ) = continuation.resumeWithException(e)

                    override fun onResponse(
                        call: Call,
                        response: Response,
                    ) = try {
                        continuation.resume(response.use { it.body.string() })
                    } catch (failed: IOException) {
                        continuation.resumeWithException(failed)
                    }
                },
            )
        }
}

private val ENVELOPED_CALL = Envelope.serializer(CallRow.serializer())
private val ENVELOPED_TASK = Envelope.serializer(TaskRows.serializer())
