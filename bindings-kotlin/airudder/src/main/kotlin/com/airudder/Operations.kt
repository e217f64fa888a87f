package com.airudder

import com.airudder.internal.operationsJson

/** How sure a fact about AI Rudder's API is. */
public enum class Source {
    /** Read on AI Rudder's own page. */
    DOCUMENTED,

    /** Seen in public client code that others wrote. */
    REPORTED,

    /** Neither: extrapolated from what is known. Give the client `routes` when it turns out to be wrong. */
    ASSUMED,
}

/**
 * What is known of an operation.
 *
 * @property id its id, such as `tasks.cancel_call`: the key for `routes`
 * @property family the part of the client that has it, such as `tasks`
 * @property name its name in that family, such as `cancel_call`
 * @property method the HTTP method
 * @property path the path
 * @property source how sure method and path are
 * @property retry what happens when it is sent twice
 * @property page the title of its page in AI Rudder's documentation
 * @property pages the titles of all pages on it
 * @property summary what it does, in a few words
 */
public data class Operation(
    public val id: String,
    public val family: String,
    public val name: String,
    public val method: String,
    public val path: String,
    public val source: Source,
    public val retry: Retry,
    public val page: String,
    public val pages: List<String>,
    public val summary: String,
) {
    internal companion object {
        /** Made once, when somebody first asks. */
        val all: Map<String, Operation> by lazy {
            cursor(translating { operationsJson() }).list(model(::from)).associateBy { it.id }
        }

        private fun from(json: JsonCursor): Operation {
            json.passing("auth", "download", "upload", "paging")
            return Operation(
                id = json.required("id", text),
                family = json.required("family", text),
                name = json.required("name", text),
                method = json.required("method", text),
                path = json.required("path", text),
                source = source(json.required("source", text)),
                retry = Retry.valueOf(json.required("retry", text).uppercase()),
                page = json.required("page", text),
                pages = json.required("pages", list(text)),
                summary = json.required("summary", text),
            )
        }
    }
}

/**
 * What is known of a kind of event.
 *
 * @property kind its name, such as `call.finished`
 * @property source how sure it is what AI Rudder posts
 * @property pages the titles of AI Rudder's pages on it
 * @property summary what it tells, in a few words
 */
public data class EventKind(
    public val kind: String,
    public val source: Source,
    public val pages: List<String>,
    public val summary: String,
)

internal fun source(name: String): Source = Source.valueOf(name.uppercase())
