package com.airudder.benches

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** A set of libraries that can do some of the jobs. */
interface Contender {
    /** The job, with its client made and signed in. */
    suspend fun job(name: String): Job
}

/** Does something [count] times and returns what was read, to be compared. */
fun interface Job {
    suspend fun run(count: Int): String
}

/** What a job reads of a call. */
class Read(
    val talkDuration: Long,
    val status: String?,
)

/** One call after the other. */
fun calls(read: suspend () -> Read): Job =
    Job { count ->
        withContext(Dispatchers.Default) {
            var (sum, status) = 0L to ""
            repeat(count) {
                val call = read()
                sum += call.talkDuration
                status = call.status.orEmpty()
            }
            "$sum $status"
        }
    }

/** 32 calls at once. */
fun callsAtOnce(read: suspend () -> Read): Job =
    Job { count ->
        val (left, sum) = AtomicInteger(count) to AtomicLong()
        var status = ""
        coroutineScope {
            repeat(AT_ONCE) {
                launch(Dispatchers.Default) {
                    while (left.decrementAndGet() >= 0) {
                        val call = read()
                        sum.addAndGet(call.talkDuration)
                        status = call.status.orEmpty()
                    }
                }
            }
        }
        "$sum $status"
    }

/** Pages of calls: the sum of the seconds that were talked, and the length of all debtors' names. */
fun pages(read: suspend () -> Pair<Long, Int>): Job =
    Job { count ->
        withContext(Dispatchers.Default) {
            var (sum, length) = 0L to 0L
            repeat(count) {
                val (talked, names) = read()
                sum += talked
                length += names
            }
            "$sum $length"
        }
    }

/** Events: the sum of the seconds that were talked, and the number of variables. */
fun events(open: () -> Pair<Long, Int>): Job =
    Job { count ->
        var (sum, variables) = 0L to 0L
        repeat(count) {
            val (talked, named) = open()
            sum += talked
            variables += named
        }
        "$sum $variables"
    }

const val AT_ONCE: Int = 32

/** The encryption key that AI Rudder's documentation has in its examples, which is the server's too. */
const val ENCRYPTION_KEY: String = "airudderredduria"

fun unknown(job: String): Nothing = error("this contender does not do $job")
