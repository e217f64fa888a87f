package com.airudder.benches

import com.airudder.AiRudder
import com.airudder.CollectionCall
import com.airudder.Event
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse

/** The package. On a loopback address it signs in without credentials, and it reads the certificate of a server's CA from the environment itself. */
class AiRudderContender(
    private val url: String,
) : Contender {
    private val clear by lazy { AiRudder(baseUrl = url) }
    private val encrypting by lazy { AiRudder(baseUrl = url, encryptionKey = ENCRYPTION_KEY) }

    override suspend fun job(name: String): Job =
        when (name) {
            "call" -> calls { small(clear) }
            "calls" -> callsAtOnce { small(clear) }
            "sealed" -> calls { small(encrypting) }
            "sealedcalls" -> callsAtOnce { small(encrypting) }
            "page" -> pages(::page)
            "event" -> posted(url).let { event -> events { opened(event) } }
            else -> unknown(name)
        }

    private suspend fun small(client: AiRudder): Read {
        val call = client.tasks.callById("c1")
        return Read(call.talkDuration ?: 0, call.status)
    }

    private suspend fun page(): Pair<Long, Int> {
        val calls = clear.tasks.detail("t1").calls
        return calls.sumOf { it.talkDuration ?: 0 } to calls.sumOf { (it as CollectionCall).debtor?.length ?: 0 }
    }

    private fun opened(posted: Posted): Pair<Long, Int> {
        val event = encrypting.events.unwrap(posted.body, posted.headers) as Event.CallFinished
        return (event.data.talkDuration ?: 0) to
            event.data.variables
                .orEmpty()
                .size
    }
}

/** An event as it comes over the wire. */
class Posted(
    val body: ByteArray,
    val headers: Map<String, String>,
)

/** Fetches the encrypted event that the server has. */
fun posted(url: String): Posted {
    val answer =
        HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI("$url/_fast/event")).build(),
            HttpResponse.BodyHandlers.ofByteArray(),
        )
    check(answer.statusCode() == 200) { "the server answered the event with HTTP ${answer.statusCode()}" }
    return Posted(answer.body(), answer.headers().map().mapValues { it.value.first() })
}
