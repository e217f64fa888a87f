package com.airudder.benches

import com.sun.management.OperatingSystemMXBean
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import java.lang.management.ManagementFactory
import kotlin.system.exitProcess

/**
 * Does the jobs that stand on the lines of the standard input, and says on a line of JSON each how long it took.
 *
 * `java -cp '<jars>' com.airudder.benches.MainKt <contender> <base URL>`
 */
fun main(arguments: Array<String>) {
    val (name, url) = arguments
    val contender =
        when (name) {
            "airudder" -> AiRudderContender(url)
            "okhttp" -> OkHttpContender(url)
            "ktor" -> KtorContender(url)
            "jce" -> JceContender(url)
            else -> error("no contender is called $name")
        }
    val jobs = mutableMapOf<String, Job>()
    for (line in generateSequence(::readlnOrNull)) {
        val (job, count) = line.split(' ')
        println(measured(jobs.getOrPut(job) { runBlocking { contender.job(job) } }, count.toInt()))
    }
    // Connections that are kept alive have threads.
    exitProcess(0)
}

private fun measured(
    job: Job,
    count: Int,
): String {
    val process = ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean
    System.gc()
    val (cpu, start) = process.processCpuTime to System.nanoTime()
    val check = runBlocking { job.run(count) }
    val (seconds, used) = (System.nanoTime() - start) / 1e9 to (process.processCpuTime - cpu) / 1e9
    return """{"seconds": $seconds, "cpu": $used, "check": ${Json.encodeToString(JsonPrimitive(check))}}"""
}
