package com.airudder.benches

import java.security.MessageDigest
import java.util.Base64
import java.util.HexFormat
import javax.crypto.Cipher
import javax.crypto.spec.SecretKeySpec

/** What the JVM brings for opening an encrypted event, with kotlinx.serialization. */
class JceContender(
    private val url: String,
) : Contender {
    private val key = SecretKeySpec(ENCRYPTION_KEY.toByteArray(), "AES")
    private val cipher = Cipher.getInstance("AES/ECB/NoPadding").apply { init(Cipher.DECRYPT_MODE, key) }
    private val digest = MessageDigest.getInstance("SHA-256")

    override suspend fun job(name: String): Job =
        when (name) {
            "event" -> posted(url).let { event -> events { opened(event) } }
            else -> unknown(name)
        }

    private fun opened(posted: Posted): Pair<Long, Int> {
        val padded = cipher.doFinal(Base64.getDecoder().decode(posted.body))
        val length = padded.indexOfLast { it != 0.toByte() } + 1
        digest.update(padded, 0, length)
        val signed = posted.headers.entries.first { it.key.equals("Signed", ignoreCase = true) }
        check(MessageDigest.isEqual(digest.digest(), HexFormat.of().parseHex(signed.value))) { "the sign does not belong to the event" }
        val call = json.decodeFromString(FinishedCall.serializer(), String(padded, 0, length, Charsets.UTF_8))
        return (call.talkDuration ?: 0) to call.variables.size
    }
}
