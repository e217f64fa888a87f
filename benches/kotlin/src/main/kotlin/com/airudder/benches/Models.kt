package com.airudder.benches

import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json

/** The envelope of every answer. */
@Serializable
class Envelope<T>(
    val code: Int,
    val status: String? = null,
    val message: String? = null,
    val data: T? = null,
)

@Serializable
class Token(
    val token: String,
)

@Serializable
class SignIn(
    @SerialName("APPKey") val appKey: String,
    @SerialName("APPSecret") val appSecret: String,
)

@Serializable
data class CallRow(
    @SerialName("callid") val callId: String? = null,
    @SerialName("taskid") val taskId: String? = null,
    val callee: String? = null,
    val caller: String? = null,
    @SerialName("caseid") val caseId: String? = null,
    @SerialName("calltime") val callTime: String? = null,
    @SerialName("answertime") val answerTime: String? = null,
    @SerialName("endtime") val endTime: String? = null,
    @SerialName("ringduration") val ringDuration: Long? = null,
    @SerialName("talkduration") val talkDuration: Long? = null,
    val status: String? = null,
    val intention: String? = null,
    val debtor: String? = null,
    val arrears: String? = null,
)

@Serializable
data class TaskRows(
    @SerialName("taskid") val taskId: String? = null,
    @SerialName("taskname") val taskName: String? = null,
    val status: String? = null,
    val total: Long? = null,
    val finished: Long? = null,
    val calls: List<CallRow> = emptyList(),
)

@Serializable
data class FinishedCall(
    @SerialName("callid") val callId: String? = null,
    @SerialName("taskid") val taskId: String? = null,
    @SerialName("taskname") val taskName: String? = null,
    val callee: String? = null,
    val caller: String? = null,
    @SerialName("caseid") val caseId: String? = null,
    @SerialName("calltime") val callTime: String? = null,
    @SerialName("answertime") val answerTime: String? = null,
    @SerialName("endtime") val endTime: String? = null,
    @SerialName("ringduration") val ringDuration: Long? = null,
    @SerialName("talkduration") val talkDuration: Long? = null,
    @SerialName("talkround") val talkRound: Long? = null,
    val status: String? = null,
    val intention: String? = null,
    val hangup: String? = null,
    val recording: String? = null,
    val variables: Map<String, String> = emptyMap(),
)

/** AI Rudder adds fields without asking. */
val json: Json = Json { ignoreUnknownKeys = true }

/** The answer proper of a text that came. */
fun <T> data(
    text: String,
    serializer: KSerializer<Envelope<T>>,
): T = json.decodeFromString(serializer, text).proper()

fun <T> Envelope<T>.proper(): T {
    check(code == 200) { "the server answered with code $code: $message" }
    return checkNotNull(data) { "an answer without data" }
}

fun CallRow.read(): Read = Read(talkDuration ?: 0, status)

fun TaskRows.sums(): Pair<Long, Int> = calls.sumOf { it.talkDuration ?: 0 } to calls.sumOf { it.debtor?.length ?: 0 }
