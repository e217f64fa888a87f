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

/** The functions of the native library that take nothing but numbers: for these, JNA has nothing to convert. */
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

/** Memory that the native library reads and writes. */
private class Slate(
    val capacity: Int,
) {
    /** Not Java's own, of which there may be much less than an answer needs. */
    private val memory = Memory(capacity.toLong())
    val address: Long = Pointer.nativeValue(memory)
    val bytes: ByteBuffer = memory.getByteBuffer(0, capacity.toLong()).order(ByteOrder.BIG_ENDIAN)

    companion object {
        const val USUAL = 1 shl 14
        private val own = ThreadLocal.withInitial { Slate(USUAL) }

        /** This thread's own, unless more is needed. */
        fun ofAtLeast(size: Int): Slate = if (size <= USUAL) own.get() else Slate(size)
    }
}

/** What became of a call, or of an event. */
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

/** The short way to the native library for what programs do most; see `direct.rs` there. */
internal object Direct {
    private val numbers = AtomicLong()
    private val inFlight = ConcurrentHashMap<Long, CancellableContinuation<Outcome>>()

    init {
        library
        // A program does not stay for it, and it holds nothing that would have to be put away.
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
                val slate = Slate.ofAtLeast(text.size)
                slate.bytes.clear().put(text)
                val state = Functions.airudder_kotlin_start(client, call, slate.address, text.size)
                Reference.reachabilityFence(slate)
                if (state != STARTED) {
                    inFlight.remove(call)
                    throw refusal(state)
                }
                // Given up before it was there to be cancelled.
                if (continuation.isCancelled) Functions.airudder_kotlin_cancel(call)
            }
        return outcome.get()
    }

    /** Opens an event; the answer is its kind, its key, and its data as JSON text, with line breaks between them. */
    fun unwrap(
        client: Long,
        body: ByteArray,
        head: ByteArray,
    ): ByteArray {
        var (slate, written) = Slate.ofAtLeast(2 * (head.size + body.size)) to 0L
        while (written <= 0) {
            slate.bytes
                .clear()
                .put(head)
                .put(body)
            written = Functions.airudder_kotlin_unwrap(client, slate.address, slate.capacity.toLong(), head.size, body.size)
            Reference.reachabilityFence(slate)
            if (written == 0L) throw refusal(NO_SUCH_CLIENT)
            if (written < 0) slate = Slate.ofAtLeast(Math.toIntExact(-written))
        }
        slate.bytes.clear().position(Long.SIZE_BYTES)
        return Outcome.next(slate.bytes).get()
    }

    /** Waits for calls to finish, and goes on with the coroutines that wait for them. */
    private fun fetch() {
        var slate = Slate(Slate.USUAL)
        while (true) {
            val written = Functions.airudder_kotlin_finished(slate.address, slate.capacity.toLong())
            Reference.reachabilityFence(slate)
            if (written < 0) {
                slate = Slate(Math.toIntExact(-written))
                continue
            }
            slate.bytes.clear().limit(written.toInt())
            while (slate.bytes.hasRemaining()) deliver(slate.bytes)
            if (slate.capacity > KEPT) slate = Slate(Slate.USUAL)
        }
    }

    private fun deliver(bytes: ByteBuffer) {
        val waiting = inFlight.remove(bytes.getLong())
        val end = bytes.position() + 1 + Int.SIZE_BYTES + bytes.getInt(bytes.position() + 1)
        try {
            waiting?.resume(Outcome.next(bytes))
        } catch (failed: OutOfMemoryError) {
            // One answer that is too large for this program must not keep the others from coming.
            waiting?.resumeWithException(failed)
        }
        bytes.position(end)
    }

    private fun refusal(state: Int): Exception =
        if (state == NO_SUCH_CLIENT) {
            IllegalStateException("the client was closed")
        } else {
            InternalException(failure("internal", "The system gives nothing to wait for the network with."))
        }

    private const val STARTED = 0
    private const val NO_SUCH_CLIENT = 1

    /** Memory beyond this is given back after one large answer. */
    private const val KEPT = 1 shl 20
}
