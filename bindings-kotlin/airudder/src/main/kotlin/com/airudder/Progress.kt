package com.airudder

import com.airudder.internal.NativeListener
import com.airudder.internal.NativeProgress
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.job
import java.nio.file.Path

/**
 * How far a download is.
 *
 * @property path where the file will stand
 * @property bytes how many bytes of it are there, with those of a download that it resumes; fewer than before if it begins anew
 * @property totalBytes how many bytes it will have, if the server said so
 * @property file which file of the call it is, from 1
 * @property files how many files the call has
 */
public data class DownloadProgress(
    public val path: Path,
    public val bytes: Long,
    public val totalBytes: Long?,
    public val file: Long,
    public val files: Long,
)

/** Hears how far a download is: for each file when it begins, about ten times a second, and when it is complete. */
public fun interface ProgressListener {
    /** Runs on a thread of the native library, between two chunks of the file: a slow one slows the download down. What it throws ends the download. */
    public fun onProgress(progress: DownloadProgress)
}

/** A download that the listener hears of. */
internal suspend fun <T> listened(
    listener: ProgressListener?,
    download: suspend (NativeListener?) -> T,
): T {
    if (listener == null) return calling { download(null) }
    return coroutineScope {
        var thrown: Throwable? = null
        val call =
            async {
                val job = coroutineContext.job
                val native =
                    Listener(listener) {
                        thrown = it
                        job.cancel()
                    }
                calling { download(native) }
            }
        try {
            call.await()
        } catch (failed: Throwable) {
            throw thrown ?: failed
        }
    }
}

/** Passes on what the listener throws, and then nothing more to it. */
private class Listener(
    private val listener: ProgressListener,
    private val fail: (Throwable) -> Unit,
) : NativeListener {
    @Volatile
    private var isOver = false

    override fun hear(progress: NativeProgress) {
        if (isOver) return
        try {
            listener.onProgress(
                DownloadProgress(Path.of(progress.path), progress.bytes, progress.totalBytes, progress.file, progress.files),
            )
        } catch (thrown: Throwable) {
            isOver = true
            fail(thrown)
        }
    }
}
