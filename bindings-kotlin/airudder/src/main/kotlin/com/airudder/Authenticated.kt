package com.airudder

/**
 * What proves that an event is AI Rudder's.
 *
 * A proof covers the body, and nothing else of the request: whoever has seen a proven event can post it again, and to another URL. An event that names
 * its kind is refused under another kind, and a duplicate is handled once.
 */
public enum class Authenticated {
    /** Nothing: anybody who knows the URL may have posted it. */
    NOTHING,

    /** It was encrypted with the client's key. AES in ECB mode with an unkeyed digest is a weak proof: blocks of known events can be put together anew. */
    ENCRYPTION,

    /** Its signature matches. */
    SIGNATURE,
}

/** What core calls it. */
internal fun authenticated(name: String): Authenticated = Authenticated.entries.first { it.name.equals(name, ignoreCase = true) }
