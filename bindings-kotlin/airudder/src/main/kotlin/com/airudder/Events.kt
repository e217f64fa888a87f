package com.airudder

/** What AI Rudder posts to your own URL. */
public class Events internal constructor(
    private val native: Native,
) {
    /**
     * Makes a typed event of a request that AI Rudder sent, and decrypts it when it is encrypted.
     *
     * Answer the request with HTTP 200 as soon as this returns. AI Rudder sends an event again when it is not answered so: expect duplicates.
     *
     * @param body the body of the request, byte by byte as it came
     * @param headers its headers; upper and lower case make no difference
     * @param kind which event it is, such as `call.finished`, when its URL tells; else it is told by its fields
     * @throws DecryptionException when it cannot be decrypted or its sign does not match
     * @throws InvalidResponseException when it is no event
     */
    @JvmOverloads
    public fun unwrap(
        body: ByteArray,
        headers: Map<String, String>,
        kind: String? = null,
    ): Event = native.unwrap(body, headers, kind)
}
