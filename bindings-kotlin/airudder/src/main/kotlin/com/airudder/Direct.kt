package com.airudder

import com.airudder.internal.FfiConverterTypeFailure
import com.airudder.internal.NativeException
import com.sun.jna.Memory
import com.sun.jna.Pointer
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import java.lang.ref.Reference
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicLong
import kotlin.concurrent.thread
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** Native functions that take numbers only, so that JNA converts nothing. */
@Suppress("ktlint:standard:function-naming") // these names are Rust's
private object Functions {
    init {
        com.sun.jna.Native
            .register(Functions::class.java, "airudder_kotlin")
    }

    external fun airudder_kotlin_start(
        client: Long,
        call: Long,
        text: Long,
        length: Int,
    ): Int

    external fun airudder_kotlin_cancel(call: Long)

    external fun airudder_kotlin_finished(
        memory: Long,
        capacity: Long,
    ): Long

    external fun airudder_kotlin_unwrap(
        client: Long,
        memory: Long,
        capacity: Long,
        head: Int,
        body: Int,
    ): Long
}

/**
 * Memory that native functions read and write while they run.
 *
 * They rely on two invariants that this file keeps: the memory lives until the function returns, which [lend] ensures, and nothing else uses it
 * meanwhile. A thread's own buffer serves one function at a time, for each returns before the thread asks for the buffer again.
 */
private class NativeBuffer(
    val capacity: Int,
) {
    /** Outside of Java's heap and of its direct buffers, whose limit may be much less than an answer needs. */
    private val memory = Memory(capacity.toLong())
    val bytes: ByteBuffer = memory.getByteBuffer(0, capacity.toLong()).order(ByteOrder.BIG_ENDIAN)

    /** Passes the address to a native function. */
    inline fun <T> lend(function: (address: Long) -> T): T =
        try {
            function(Pointer.nativeValue(memory))
        } finally {
            Reference.reachabilityFence(this)
        }

    companion object {
        const val DEFAULT_CAPACITY = 1 shl 14
        private val own = ThreadLocal.withInitial { NativeBuffer(DEFAULT_CAPACITY) }

        /** This thread's own, or a new one if that is too small. */
        fun ofAtLeast(size: Int): NativeBuffer = if (size <= DEFAULT_CAPACITY) own.get() else NativeBuffer(size)
    }
}

/** The outcome of a call or of an event. */
private class Outcome(
    private val hasFailed: Boolean,
    private val content: ByteArray,
) {
    fun get(): ByteArray = if (hasFailed) throw NativeException.Failed(FfiConverterTypeFailure.read(ByteBuffer.wrap(content))) else content

    companion object {
        fun next(bytes: ByteBuffer): Outcome {
            val hasFailed = bytes.get() != 0.toByte()
            return Outcome(hasFailed, ByteArray(bytes.getInt()).also(bytes::get))
        }
    }
}

/** Direct calls: calls without options of their own, and events. See `direct.rs` of the native library. */
internal object Direct {
    private val numbers = AtomicLong()
    private val inFlight = ConcurrentHashMap<Long, CancellableContinuation<Outcome>>()

    init {
        library
        // A daemon: it keeps no program alive, and holds nothing that has to be closed.
        thread(isDaemon = true, name = "airudder") { fetch() }
    }

    /** Calls an operation; the answer is JSON text. */
    suspend fun call(
        client: Long,
        operation: String,
        parameters: String,
    ): ByteArray {
        val text = "$operation\n$parameters".encodeToByteArray(throwOnInvalidSequence = true)
        val outcome =
            suspendCancellableCoroutine<Outcome> { continuation ->
                val call = numbers.incrementAndGet()
                inFlight[call] = continuation
                continuation.invokeOnCancellation { if (inFlight.remove(call) != null) Functions.airudder_kotlin_cancel(call) }
                val buffer = NativeBuffer.ofAtLeast(text.size)
                buffer.bytes.clear().put(text)
                val state = buffer.lend { Functions.airudder_kotlin_start(client, call, it, text.size) }
                if (state != STARTED) {
                    inFlight.remove(call)
                    throw refusal(state)
                }
                // Cancelled before it was started.
                if (continuation.isCancelled) Functions.airudder_kotlin_cancel(call)
            }
        return outcome.get()
    }

    /** Opens an event; the answer is its kind, its key, what proves it, and its data as JSON text, with line breaks between them. */
    fun unwrap(
        client: Long,
        body: ByteArray,
        head: ByteArray,
    ): ByteArray {
        var (buffer, written) = NativeBuffer.ofAtLeast(2 * (head.size + body.size)) to 0L
        while (written <= 0) {
            buffer.bytes
                .clear()
                .put(head)
                .put(body)
            written = buffer.lend { Functions.airudder_kotlin_unwrap(client, it, buffer.capacity.toLong(), head.size, body.size) }
            if (written == 0L) throw refusal(NO_SUCH_CLIENT)
            if (written < 0) buffer = NativeBuffer.ofAtLeast(Math.toIntExact(-written))
        }
        buffer.bytes.clear().position(Long.SIZE_BYTES)
        return Outcome.next(buffer.bytes).get()
    }

    /** Waits for calls to complete, and resumes their coroutines. */
    private fun fetch() {
        var buffer = NativeBuffer(NativeBuffer.DEFAULT_CAPACITY)
        while (true) {
            val written = buffer.lend { Functions.airudder_kotlin_finished(it, buffer.capacity.toLong()) }
            if (written < 0) {
                buffer = NativeBuffer(Math.toIntExact(-written))
                continue
            }
            // No outcome: the native side cannot wait now.
            if (written == 0L) Thread.sleep(RETRY_AFTER_MS)
            buffer.bytes.clear().limit(written.toInt())
            while (buffer.bytes.hasRemaining()) deliver(buffer.bytes)
            if (buffer.capacity > KEPT) buffer = NativeBuffer(NativeBuffer.DEFAULT_CAPACITY)
        }
    }

    private fun deliver(bytes: ByteBuffer) {
        val waiting = inFlight.remove(bytes.getLong())
        val end = bytes.position() + 1 + Int.SIZE_BYTES + bytes.getInt(bytes.position() + 1)
        try {
            waiting?.resume(Outcome.next(bytes))
        } catch (failed: OutOfMemoryError) {
            // An answer that is too large for this program does not stop the others.
            waiting?.resumeWithException(failed)
        }
        bytes.position(end)
    }

    private fun refusal(state: Int): Exception =
        if (state == NO_SUCH_CLIENT) {
            IllegalStateException("the client was closed")
        } else {
            InternalException(failure("internal", "The system lacks the resources to wait for the network."))
        }

    private const val STARTED = 0
    private const val NO_SUCH_CLIENT = 1

    /** A larger buffer is freed after the answer that needed it. */
    private const val KEPT = 1 shl 20

    private const val RETRY_AFTER_MS = 100L
}
