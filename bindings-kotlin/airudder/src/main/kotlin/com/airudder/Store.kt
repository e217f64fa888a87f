package com.airudder

import com.airudder.internal.Claim
import com.airudder.internal.NativeClient
import com.airudder.internal.NativeReceiver
import com.airudder.internal.NativeStore
import com.airudder.internal.StoreFailure
import com.airudder.internal.StoreInCore
import kotlinx.coroutines.runBlocking
import java.nio.file.Path
import java.util.Objects
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration

/**
 * Remembers which events were handled, by their [Event.key]. It is a [MemoryStore], a [SqliteStore], or one of your own over the database that your
 * program has anyway: a [CustomStore], in Java a [BlockingStore].
 */
public sealed class Store {
    internal abstract fun receiver(client: NativeClient): NativeReceiver
}

/** What a store knows of an event. */
public enum class Begun {
    /** It is new, and claimed by the caller now. */
    NEW,

    /** Another claim on it is live. */
    BUSY,

    /** It was handled. */
    DONE,
}

/**
 * Remembers handled events in the memory of this process, at most 100,000 of them: the oldest go first. After a restart, and in another process, nothing
 * is known; where that matters, take a [SqliteStore] or a store of your own.
 *
 * @param keep for how long; a day by default. AI Rudder's last copy comes about five minutes after the first.
 */
public class MemoryStore(
    keep: Duration,
) : Store() {
    private val store = translating { StoreInCore.memory(unsigned("keep", keep.inWholeMilliseconds)) }

    public constructor() : this(DAY)

    public constructor(keep: java.time.Duration) : this(keep.toKotlinDuration())

    override fun receiver(client: NativeClient): NativeReceiver = client.receiver(store)
}

/**
 * Remembers handled events in an SQLite file, which survives a restart. Several processes of one machine may share it.
 *
 * @param path the file; it is made when there is none
 * @param keep for how long; a day by default. AI Rudder's last copy comes about five minutes after the first.
 * @throws FileException when it cannot be opened
 */
public class SqliteStore(
    path: Path,
    keep: Duration,
) : Store() {
    private val store = translating { StoreInCore.sqlite(path.toString(), unsigned("keep", keep.inWholeMilliseconds)) }

    public constructor(path: Path) : this(path, DAY)

    public constructor(path: Path, keep: java.time.Duration) : this(path, keep.toKotlinDuration())

    override fun receiver(client: NativeClient): NativeReceiver = client.receiver(store)
}

private val DAY = 24.hours

/**
 * A store of your own.
 *
 * A claim has a lease: that of a process that dies lapses, so that AI Rudder's next redelivery is handled. When a function throws, the event is
 * answered with 500 and not handled; the log names the class of what was thrown.
 */
public abstract class CustomStore : Store() {
    /**
     * Claims an event. Decide in one step: of two who ask at the same moment, only one may get [Begun.NEW]. Keep [fence] with the claim: no other claim has
     * it, so it proves whose the claim is. A claim that is older than its lease counts as released.
     */
    public abstract suspend fun begin(
        key: String,
        fence: String,
        lease: Duration,
    ): Begun

    /**
     * Extends the claim to [lease] from now. Called three times within each lease.
     *
     * @return whether the claim still is the one with this [fence]; if not, change nothing
     */
    public abstract suspend fun renew(
        key: String,
        fence: String,
        lease: Duration,
    ): Boolean

    /**
     * Records the event as [Begun.DONE]. Keep that for at least ten minutes, in which AI Rudder may send it again. Called again when it throws.
     *
     * @return whether the claim still was the one with this [fence]; if not, record the event as done only if no other claim on it is live
     */
    public abstract suspend fun finish(
        key: String,
        fence: String,
    ): Boolean

    /** The event was not handled: it is [Begun.NEW] from now on. Change nothing if the claim is not the one with this [fence]. */
    public abstract suspend fun release(
        key: String,
        fence: String,
    )

    override fun receiver(client: NativeClient): NativeReceiver = client.receiverWithOwnStore(StoreCall(this))
}

/** A store of your own whose methods wait, for Java; see [CustomStore] for what each has to do. They are called on threads of their own, on several at once. */
public abstract class BlockingStore : Store() {
    @Throws(Exception::class)
    public abstract fun begin(
        key: String,
        fence: String,
        lease: java.time.Duration,
    ): Begun

    @Throws(Exception::class)
    public abstract fun renew(
        key: String,
        fence: String,
        lease: java.time.Duration,
    ): Boolean

    @Throws(Exception::class)
    public abstract fun finish(
        key: String,
        fence: String,
    ): Boolean

    @Throws(Exception::class)
    public abstract fun release(
        key: String,
        fence: String,
    )

    override fun receiver(client: NativeClient): NativeReceiver = client.receiverWithOwnStore(StoreCall(Waiting(this)))
}

private class Waiting(
    private val store: BlockingStore,
) : CustomStore() {
    // A store in Java may return null.
    override suspend fun begin(
        key: String,
        fence: String,
        lease: Duration,
    ): Begun = Objects.requireNonNull(store.begin(key, fence, lease.toJavaDuration()))

    override suspend fun renew(
        key: String,
        fence: String,
        lease: Duration,
    ): Boolean = store.renew(key, fence, lease.toJavaDuration())

    override suspend fun finish(
        key: String,
        fence: String,
    ): Boolean = store.finish(key, fence)

    override suspend fun release(
        key: String,
        fence: String,
    ) = store.release(key, fence)
}

/** Has the native library call a store, on a thread that may wait. */
private class StoreCall(
    private val store: CustomStore,
) : NativeStore {
    override fun begin(
        key: String,
        fence: String,
        leaseMs: ULong,
    ): Claim =
        asking {
            when (store.begin(key, fence, leaseMs.toLong().milliseconds)) {
                Begun.NEW -> Claim.NEW
                Begun.BUSY -> Claim.BUSY
                Begun.DONE -> Claim.DONE
            }
        }

    override fun renew(
        key: String,
        fence: String,
        leaseMs: ULong,
    ): Boolean = asking { store.renew(key, fence, leaseMs.toLong().milliseconds) }

    override fun finish(
        key: String,
        fence: String,
    ): Boolean = asking { store.finish(key, fence) }

    override fun release(
        key: String,
        fence: String,
    ) = asking { store.release(key, fence) }

    @Suppress("TooGenericExceptionCaught") // whatever a user's code throws
    private fun <T> asking(question: suspend () -> T): T =
        try {
            runBlocking { question() }
        } catch (thrown: Throwable) {
            throw StoreFailure.Threw(thrown.javaClass.name)
        }
}
