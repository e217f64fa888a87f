package com.airudder

/** Stands for another throwable in a log: with its class, its stack and its causes, and with redacted messages. */
internal class RedactedThrowable private constructor(
    private val text: String,
    cause: Throwable?,
) : RuntimeException(text, cause, false, true) {
    override fun toString(): String = text

    companion object {
        /** More causes than this say nothing new. */
        private const val MOST_CAUSES = 10

        fun of(
            thrown: Throwable,
            depth: Int = 0,
            redacted: (String) -> String?,
        ): RedactedThrowable {
            val message = thrown.message?.let(redacted)
            val cause = thrown.cause?.takeIf { depth < MOST_CAUSES }?.let { of(it, depth + 1, redacted) }
            return RedactedThrowable(listOfNotNull(thrown.javaClass.name, message).joinToString(": "), cause).apply {
                stackTrace = thrown.stackTrace
            }
        }
    }
}
